package io.fairlead.gateway.freshness;

import io.fairlead.probes.AgreedHeads;
import io.fairlead.routing.Upstream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Where everybody stands on one chain: what is agreed, and how far each upstream was seen.
 *
 * <p><b>Seen and credited.</b> The control thread knows of a head by a probe about once a block;
 * the event loops see heads in answers all the time, and write them here at once. Between two looks
 * an upstream is credited with the blocks that the chain makes meanwhile, but never beyond the
 * agreed head: who was at the head a block's time ago is most likely there now, and if it is not,
 * it says so ("header not found") and another is asked. What must not go wrong silently goes by
 * what was seen alone.
 *
 * <p><b>Liars.</b> A height is believed up to a bound above the agreed head: a few blocks, and
 * twice what the chain may have made since that was agreed. What is above is not written down and
 * raises no client's floor, so that one liar cannot make all others look late; unless two upstreams
 * say so in one call, as on a development chain that makes blocks faster than it was said to. Where
 * nothing is agreed, nothing is implausible.
 *
 * <p><b>Falls.</b> A probe that finds an upstream lower than it was seen counts when the sighting
 * is older than the probe could be. The chain <i>started over</i> when for a while every upstream's
 * last word was below a height that was agreed before, as when a development chain is reset; then
 * clients' floors mean nothing any more.
 *
 * <p>Thread-safety: safe; {@link #publish}, {@link #onProbed} and {@link #hasStartedOver} belong to
 * the control thread.
 */
public final class HeadBoard {
  private static final long SLACK_BLOCKS = 4;
  private static final long LEAST_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long ON_ITS_WAY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long WANT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final long blockTimeNanos;
  private final long windowNanos;
  private final Wishes wishes;
  private final Fall fall;
  private final AtomicLong corroborated = new AtomicLong(-1);
  private final AtomicLong wantedNanos = new AtomicLong(Long.MIN_VALUE);
  private volatile ChainHeads heads = ChainHeads.NONE;
  private volatile long lastBlockNanos = Long.MAX_VALUE;
  private volatile @Nullable Cell[] cells = new @Nullable Cell[0];

  /** One upstream's sighting. */
  private static final class Cell {
    private static final AtomicReferenceFieldUpdater<Cell, Sighting> SIGHTING =
        AtomicReferenceFieldUpdater.newUpdater(Cell.class, Sighting.class, "sighting");

    private volatile Sighting sighting = Sighting.NONE;

    boolean tryReplace(Sighting before, Sighting after) {
      return SIGHTING.compareAndSet(this, before, after);
    }
  }

  /** Hears what event loops would like to know; called on any thread. */
  @FunctionalInterface
  public interface Wishes {
    /**
     * A client waits for a block that nobody who could serve it is known to have.
     *
     * @param number the block's height
     */
    void onHeadWanted(long number);
  }

  /**
   * An empty board.
   *
   * @param blockTimeNanos the chain's usual time between blocks
   * @param wishes told at most ten times a second
   */
  public HeadBoard(long blockTimeNanos, Wishes wishes) {
    this.blockTimeNanos = blockTimeNanos;
    this.windowNanos = Math.max(2 * blockTimeNanos, LEAST_WINDOW_NANOS);
    this.wishes = wishes;
    this.fall = new Fall(Math.max(5 * blockTimeNanos, TimeUnit.SECONDS.toNanos(5)));
  }

  /** What is agreed now. */
  public ChainHeads heads() {
    return heads;
  }

  /** The time between blocks, in nanoseconds. */
  public long blockTimeNanos() {
    return blockTimeNanos;
  }

  /** The usual time between blocks, or that of the last ones if they came quicker. */
  long leastBlockNanos() {
    return Math.min(blockTimeNanos, lastBlockNanos);
  }

  /** The highest block that an upstream was seen at, -1 if none. */
  long seen(Upstream upstream) {
    return sighting(upstream).number();
  }

  Sighting sighting(Upstream upstream) {
    Cell cell = cellOrNull(upstream.slot());
    return cell == null ? Sighting.NONE : cell.sighting;
  }

  /** Where an upstream most likely stands, -1 if nothing is known of it. */
  long credited(Upstream upstream, long nowNanos) {
    Sighting sighting = sighting(upstream);
    long number = sighting.number();
    long agreed = heads.latest();
    if (number < 0 || number >= agreed) {
      return number;
    }
    long onItsWayNanos = Math.min(blockTimeNanos / 2, ON_ITS_WAY_NANOS);
    long creditNanos = Math.min(nowNanos - sighting.sinceNanos(), windowNanos) - onItsWayNanos;
    return Math.min(agreed, number + Math.max(0, creditNanos) / blockTimeNanos);
  }

  /** Whether somebody may honestly be at a height by now. */
  boolean isPlausible(long number, long nowNanos) {
    ChainHeads now = heads;
    if (now.latest() < 0 || number <= corroborated.get() + SLACK_BLOCKS) {
      return true;
    }
    long sinceNanos = Math.max(0, Math.min(nowNanos - now.sinceNanos(), windowNanos));
    return number <= now.latest() + SLACK_BLOCKS + 2 * sinceNanos / blockTimeNanos;
  }

  /**
   * An upstream showed its newest block.
   *
   * @param upstream which
   * @param number the block's height; ignored if it is not plausible
   * @param sinceNanos an instant at which it had it, as when the answered call began
   * @param nowNanos monotonic time
   */
  public void onSeen(Upstream upstream, long number, long sinceNanos, long nowNanos) {
    note(upstream, new Sighting(number, sinceNanos, true), nowNanos);
  }

  /**
   * An upstream showed that it has a block, and others above it perhaps: what is known of it
   * changes only if that is higher.
   *
   * @param upstream which
   * @param number the block's height; ignored if it is not plausible
   * @param sinceNanos an instant at which it had it, as when the answered call began
   * @param nowNanos monotonic time
   */
  void onHad(Upstream upstream, long number, long sinceNanos, long nowNanos) {
    note(upstream, new Sighting(number, sinceNanos, false), nowNanos);
  }

  private void note(Upstream upstream, Sighting now, long nowNanos) {
    Cell cell = cell(upstream.slot());
    Sighting before = cell.sighting;
    while (isNews(before, now)
        && isPlausible(now.number(), nowNanos)
        && !cell.tryReplace(before, now)) {
      before = cell.sighting;
    }
  }

  private static boolean isNews(Sighting before, Sighting now) {
    if (now.number() != before.number()) {
      return now.number() > before.number();
    }
    boolean isNewer = now.sinceNanos() - before.sinceNanos() > REFRESH_NANOS;
    return now.isHead() && (isNewer || !before.isHead());
  }

  /**
   * Two upstreams have shown that they are at a height, however far that is.
   *
   * @param number the height that both have reached
   */
  void onCorroborated(long number) {
    corroborated.accumulateAndGet(number, Math::max);
  }

  /**
   * An upstream answered a probe with its head.
   *
   * @param upstream which
   * @param number its newest block
   * @param sinceNanos when it was asked, at the earliest
   * @param nowNanos monotonic time
   */
  public void onProbed(Upstream upstream, long number, long sinceNanos, long nowNanos) {
    Cell cell = cell(upstream.slot());
    Sighting before = cell.sighting;
    boolean isFall = number < before.number() && sinceNanos - before.sinceNanos() > 0;
    if (isFall) {
      cell.tryReplace(before, new Sighting(number, sinceNanos, true));
    } else {
      onSeen(upstream, number, sinceNanos, nowNanos);
    }
  }

  /**
   * An upstream is configured otherwise and has another slot: what was seen of it holds.
   *
   * @param upstream as it is now
   * @param before as it was, the same node
   */
  public void inherit(Upstream upstream, Upstream before) {
    cell(upstream.slot()).tryReplace(Sighting.NONE, sighting(before));
  }

  /**
   * What is agreed changed.
   *
   * @param agreed what is agreed now
   * @param nowNanos monotonic time
   */
  public void publish(AgreedHeads agreed, long nowNanos) {
    ChainHeads before = heads;
    boolean isSame = agreed.latest() == before.latest();
    long blocks = before.latest() < 0 ? 0 : agreed.latest() - before.latest();
    if (blocks > 0) {
      lastBlockNanos = (nowNanos - before.sinceNanos()) / blocks;
    }
    heads = new ChainHeads(agreed, isSame ? before.sinceNanos() : nowNanos);
  }

  /**
   * Looks whether the chain started over; to be asked after every probe.
   *
   * @param upstreams all that are configured
   * @param nowNanos monotonic time
   * @return true once for each time
   */
  public boolean hasStartedOver(List<Upstream> upstreams, long nowNanos) {
    long highest = -1;
    for (Upstream upstream : upstreams) {
      highest = Math.max(highest, seen(upstream));
    }
    boolean isOver = fall.isOver(highest, nowNanos);
    if (isOver) {
      corroborated.set(-1);
    }
    return isOver;
  }

  /**
   * Asks for a look at the heads of those that are not known to have a block.
   *
   * @param number the block's height
   * @param nowNanos monotonic time
   */
  void want(long number, long nowNanos) {
    long before = wantedNanos.get();
    boolean isDue = before == Long.MIN_VALUE || nowNanos - before >= WANT_NANOS;
    if (isDue && wantedNanos.compareAndSet(before, nowNanos)) {
      wishes.onHeadWanted(number);
    }
  }

  private @Nullable Cell cellOrNull(int slot) {
    @Nullable Cell[] present = cells;
    return slot < present.length ? present[slot] : null;
  }

  private Cell cell(int slot) {
    Cell present = cellOrNull(slot);
    return present != null ? present : addCell(slot);
  }

  private synchronized Cell addCell(int slot) {
    @Nullable Cell[] present = cells;
    Cell made = slot < present.length ? present[slot] : null;
    if (made == null) {
      made = new Cell();
      @Nullable Cell[] longer = Arrays.copyOf(present, Math.max(present.length, slot + 1));
      longer[slot] = made;
      cells = longer;
    }
    return made;
  }
}
