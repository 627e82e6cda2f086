package io.fairlead.gateway.cache;

/**
 * Counts what becomes of kept answers.
 *
 * <p>Thread-safety: called on any thread; must be safe and quick.
 */
@FunctionalInterface
public interface CacheObserver {
  /** Counts nothing. */
  CacheObserver NONE = (reason, entries) -> {};

  /**
   * Answers were dropped.
   *
   * @param reason why
   * @param entries how many
   */
  void onEvicted(EvictionReason reason, int entries);
}
