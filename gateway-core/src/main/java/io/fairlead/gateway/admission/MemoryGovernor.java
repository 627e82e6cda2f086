package io.fairlead.gateway.admission;

import java.util.concurrent.TimeUnit;

/**
 * Keeps what buffers hold outside the heap under a bound, as far as clients are its cause.
 *
 * <p><b>Idea.</b> Memory is taken by requests that are not whole yet and by answers that clients do
 * not take. So the first thing is to take in nothing more, while answers go on and give back what
 * they hold; then to let go of connections; at last to refuse ({@link MemoryStage}). Alone the
 * first could stand still: where unfinished requests hold everything, none gets whole unless it is
 * read. Therefore what is held in excess is given up, the largest unfinished requests first: at
 * once in the last stage, and in those before it if reading has been stopped for {@link
 * #PATIENCE_NANOS} and nothing came of it.
 *
 * <p><b>Bounds.</b> Between two looks what is held grows by what the loops read, at most a
 * sixty-fourth of the bound each before they look again, and by what upstreams answer. When reading
 * stops, each connection that has become readable in the same turn is still read once. Whoever
 * sends little or takes all of an answer is never let go. Each loop gives up its part of the
 * excess, so that together they do not give up several times as much.
 *
 * <p><b>Cost.</b> A look asks the allocator, which goes over its chunks: microseconds, some ten
 * times a second, and a hundred times when more than half of the bound is held.
 *
 * <p><b>Deviation.</b> Envoy's overload manager maps resource monitors to actions by configurable
 * thresholds and resets the streams with the largest buffers by size class; the stages here are
 * fixed, with a slack so that they do not flutter.
 *
 * <p>Thread-safety: confined to the event loop.
 *
 * <p>Source: Envoy documentation, "Overload manager"; HAProxy documentation, {@code
 * tune.memory.hot-size} and {@code maxconn}.
 */
final class MemoryGovernor {
  /** How long reading may be stopped in vain. */
  static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** From here on memory is looked at often. */
  private static final double WATCHED = 0.5;

  private static final double RELEASE_TO = MemoryStage.HELD.from() - 2 * MemoryStage.SLACK;

  private final MemoryUse memory;
  private final int loops;
  private MemoryStage stage = MemoryStage.NORMAL;
  private double share;
  private long heldSinceNanos;

  /**
   * A governor.
   *
   * @param loops how many event loops have one each for the same memory
   */
  MemoryGovernor(MemoryUse memory, int loops) {
    this.memory = memory;
    this.loops = loops;
  }

  /** Looks at memory and says what is to be done from now on. */
  MemoryStage look(long nowNanos) {
    share = memory.share();
    if (stage == MemoryStage.NORMAL) {
      heldSinceNanos = nowNanos;
    }
    stage = stage.next(share);
    return stage;
  }

  /** What was to be done since the last look. */
  MemoryStage stage() {
    return stage;
  }

  /** Whether the next look should come soon. */
  boolean isWatchful() {
    return share >= WATCHED || stage != MemoryStage.NORMAL;
  }

  /** After how many bytes read there is to be another look. */
  long lookBytes() {
    return memory.boundBytes() >> 6;
  }

  /** What of this loop's unfinished requests is to be given up now, in bytes; 0 for nothing. */
  long excessBytes(long nowNanos) {
    boolean isInVain = stage != MemoryStage.NORMAL && nowNanos - heldSinceNanos >= PATIENCE_NANOS;
    if (stage != MemoryStage.REFUSING && !isInVain) {
      return 0;
    }
    return (long) Math.max(0, (share - RELEASE_TO) * memory.boundBytes() / loops);
  }

  /** What is held now, for people: a share of the bound. */
  String shown() {
    return Math.round(share * 100) + "% of " + (memory.boundBytes() >> 20) + " MiB (limits.memory)";
  }
}
