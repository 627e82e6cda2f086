package io.fairlead.routing.sim.scenario;

/** Refuses values out of range in the words that every message of Fairlead has. */
final class Rules {
  private Rules() {}

  static void require(boolean isGood, String field, Object value, String rule) {
    if (!isGood) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: " + rule + ")");
    }
  }

  static void requirePositive(double value, String field) {
    require(value > 0 && value < Double.POSITIVE_INFINITY, field, value, "more than 0");
  }

  static void requirePositive(long value, String field) {
    require(value > 0, field, value, "more than 0");
  }

  static void requireNotNegative(long value, String field) {
    require(value >= 0, field, value, "0 or more");
  }

  static void requireNotNegative(double value, String field) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, field, value, "0 or more");
  }

  static void requireShare(double value, String field) {
    require(value >= 0 && value <= 1, field, value, "0 to 1");
  }
}
