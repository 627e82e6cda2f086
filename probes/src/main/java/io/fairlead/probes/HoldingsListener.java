package io.fairlead.probes;

/** Told what upstreams hold, on the control thread. */
@FunctionalInterface
public interface HoldingsListener {
  /** The upstream holds none of it. */
  long NONE = Long.MAX_VALUE;

  /**
   * An upstream's oldest block of a sort of data is known.
   *
   * @param id the upstream
   * @param sort what it holds
   * @param oldestBlocks the oldest block; {@link #NONE} if it holds none
   */
  void onOldest(String id, DataSort sort, long oldestBlocks);
}
