package io.fairlead.routing.sim.baseline;

/**
 * C3's control of how fast one server is sent to: a token bucket whose rate grows along a cubic
 * curve while more comes back than is sent, and is cut when less does.
 *
 * <p><b>Formula.</b> Rates are in requests per interval of 20 ms. When an answer comes: sending
 * above the receive rate, and the last increase at least four intervals ago, the rate is cut to
 * {@code beta x rate} (beta = 0.2, never below 0.1), and what it was becomes {@code top}; below the
 * receive rate it becomes {@code gamma x (T - cbrt(top x beta / gamma))^3 + top} with gamma =
 * 0.000004 and T the milliseconds since the last cut, in steps of at most 10. The receive rate is
 * an average over intervals, of which an interval moves a twentieth. The bucket holds 50 tokens.
 *
 * <p>Thread-safety: none.
 *
 * <p>Source: see {@link C3}; the constants are those of {@code RateController} in
 * lalithsuresh/cassandra-c3, the bucket's size that of {@code RateLimiter} in lalithsuresh/absim.
 */
final class RateLimiter {
  private static final double INTERVAL_NANOS = 20e6;
  private static final double BETA = 0.2;
  private static final double GAMMA = 0.000004;
  private static final double MAX_STEP = 10;
  private static final double MIN_RATE = 0.1;
  private static final double HYSTERESIS_NANOS = 4 * INTERVAL_NANOS;
  private static final double MAX_TOKENS = 50;
  private static final double INITIAL_RECEIVE_RATE = 100;
  private static final double SMOOTHING = 20;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private double rate = 1;
  private double tokens = MAX_TOKENS;
  private long filledNanos;
  private double receiveRate = INITIAL_RECEIVE_RATE;
  private double received;
  private long interval;
  private double top;
  private long cutNanos = NEVER;
  private long raisedNanos = NEVER;

  /** How long until there is a token; 0 if there is one. */
  double waitNanos(long nowNanos) {
    double now = tokensAt(nowNanos);
    return now >= 1 ? 0 : (1 - now) * INTERVAL_NANOS / rate;
  }

  /** Takes a token that is there. */
  void take(long nowNanos) {
    tokens = tokensAt(nowNanos) - 1;
    filledNanos = nowNanos;
  }

  /** Notes an answer and adapts the rate. */
  void onAnswer(long nowNanos) {
    receive(1, nowNanos);
    if (rate > receiveRate && nowNanos - raisedNanos > HYSTERESIS_NANOS) {
      settle(nowNanos);
      top = rate;
      rate = Math.max(MIN_RATE, rate * BETA);
      cutNanos = nowNanos;
    } else if (rate < receiveRate) {
      settle(nowNanos);
      double sinceCutMillis = (nowNanos - cutNanos) / 1e6;
      double curve = GAMMA * Math.pow(sinceCutMillis - Math.cbrt(top * BETA / GAMMA), 3) + top;
      rate = Math.max(MIN_RATE, Math.min(rate + MAX_STEP, curve));
      raisedNanos = nowNanos;
    }
  }

  /** Requests per 20 ms that may be sent. */
  double rate() {
    return rate;
  }

  private void receive(int answers, long nowNanos) {
    long now = (long) (nowNanos / INTERVAL_NANOS);
    long passed = now - interval;
    if (passed < 2) {
      received += answers;
    }
    if (passed > 0) {
      double alpha = Math.min(1, passed / SMOOTHING);
      receiveRate = alpha * received + (1 - alpha) * receiveRate;
      interval = now;
      received = 0;
    }
  }

  private void settle(long nowNanos) {
    tokens = tokensAt(nowNanos);
    filledNanos = nowNanos;
  }

  private double tokensAt(long nowNanos) {
    return Math.min(MAX_TOKENS, tokens + rate * (nowNanos - filledNanos) / INTERVAL_NANOS);
  }
}
