package io.fairlead.gateway.demo.world;

import io.fairlead.routing.time.NanoClock;
import java.util.random.RandomGenerator;

/**
 * Decides which bodies a node works on: what its quota, its usual errors and its fault leave.
 *
 * <p>Thread-safety: confined to the node's event loop.
 */
final class Admission {
  private final NodeServer server;
  private final RandomGenerator random;
  private final NanoClock clock;
  private final Bucket quota;
  private Bucket limit;

  /** What becomes of a body. */
  enum Verdict {
    /** It is worked on. */
    WORK,
    /** It gets an error at once. */
    ERROR,
    /** It is one too many. */
    LIMITED
  }

  Admission(NodeServer server, RandomGenerator random, NanoClock clock) {
    this.server = server;
    this.random = random;
    this.clock = clock;
    this.quota = new Bucket(server.quotaPerSecond(), clock.nanoTime());
    this.limit = new Bucket(0, clock.nanoTime());
  }

  /** A bucket of tokens that holds one second's worth; of 0 a second, it never runs out. */
  private static final class Bucket {
    private final double perSecond;
    private double tokens;
    private long filledNanos;

    Bucket(double perSecond, long nowNanos) {
      this.perSecond = perSecond;
      this.tokens = Math.max(1, perSecond);
      this.filledNanos = nowNanos;
    }

    boolean tryTake(long nowNanos) {
      if (perSecond == 0) {
        return true;
      }
      double grown = tokens + perSecond * (nowNanos - filledNanos) / 1e9;
      tokens = Math.min(grown, Math.max(1, perSecond));
      filledNanos = nowNanos;
      boolean isEnough = tokens >= 1;
      tokens -= isEnough ? 1 : 0;
      return isEnough;
    }
  }

  /** Another fault is in force. */
  void onFault(Fault fault) {
    boolean isLimit = fault.kind() == Fault.Kind.LIMIT;
    limit = new Bucket(isLimit ? fault.amount() : 0, clock.nanoTime());
  }

  /** What becomes of the next body. */
  Verdict next(Fault fault) {
    long now = clock.nanoTime();
    if (!quota.tryTake(now) || !limit.tryTake(now)) {
      return Verdict.LIMITED;
    }
    boolean isFault = fault.kind() == Fault.Kind.ERRORS && random.nextDouble() < fault.amount();
    boolean isUsual = server.errorShare() > 0 && random.nextDouble() < server.errorShare();
    return isFault || isUsual ? Verdict.ERROR : Verdict.WORK;
  }
}
