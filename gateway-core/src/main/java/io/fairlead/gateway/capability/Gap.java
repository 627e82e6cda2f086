package io.fairlead.gateway.capability;

/**
 * Something that one upstream lacks, believed until an instant.
 *
 * @param oldestBlocks the oldest block that it holds; {@link #NOTHING_HELD} if it holds none, and
 *     for a method
 * @param untilNanos until when it is believed, by the loops' clock
 * @param times how often in a row it was found so
 */
record Gap(long oldestBlocks, long untilNanos, int times) {
  static final long NOTHING_HELD = Long.MAX_VALUE;

  boolean isBelieved(long nowNanos) {
    return untilNanos - nowNanos > 0;
  }

  boolean covers(long block, long nowNanos) {
    return block < oldestBlocks && isBelieved(nowNanos);
  }

  Gap downTo(long block) {
    return new Gap(block, untilNanos, times);
  }
}
