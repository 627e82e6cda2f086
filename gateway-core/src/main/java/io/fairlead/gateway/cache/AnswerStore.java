package io.fairlead.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All kept answers of the process, of all chains, and the copies of long answers under way, within
 * a limit in bytes.
 *
 * <p>What has to make room is chosen by Caffeine (window TinyLFU: an answer that is rarely asked
 * for does not push out one that often is). Its upkeep runs on whichever thread happens to put an
 * answer, a bounded number of steps at a time; there is no thread of its own.
 *
 * <p>Limits: an entry is at most a sixteenth of the whole and {@link #LARGEST_BYTES}; copies under
 * way are together at most a quarter of the whole and count apart from it.
 *
 * <p>Thread-safety: safe.
 */
public final class AnswerStore {
  /** No answer longer than this is kept, however large the store is. */
  static final int LARGEST_BYTES = 8 << 20;

  private static final int ENTRY_SHARE = 16;
  private static final int COPIES_SHARE = 4;
  private static final int ENTRY_OVERHEAD_BYTES = 160;

  private final long maxBytes;
  private final Cache<CallKey, Entry> entries;
  private final AtomicLong copyingBytes = new AtomicLong();
  private final AtomicInteger realms = new AtomicInteger();

  /**
   * A kept answer.
   *
   * @param answer the answer
   * @param holding what it hangs on
   * @param owner the chain that it is of
   */
  record Entry(SharedAnswer answer, Holding holding, ChainCache owner) {}

  /**
   * An empty store.
   *
   * @param maxBytes of all answers and their keys together, about
   */
  public AnswerStore(long maxBytes) {
    this.maxBytes = maxBytes;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((CallKey key, Entry entry) -> weight(key, entry))
            .executor(Runnable::run)
            .evictionListener(AnswerStore::onEvicted)
            .build();
  }

  private static int weight(CallKey key, Entry entry) {
    return key.sizeBytes() + entry.answer().sizeBytes() + ENTRY_OVERHEAD_BYTES;
  }

  private static void onEvicted(@Nullable CallKey key, @Nullable Entry entry, RemovalCause cause) {
    if (key != null && entry != null) {
      entry.owner().onPushedOut(key, entry.holding());
    }
  }

  /** A number that no other chain has. */
  int newRealm() {
    return realms.getAndIncrement();
  }

  /** The longest answer that may be kept, in bytes. */
  int largestBytes() {
    return (int) Math.min(LARGEST_BYTES, maxBytes / ENTRY_SHARE);
  }

  @Nullable Entry find(CallKey key) {
    return entries.getIfPresent(key);
  }

  void put(CallKey key, Entry entry) {
    if (entry.answer().sizeBytes() <= largestBytes()) {
      entries.put(key, entry);
    }
  }

  /** Drops an entry if it is still this one. */
  boolean tryDrop(CallKey key, Entry entry) {
    return entries.asMap().remove(key, entry);
  }

  /** Drops every entry of a chain; returns how many there were. */
  int dropAll(ChainCache owner) {
    int before = entries.asMap().size();
    entries.asMap().values().removeIf(entry -> entry.owner() == owner);
    return Math.max(0, before - entries.asMap().size());
  }

  /** Sets memory for a copy aside; false if there is none. */
  boolean tryReserve(long bytes) {
    long most = maxBytes / COPIES_SHARE;
    if (copyingBytes.addAndGet(bytes) <= most) {
      return true;
    }
    copyingBytes.addAndGet(-bytes);
    return false;
  }

  /** Gives memory of a copy back. */
  void giveBack(long bytes) {
    copyingBytes.addAndGet(-bytes);
  }

  /**
   * What copies of long answers under way take.
   *
   * @return bytes
   */
  public long copyingBytes() {
    return copyingBytes.get();
  }

  /**
   * What the kept answers take.
   *
   * @return bytes, with their keys
   */
  public long usedBytes() {
    return entries.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
  }

  /**
   * How many answers are kept.
   *
   * @return about how many
   */
  public long size() {
    return entries.estimatedSize();
  }

  /** Ends upkeep that is still due, so that figures are exact. */
  void settle() {
    entries.cleanUp();
  }
}
