package io.fairlead.gateway.capability;

import io.fairlead.gateway.control.KnownGap;
import java.time.Duration;
import java.util.OptionalLong;

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

  /** The gap for operators, with no time left if it is not believed any more. */
  KnownGap toKnown(KnownGap.Sort sort, String name, long nowNanos) {
    OptionalLong oldest =
        oldestBlocks == NOTHING_HELD ? OptionalLong.empty() : OptionalLong.of(oldestBlocks);
    return new KnownGap(sort, name, oldest, Duration.ofNanos(Math.max(0, untilNanos - nowNanos)));
  }

  Gap downTo(long block) {
    return new Gap(block, untilNanos, times);
  }
}
