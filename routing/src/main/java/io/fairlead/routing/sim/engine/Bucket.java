package io.fairlead.routing.sim.engine;

/** A quota: a bucket of one second's tokens, at least one, full at first. */
final class Bucket {
  private final double perSecond;
  private double tokens;
  private long filledNanos;

  Bucket(double perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.tokens = Math.max(1, perSecond);
    this.filledNanos = nowNanos;
  }

  boolean tryTake(long nowNanos) {
    double earned = perSecond * (nowNanos - filledNanos) / 1e9;
    tokens = Math.min(Math.max(1, perSecond), tokens + earned);
    filledNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
