package io.fairlead.gateway.upstream.socket;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The methods whose calls go over HTTP for a while, for the shared connection has proved wrong for
 * them: an answer was too long, or the upstream said that it has no such method there.
 *
 * <p>Thread-safety: loop-confined.
 */
final class RestingMethods {
  static final long REST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private boolean isAny;
  private boolean[] isResting = new boolean[0];
  private long[] untilNanos = new long[0];

  void rest(int methodIndex, long nowNanos) {
    if (methodIndex >= isResting.length) {
      isResting = Arrays.copyOf(isResting, methodIndex + 1);
      untilNanos = Arrays.copyOf(untilNanos, methodIndex + 1);
    }
    isAny = true;
    isResting[methodIndex] = true;
    untilNanos[methodIndex] = nowNanos + REST_NANOS;
  }

  boolean isResting(int methodIndex, long nowNanos) {
    if (!isAny || methodIndex >= isResting.length || !isResting[methodIndex]) {
      return false;
    }
    isResting[methodIndex] = untilNanos[methodIndex] - nowNanos > 0;
    return isResting[methodIndex];
  }
}
