package io.fairlead.gateway.client;

import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One client of one chain, and what it was told of the chain.
 *
 * <p><b>Floors.</b> For each {@link HeadTag} the highest block that an answer showed to the client,
 * or that an answer was made from. An answer from before its floor would make the chain go back.
 *
 * <p><b>Writes.</b> The client's last transactions that were accepted, and by whom. Until a receipt
 * was seen or some time has passed, only those upstreams are sure to know them.
 *
 * <p>Bounds: at most {@link #MOST_WRITES} transactions are remembered, the newest.
 *
 * <p>Thread-safety: safe; used on all event loops. Floors only rise, unless the chain starts over;
 * only a change of the writes, which is rare, takes a lock.
 */
public final class Client {
  /** What a floor is before the client was told anything. */
  public static final long NOTHING = -1;

  /** Transactions remembered at the same time. */
  public static final int MOST_WRITES = 16;

  private final AtomicLong latest;
  private final AtomicLong safe = new AtomicLong(NOTHING);
  private final AtomicLong finalized = new AtomicLong(NOTHING);
  private volatile List<Write> writes = List.of();
  private volatile @Nullable PinnedRead pinnedRead;

  /**
   * A client that was told nothing.
   *
   * @param latest the floor to begin with, {@link #NOTHING} for none
   */
  public Client(long latest) {
    this.latest = new AtomicLong(latest);
  }

  /**
   * The highest block that the client was told of.
   *
   * @param tag by which name
   * @return its number, or {@link #NOTHING}
   */
  public long floor(HeadTag tag) {
    return cell(tag).get();
  }

  /**
   * The client is told of a block.
   *
   * @param tag by which name
   * @param number the block's number
   */
  public void raise(HeadTag tag, long number) {
    AtomicLong cell = cell(tag);
    long before = cell.get();
    while (number > before && !cell.compareAndSet(before, number)) {
      before = cell.get();
    }
  }

  /** The chain started over: what the client was told means nothing any more. */
  void startOver() {
    latest.set(NOTHING);
    safe.set(NOTHING);
    finalized.set(NOTHING);
    pinnedRead = null;
  }

  private AtomicLong cell(HeadTag tag) {
    return switch (tag) {
      case LATEST -> latest;
      case SAFE -> safe;
      case FINALIZED -> finalized;
    };
  }

  /**
   * Upstreams accepted a transaction of the client; to be said again when further ones do.
   *
   * @param hash the transaction's, {@code 0x} and 64 lower-case digits
   * @param upstreams who did, at least one
   * @param nowNanos monotonic time
   */
  public void onAccepted(String hash, Collection<Upstream> upstreams, long nowNanos) {
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("upstreams: none (expected: one that accepted)");
    }
    Write added = new Write(hash, List.copyOf(upstreams), nowNanos);
    synchronized (this) {
      writes = with(writes, added);
    }
  }

  private static List<Write> with(List<Write> before, Write added) {
    List<Write> after = new ArrayList<>(before.size() + 1);
    Write whole = added;
    for (Write write : before) {
      if (write.hash().equals(added.hash())) {
        whole = write.joinedBy(added);
      } else if (after.size() < MOST_WRITES - 1) {
        after.add(write);
      }
    }
    after.add(0, whole);
    return List.copyOf(after);
  }

  /**
   * The client was shown a receipt, so that the transaction is as known as its block.
   *
   * @param hash the transaction's, {@code 0x} and 64 lower-case digits
   */
  public void onReceiptSeen(String hash) {
    if (hasWrites()) {
      keep(write -> !write.hash().equals(hash));
    }
  }

  /** Whether any transaction is remembered; the quick question before all others. */
  public boolean hasWrites() {
    return !writes.isEmpty();
  }

  private synchronized void keep(Predicate<Write> wanted) {
    writes = writes.stream().filter(wanted).toList();
  }

  /**
   * The newest transaction that was accepted not long ago and whose receipt was not seen.
   *
   * @param nowNanos monotonic time
   * @param holdNanos what "not long ago" means
   * @return the transaction, or null
   */
  public @Nullable Write newestWrite(long nowNanos, long holdNanos) {
    List<Write> all = writes;
    if (all.isEmpty() || all.get(0).isHeld(nowNanos, holdNanos)) {
      return all.isEmpty() ? null : all.get(0);
    }
    keep(write -> write.isHeld(nowNanos, holdNanos));
    return null;
  }

  /**
   * A certain transaction of the client, if it was accepted not long ago and its receipt was not
   * seen.
   *
   * @param hash the transaction's, {@code 0x} and 64 lower-case digits
   * @param nowNanos monotonic time
   * @param holdNanos what "not long ago" means
   * @return the transaction, or null
   */
  public @Nullable Write write(String hash, long nowNanos, long holdNanos) {
    for (Write write : writes) {
      if (write.hash().equals(hash) && write.isHeld(nowNanos, holdNanos)) {
        return write;
      }
    }
    return null;
  }

  /**
   * The client was shown the newest state of an upstream without being told which block that was.
   *
   * @param upstream who answered
   * @param nowNanos when the answer was there
   */
  public void onPinnedRead(Upstream upstream, long nowNanos) {
    pinnedRead = new PinnedRead(upstream, nowNanos);
  }

  /** The last read of that kind, until it was {@link #settle settled}; null for none. */
  public @Nullable PinnedRead pinnedRead() {
    return pinnedRead;
  }

  /** The block of a pinned read is known, or no longer worth knowing. */
  public void settle(PinnedRead read) {
    if (read.equals(pinnedRead)) {
      pinnedRead = null;
    }
  }
}
