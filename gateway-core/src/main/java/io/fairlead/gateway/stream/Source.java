package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.upstream.socket.BackOff;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.time.Scheduler;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One way in which the heads of one upstream may be learnt, and how it fares.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class Source implements HeadSource.Listener {
  private static final int SILENT_BLOCKS = 3;
  private static final long LEAST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LEAST_GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long MOST_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FIRST_HOLD_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LONGEST_HOLD_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Upstream upstream;
  private final boolean isPush;
  private final Hub hub;
  private final BackOff holds;
  private @Nullable HeadSource heads;
  private boolean isLive;
  private boolean isDown;
  private long newestNumber = -1;
  private String newestHash = "";
  private long newsAtNanos;
  private long heldUntilNanos;
  private boolean isDoubted;
  private boolean isBehind;
  private long behindSinceNanos;
  private boolean isLeaving;
  private long leavingSinceNanos;

  /** Whom sources report to. */
  interface Hub {
    /** The clock. */
    Scheduler scheduler();

    /** Makes the source's ears. */
    HeadSource newHeads(Source source);

    /**
     * A head came from a source that is live.
     *
     * @param isProgress whether it has told another one before
     */
    void onHead(Source source, Header head, boolean isProgress);

    /** A source went live or down. */
    void onChanged(Source source);
  }

  Source(Upstream upstream, boolean isPush, Hub hub, RandomGenerator random) {
    this.upstream = upstream;
    this.isPush = isPush;
    this.hub = hub;
    this.holds = new BackOff(FIRST_HOLD_NANOS, LONGEST_HOLD_NANOS, random);
    this.heldUntilNanos = hub.scheduler().nanoTime();
  }

  Upstream upstream() {
    return upstream;
  }

  boolean isPush() {
    return isPush;
  }

  /** Whether it is listened to, or tried. */
  boolean isRunning() {
    return heads != null;
  }

  StreamView view() {
    return new StreamView(upstream, isPush, newestNumber);
  }

  /** Whether heads come from it now. */
  boolean isLive() {
    return isLive;
  }

  /** Whether it was tried and does not work now; it goes on trying. */
  boolean isDown() {
    return isDown;
  }

  /** Whether it is left alone for a while. */
  boolean isHeld() {
    return heldUntilNanos - hub.scheduler().nanoTime() > 0;
  }

  /** Whether it was held and has not told anything new since. */
  boolean isDoubted() {
    return isDoubted;
  }

  /** The height of its newest block since it began, -1 if none has come. */
  long newestNumber() {
    return newestNumber;
  }

  /** When it last told a block that it had not told before, or went live. */
  long newsAtNanos() {
    return newsAtNanos;
  }

  /**
   * Whether it has been silent for longer than others allow: three times the time between blocks
   * without a block of its own, while another told a higher one half a block time ago, or 5 s.
   *
   * @param othersNumber the highest block that others have told, -1 for none
   * @param blockTimeNanos between blocks, as measured
   */
  boolean isSilent(long othersNumber, long blockTimeNanos) {
    long now = hub.scheduler().nanoTime();
    if (!isLive || othersNumber <= newestNumber) {
      isBehind = false;
      return false;
    }
    if (!isBehind) {
      isBehind = true;
      behindSinceNanos = now;
    }
    return now - newsAtNanos >= patienceNanos(blockTimeNanos)
        && now - behindSinceNanos >= graceNanos(blockTimeNanos);
  }

  /** How long another must have told a higher block; less than a source that leaves is kept. */
  private static long graceNanos(long blockTimeNanos) {
    return Math.max(LEAST_GRACE_NANOS, Math.min(MOST_GRACE_NANOS, blockTimeNanos / 2));
  }

  /** How long nothing new must come before a source counts as silent. */
  static long patienceNanos(long blockTimeNanos) {
    return Math.max(LEAST_PATIENCE_NANOS, SILENT_BLOCKS * blockTimeNanos);
  }

  /** It is not wanted any more; for how long, in nanoseconds. */
  long leave() {
    long now = hub.scheduler().nanoTime();
    if (!isLeaving) {
      isLeaving = true;
      leavingSinceNanos = now;
    }
    return now - leavingSinceNanos;
  }

  /** It is wanted. */
  void stay() {
    isLeaving = false;
  }

  void open() {
    HeadSource opened = hub.newHeads(this);
    heads = opened;
    isDown = false;
    opened.open();
  }

  void close() {
    HeadSource closed = heads;
    if (closed != null) {
      heads = null;
      isLive = false;
      isDown = false;
      isBehind = false;
      isLeaving = false;
      newestNumber = -1;
      newestHash = "";
      closed.close();
    }
  }

  /** Leaves it alone for a while, longer each time until it has told something new. */
  void hold() {
    heldUntilNanos = hub.scheduler().nanoTime() + holds.nextNanos();
    isDoubted = true;
  }

  @Override
  public void onLive() {
    isLive = true;
    isDown = false;
    newsAtNanos = hub.scheduler().nanoTime();
    hub.onChanged(this);
  }

  @Override
  public void onHead(Header head) {
    if (!isLive) {
      return;
    }
    boolean isProgress = newestNumber >= 0 && !head.hash().equals(newestHash);
    if (isProgress) {
      holds.reset();
      isDoubted = false;
    }
    if (!head.hash().equals(newestHash)) {
      newestHash = head.hash();
      newestNumber = head.number();
      newsAtNanos = hub.scheduler().nanoTime();
    }
    hub.onHead(this, head, isProgress);
  }

  @Override
  public void onDown(String reason) {
    isLive = false;
    isDown = true;
    newestNumber = -1;
    newestHash = "";
    hub.onChanged(this);
  }

  @Override
  public void onRefused(String reason) {
    hold();
    onDown(reason);
  }

  @Override
  public String toString() {
    return upstream + (isPush ? " (pushes)" : " (polled)");
  }
}
