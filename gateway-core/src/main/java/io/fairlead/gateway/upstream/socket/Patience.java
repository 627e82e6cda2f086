package io.fairlead.gateway.upstream.socket;

import java.util.concurrent.TimeUnit;

/**
 * For how long a connection on which calls wait may be silent before that is suspicious.
 *
 * <p><b>Idea.</b> As TCP tells a lost segment from a slow one: the smoothed time of an answer and
 * four times its smoothed deviation, twice over. With several calls under way something comes much
 * more often than that, so a connection that works is hardly ever suspected, and one that froze is
 * left before its calls would be taken for proof against the upstream.
 *
 * <p><b>Bounds.</b> {@link #LEAST_NANOS} to {@link #MOST_NANOS}; the latter before any answer.
 *
 * <p>Source: RFC 6298, section 2. Thread-safety: loop-confined.
 */
final class Patience {
  static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int SMOOTHING_SHIFT = 3;
  private static final int DEVIATION_SHIFT = 2;

  private boolean isTaught;
  private long smoothedNanos;
  private long deviationNanos;

  void onAnswer(long tookNanos) {
    if (!isTaught) {
      isTaught = true;
      smoothedNanos = tookNanos;
      deviationNanos = tookNanos / 2;
      return;
    }
    long error = tookNanos - smoothedNanos;
    smoothedNanos += error >> SMOOTHING_SHIFT;
    deviationNanos += (Math.abs(error) - deviationNanos) >> DEVIATION_SHIFT;
  }

  long nanos() {
    long usual = 2 * (smoothedNanos + 4 * deviationNanos);
    return isTaught ? Math.max(LEAST_NANOS, Math.min(MOST_NANOS, usual)) : MOST_NANOS;
  }
}
