package io.fairlead.gateway.live;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came of one live play.
 *
 * <p>Times that do not apply are {@link Double#NaN}, those that never came infinite. The
 * <i>targets</i> are the upstreams that some fault befalls.
 *
 * @param name the scenario's name
 * @param counts what was counted
 * @param shift how the targets' traffic moved
 * @param delays what clients waited
 * @param log what happened, second by second
 */
public record LiveResult(String name, Counts counts, Shift shift, Delays delays, Log log) {
  private static final double NANOS_A_MILLI = 1e6;

  /**
   * What was counted, from when the scenario measures.
   *
   * @param calls of clients
   * @param failed those that got an error, or no answer in time
   * @param wrong those that got an answer that is not true
   * @param extra attempts beyond the first
   * @param quota how a quota was kept
   */
  public record Counts(long calls, long failed, long wrong, Extra extra, Quota quota) {}

  /**
   * Attempts beyond the first, warming up included.
   *
   * @param retries after a failure
   * @param hedges beside a slow one
   * @param rescues beside one whose upstream was ejected
   */
  public record Extra(long retries, long hedges, long rescues) {}

  /**
   * How gateways kept a quota while it held.
   *
   * @param limited 429s that were given
   * @param limitedLate those of the last third of the time
   * @param useLate in that third, requests that were admitted over the quota; 0 to 1, NaN without a
   *     quota
   */
  public record Quota(long limited, long limitedLate, double useLate) {
    /** No quota held. */
    public static final Quota NONE = new Quota(0, 0, Double.NaN);
  }

  /**
   * How the targets' traffic moved; shares are those of new calls by the routing table.
   *
   * @param shareBefore the mean share before the first fault, 0 to 1
   * @param goneMillis from the first fault until their share is under 5 %
   * @param backMillis from the end of the last fault until 95 % of their share before
   * @param oscillation the way their share travelled over the way straight out and back; 1 is ideal
   */
  public record Shift(
      double shareBefore, double goneMillis, double backMillis, double oscillation) {}

  /**
   * What clients waited, from when each call was due.
   *
   * @param before the first fault
   * @param firstSecond calls due in the second after the first fault, and those in flight at it
   * @param during from the first fault to the end of the last
   * @param calmMillis from the first fault until a second begins whose p99 is at most 1.5 times
   *     that before
   * @param healthyRatio p99 of calls served by one attempt elsewhere, during over before
   */
  public record Delays(
      Latency before,
      Latency firstSecond,
      Latency during,
      double calmMillis,
      double healthyRatio) {}

  /**
   * Latencies of a group of calls.
   *
   * @param calls how many
   * @param p50Millis the median; 0 without calls, as the others
   * @param p99Millis the 99th percentile
   * @param p999Millis the 99.9th
   * @param maxMillis the largest
   */
  public record Latency(
      long calls, double p50Millis, double p99Millis, double p999Millis, double maxMillis) {
    static Latency of(Histogram nanos) {
      return new Latency(
          nanos.getTotalCount(),
          nanos.getValueAtPercentile(50) / NANOS_A_MILLI,
          nanos.getValueAtPercentile(99) / NANOS_A_MILLI,
          nanos.getValueAtPercentile(99.9) / NANOS_A_MILLI,
          nanos.getMaxValue() / NANOS_A_MILLI);
    }
  }

  /**
   * What happened.
   *
   * @param seconds one for each second of the play
   * @param events what the gateway decided
   * @param complaints the first calls that were not answered rightly
   * @param machine what the machine was busy with
   */
  public record Log(
      List<Second> seconds, List<Event> events, List<String> complaints, Machine machine) {
    /** Copies the lists. */
    public Log {
      seconds = List.copyOf(seconds);
      events = List.copyOf(events);
      complaints = List.copyOf(complaints);
    }
  }

  /**
   * One second of a play.
   *
   * @param latency of calls that were due in it
   * @param failed of these, all that were not answered rightly
   * @param share the targets' mean share in it
   */
  public record Second(Latency latency, long failed, double share) {}

  /**
   * Something that the gateway decided.
   *
   * @param seconds from the start of the play; negative while it warmed up
   * @param text what
   */
  public record Event(double seconds, String text) {}

  /**
   * What else went on, so that figures can be trusted or not.
   *
   * @param loadBefore the machine's load average at the start, negative where it is not known
   * @param loadAfter and at the end
   * @param late how far the load's clients themselves fell behind
   */
  public record Machine(double loadBefore, double loadAfter, Latency late) {}

  /**
   * Whether no client noticed anything but time.
   *
   * @return true without failed and wrong calls
   */
  public boolean isLossless() {
    return counts.failed() == 0 && counts.wrong() == 0;
  }
}
