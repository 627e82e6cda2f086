package io.fairlead.gateway.logs;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the upstreams of a chain have been found to take of a log query.
 *
 * <p><b>Three limits.</b> Providers bound the blocks that a query spans, whatever it asks; the
 * results that it gives, so that the blocks which fit depend on what is asked; and the alternatives
 * (addresses, topics) that it lists. The first and the third are kept for each upstream, the second
 * for each upstream and query, by the query's fingerprint.
 *
 * <p><b>Learning.</b> A refusal that names the limit is believed ("told"). One that does not halves
 * what was asked, so that a fixed limit is found to a factor of two in as many refusals as there
 * are halvings. A limit found for a query's density moves on: half after a refusal, a tenth more
 * after each answer that reached it, since density differs along the chain.
 *
 * <p><b>Forgetting.</b> Providers change limits, and a guess may have been too low, so a limit
 * doubles after each {@link #TOLD_HOLD_NANOS} or {@link #GUESSED_HOLD_NANOS} in which nothing spoke
 * for it, until it is no limit any more. If it still holds, that costs one refusal each time.
 *
 * <p>Bounds: {@link #MOST_QUERIES} queries an upstream; when there are more, what is known of
 * queries is forgotten, which costs refusals and nothing else.
 *
 * <p>Thread-safety: safe, without locks; all event loops learn together.
 */
public final class LogLimits {
  /** No limit known. */
  static final long NONE = Long.MAX_VALUE;

  /** After so long a limit that was named is tried at twice its size. */
  static final long TOLD_HOLD_NANOS = TimeUnit.HOURS.toNanos(1);

  /** After so long a limit that was guessed is tried at twice its size. */
  static final long GUESSED_HOLD_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final int MOST_QUERIES = 512;

  private final Map<String, OfUpstream> upstreams = new ConcurrentHashMap<>();

  /** Nothing known yet. */
  public LogLimits() {}

  /**
   * A limit.
   *
   * @param most how much is taken, 1 or more
   * @param isTold whether the upstream named it
   * @param atNanos when it was last found true
   */
  private record Learnt(long most, boolean isTold, long atNanos) {
    long now(long nowNanos) {
      long hold = isTold ? TOLD_HOLD_NANOS : GUESSED_HOLD_NANOS;
      long doublings = Math.max(0, (nowNanos - atNanos) / hold);
      return doublings > Long.numberOfLeadingZeros(most) - 2 ? NONE : most << doublings;
    }
  }

  private static final class OfUpstream {
    private final AtomicReference<@Nullable Learnt> blocks = new AtomicReference<>();
    private final AtomicReference<@Nullable Learnt> alternatives = new AtomicReference<>();
    private final Map<Long, Learnt> queries = new ConcurrentHashMap<>();
  }

  /**
   * How many blocks a query may span.
   *
   * @param upstream the upstream's id
   * @param query the query's fingerprint
   * @return 1 or more, or {@link #NONE}
   */
  long blocks(String upstream, long query, long nowNanos) {
    OfUpstream of = upstreams.get(upstream);
    if (of == null) {
      return NONE;
    }
    return Math.min(now(of.blocks.get(), nowNanos), now(of.queries.get(query), nowNanos));
  }

  /**
   * How many alternatives a list may have.
   *
   * @param upstream the upstream's id
   * @return 1 or more, or {@link #NONE}
   */
  long alternatives(String upstream, long nowNanos) {
    OfUpstream of = upstreams.get(upstream);
    return of == null ? NONE : now(of.alternatives.get(), nowNanos);
  }

  private static long now(@Nullable Learnt learnt, long nowNanos) {
    return learnt == null ? NONE : learnt.now(nowNanos);
  }

  /**
   * A query spanned too many blocks whatever it asked.
   *
   * @param asked how many
   * @param told how many the upstream says that it takes, or -1
   */
  void onTooManyBlocks(String upstream, long asked, long told, long nowNanos) {
    of(upstream).blocks.updateAndGet(before -> lowered(before, asked, told, nowNanos));
  }

  /**
   * A list had too many alternatives.
   *
   * @param asked how many
   * @param told how many the upstream says that it takes, or -1
   */
  void onTooManyAlternatives(String upstream, long asked, long told, long nowNanos) {
    of(upstream).alternatives.updateAndGet(before -> lowered(before, asked, told, nowNanos));
  }

  private static Learnt lowered(@Nullable Learnt before, long asked, long told, long nowNanos) {
    if (told > 0 && told < asked) {
      return new Learnt(told, true, nowNanos);
    }
    long half = Math.max(1, asked / 2);
    if (before != null && before.now(nowNanos) <= half) {
      return before;
    }
    return new Learnt(half, false, nowNanos);
  }

  /**
   * A query would have given too much.
   *
   * @param query the query's fingerprint
   * @param fits how many blocks of it are worth trying now
   */
  void onTooDense(String upstream, long query, long fits, long nowNanos) {
    OfUpstream of = of(upstream);
    if (of.queries.size() >= MOST_QUERIES) {
      of.queries.clear();
    }
    of.queries.put(query, new Learnt(Math.max(1, fits), false, nowNanos));
  }

  /**
   * An upstream answered.
   *
   * @param query the query's fingerprint
   * @param asked how many blocks it spanned
   */
  void onServed(String upstream, long query, long asked, long nowNanos) {
    OfUpstream of = upstreams.get(upstream);
    if (of == null) {
      return;
    }
    Learnt blocks = of.blocks.get();
    if (blocks != null && asked > blocks.most) {
      of.blocks.compareAndSet(blocks, new Learnt(asked, blocks.isTold, nowNanos));
    }
    of.queries.computeIfPresent(
        query,
        (q, dense) ->
            asked < dense.most ? dense : new Learnt(asked + (asked + 9) / 10, false, nowNanos));
  }

  private OfUpstream of(String upstream) {
    return upstreams.computeIfAbsent(upstream, id -> new OfUpstream());
  }
}
