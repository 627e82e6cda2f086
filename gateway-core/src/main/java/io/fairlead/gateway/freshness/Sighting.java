package io.fairlead.gateway.freshness;

/**
 * The highest block that an upstream was seen at.
 *
 * @param number the block's height, -1 when none was seen
 * @param sinceNanos an instant at which the upstream had it, monotonic time
 * @param isHead whether it said then that it had none above; else it merely had this one
 */
record Sighting(long number, long sinceNanos, boolean isHead) {
  /** Nothing was seen. */
  static final Sighting NONE = new Sighting(-1, 0, false);
}
