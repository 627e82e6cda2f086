package io.fairlead.gateway.demo.load;

import java.util.List;

/**
 * What the load has seen until now.
 *
 * @param total all calls that ended
 * @param lastSecond calls that ended in about the last second
 * @param stages calls by the stage in which they were due
 * @param inFlight calls that wait for an answer
 * @param complaints the first failures, with their reasons
 */
public record LoadFigures(
    Counts total,
    Counts lastSecond,
    List<Counts> stages,
    int inFlight,
    List<Complaint> complaints) {
  /** Copies the lists. */
  public LoadFigures {
    stages = List.copyOf(stages);
    complaints = List.copyOf(complaints);
  }

  /**
   * Counts and latencies of a group of calls.
   *
   * @param calls all
   * @param failed those without a right answer, wrong ones included
   * @param wrong those with an answer that is not true
   * @param latency from the instant at which each call was due
   */
  public record Counts(long calls, long failed, long wrong, Latency latency) {}

  /**
   * Latencies of a group of calls.
   *
   * @param p50Millis the median
   * @param p99Millis the 99th percentile
   * @param maxMillis the largest
   */
  public record Latency(double p50Millis, double p99Millis, double maxMillis) {}

  /**
   * A call that was not answered rightly.
   *
   * @param dueNanos when it was due, from the start of the load; negative while it warmed up
   * @param text the method and what came instead
   */
  public record Complaint(long dueNanos, String text) {}
}
