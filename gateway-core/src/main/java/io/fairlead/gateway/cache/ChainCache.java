package io.fairlead.gateway.cache;

import io.fairlead.gateway.cache.AnswerStore.Entry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The kept answers of one chain and the calls under way that others may wait for.
 *
 * <p><b>Truth comes from looking, not from cleaning up.</b> Every answer is checked against the
 * chain's present view when it is found, so that a new head or a reorganisation makes what no
 * longer holds unreachable at once. {@link #onView} only frees the memory: passing answers are
 * grouped by what they hang on, and a group is dropped as a whole.
 *
 * <p>Thread-safety: safe.
 */
public final class ChainCache {
  private final AnswerStore store;
  private final HeadView heads;
  private final CacheObserver observer;
  private final int realm;
  private final ConcurrentMap<CallKey, Flight> flights = new ConcurrentHashMap<>();
  private final ConcurrentMap<Anchor, Set<CallKey>> passing = new ConcurrentHashMap<>();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong reorganisations = new AtomicLong();
  private final AtomicLong clearings = new AtomicLong();

  /** What passing answers hang on: those of one anchor fall together. */
  private record Anchor(Holding.Kind kind, long number, @Nullable String hash) {
    static Anchor of(Holding holding) {
      return new Anchor(holding.kind(), holding.number(), holding.hash());
    }

    Holding toHolding() {
      return new Holding(kind, number, hash, 0, Holding.ALWAYS);
    }
  }

  /**
   * The cache of a chain.
   *
   * @param store where answers are kept
   * @param heads tells what the chain looks like
   * @param observer counts what is dropped
   */
  public ChainCache(AnswerStore store, HeadView heads, CacheObserver observer) {
    this.store = store;
    this.heads = heads;
    this.observer = observer;
    this.realm = store.newRealm();
  }

  int realm() {
    return realm;
  }

  AnswerStore store() {
    return store;
  }

  ConcurrentMap<CallKey, Flight> flights() {
    return flights;
  }

  /** What is known now; to be taken before a question is put. */
  Keeping.Before before() {
    return new Keeping.Before(heads.now(), writes.get(), reorganisations.get(), clearings.get());
  }

  /** How many writes have passed. */
  long writes() {
    return writes.get();
  }

  /**
   * A kept answer that holds.
   *
   * @param key what is asked
   * @param floorBlocks the newest block that the client knows of, -1 for none
   * @param nowNanos the time now, by the loops' clock
   * @return null if there is none
   */
  @Nullable SharedAnswer find(CallKey key, long floorBlocks, long nowNanos) {
    Entry entry = store.find(key);
    if (entry == null) {
      return null;
    }
    Holding holding = entry.holding();
    if (holding.untilNanos() != Holding.ALWAYS && nowNanos - holding.untilNanos() >= 0) {
      return null;
    }
    if (!holding.isPassing()) {
      return entry.answer();
    }
    return isGood(holding, floorBlocks) && holding.brokenBy(heads.now()) == null
        ? entry.answer()
        : null;
  }

  private boolean isGood(Holding holding, long floorBlocks) {
    return holding.kind() == Holding.Kind.HEAD
        ? holding.epoch() == writes.get() && floorBlocks <= holding.number()
        : holding.epoch() == reorganisations.get();
  }

  /**
   * Keeps an answer if it may be kept.
   *
   * @param inquiry what was asked
   * @param answer what was answered
   * @param before what was known before it was asked
   * @param nowNanos the time now, by the loops' clock
   */
  void offer(Inquiry inquiry, SharedAnswer answer, Keeping.Before before, long nowNanos) {
    if (!inquiry.mayBeKept() || !answer.isResult() || answer.isNull()) {
      return;
    }
    Holding holding = Keeping.of(inquiry, answer, before, heads.now(), nowNanos);
    if (holding != null) {
      keep(inquiry.key(), new Entry(answer, holding, this), before);
    }
  }

  private void keep(CallKey key, Entry entry, Keeping.Before before) {
    if (entry.holding().isPassing()) {
      passing.compute(
          Anchor.of(entry.holding()),
          (anchor, present) -> {
            Set<CallKey> keys = present == null ? ConcurrentHashMap.newKeySet() : present;
            keys.add(key);
            return keys;
          });
    }
    store.put(key, entry);
    if (before.clearings() != clearings.get()) {
      store.tryDrop(key, entry);
    }
  }

  /** The chain may look different: drops what does not hold any more. */
  public void onView() {
    ChainView view = heads.now();
    for (Anchor anchor : passing.keySet()) {
      EvictionReason reason = anchor.toHolding().brokenBy(view);
      if (reason != null) {
        drop(anchor, reason);
      }
    }
  }

  /**
   * The chain replaced blocks, or somebody who was asked is found on another branch. How deep is
   * known only as far as headers were seen, so nothing is kept of any block that is not final.
   */
  public void onReorganised() {
    reorganisations.incrementAndGet();
    for (Anchor anchor : passing.keySet()) {
      if (anchor.kind() == Holding.Kind.CANONICAL) {
        drop(anchor, EvictionReason.REORGANISED);
      }
    }
  }

  private void drop(Anchor anchor, EvictionReason reason) {
    Set<CallKey> keys = passing.remove(anchor);
    if (keys == null) {
      return;
    }
    int dropped = 0;
    for (CallKey key : keys) {
      Entry entry = store.find(key);
      if (entry != null && anchor.equals(Anchor.of(entry.holding()))) {
        dropped += store.tryDrop(key, entry) ? 1 : 0;
      }
    }
    observer.onEvicted(reason, dropped);
  }

  /**
   * Something was written through the gateway: what is known of the head may be of before, and so
   * may be what calls under way are about to be told.
   */
  void onWrite() {
    writes.incrementAndGet();
  }

  /** A node's chain or clock was acted upon: nothing that is known of the chain need hold. */
  public void clear() {
    clearings.incrementAndGet();
    writes.incrementAndGet();
    passing.clear();
    observer.onEvicted(EvictionReason.CLEARED, store.dropAll(this));
  }

  void onPushedOut(CallKey key, Holding holding) {
    observer.onEvicted(EvictionReason.SIZE, 1);
    if (holding.isPassing()) {
      passing.computeIfPresent(
          Anchor.of(holding),
          (anchor, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
  }
}
