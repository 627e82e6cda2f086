package io.fairlead.gateway.live;

import io.fairlead.gateway.demo.load.EndedCall;
import io.fairlead.gateway.demo.load.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Every call of a play, and what they come to over any span of time.
 *
 * <p>A call belongs to the span in which it was due, and its latency counts from then. Failed calls
 * count with the time that they took to fail.
 *
 * <p>Thread-safety: none. Units: nanoseconds from the start of the play.
 */
final class CallTrack {
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long STEP_NANOS = 100_000_000;
  private static final int FEWEST = 20;
  private static final double NANOS_A_MILLI = 1e6;
  private static final int DIGITS = 3;

  /** By the second in which they were due. */
  private final List<List<EndedCall>> seconds = new ArrayList<>();

  /** Adds a call; one that warmed up is forgotten. */
  void add(EndedCall call) {
    if (call.dueNanos() >= 0) {
      int second = (int) (call.dueNanos() / SECOND_NANOS);
      while (seconds.size() <= second) {
        seconds.add(new ArrayList<>());
      }
      seconds.get(second).add(call);
    }
  }

  /** How many calls were due in a span. */
  long count(long fromNanos, long untilNanos) {
    return calls(fromNanos, untilNanos).count();
  }

  private Stream<EndedCall> calls(long fromNanos, long untilNanos) {
    int first = (int) Math.min(seconds.size(), fromNanos / SECOND_NANOS);
    int after = (int) Math.min(seconds.size(), (untilNanos + SECOND_NANOS - 1) / SECOND_NANOS);
    return seconds.subList(first, Math.max(first, after)).stream()
        .flatMap(List::stream)
        .filter(call -> call.dueNanos() >= fromNanos && call.dueNanos() < untilNanos);
  }

  private long count(long fromNanos, long untilNanos, Outcome.Kind kind) {
    return calls(fromNanos, untilNanos).filter(c -> c.outcome().kind() == kind).count();
  }

  /** How many failed, wrong answers left out. */
  long failed(long fromNanos, long untilNanos) {
    return count(fromNanos, untilNanos, Outcome.Kind.FAILED);
  }

  /** How many were answered wrongly. */
  long wrong(long fromNanos, long untilNanos) {
    return count(fromNanos, untilNanos, Outcome.Kind.WRONG);
  }

  /** The latencies of the calls that were due in a span. */
  LiveResult.Latency latency(long fromNanos, long untilNanos) {
    return latency(calls(fromNanos, untilNanos));
  }

  /** The latencies of the calls due in the second after an instant or in flight at it. */
  LiveResult.Latency secondAfter(long atNanos) {
    return latency(
        calls(0, atNanos + SECOND_NANOS).filter(c -> c.dueNanos() + c.elapsedNanos() > atNanos));
  }

  /** The latencies of calls of a span that one attempt served, at an upstream of some kind. */
  LiveResult.Latency served(long fromNanos, long untilNanos, Predicate<String> upstream) {
    return latency(
        calls(fromNanos, untilNanos)
            .filter(c -> c.route().attempts() == 1 && upstream.test(c.route().upstream())));
  }

  /**
   * From when on the calls of a second have their p99 under a bound again; seconds begin at every
   * tenth of one. Infinite if none is before the end; NaN if there are too few calls to tell.
   */
  double calmMillis(long fromNanos, long untilNanos, double boundMillis) {
    for (long at = fromNanos; at + SECOND_NANOS <= untilNanos; at += STEP_NANOS) {
      LiveResult.Latency second = latency(at, at + SECOND_NANOS);
      if (second.calls() < FEWEST) {
        return Double.NaN;
      }
      if (second.p99Millis() <= boundMillis) {
        return (at - fromNanos) / NANOS_A_MILLI;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** How far the load itself fell behind. */
  LiveResult.Latency lateness(long fromNanos, long untilNanos) {
    Histogram histogram = new Histogram(DIGITS);
    calls(fromNanos, untilNanos).forEach(call -> histogram.recordValue(call.lateNanos()));
    return LiveResult.Latency.of(histogram);
  }

  private static LiveResult.Latency latency(Stream<EndedCall> calls) {
    Histogram histogram = new Histogram(DIGITS);
    calls.forEach(call -> histogram.recordValue(call.elapsedNanos()));
    return LiveResult.Latency.of(histogram);
  }
}
