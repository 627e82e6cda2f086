package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.MethodClass;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What an operator of a periodic-score router allows each upstream in a second, by method class; an
 * upstream that has had that much is passed over.
 *
 * <p>Such a router sends everything to the first of its list. What keeps that one whole are the
 * limits that its operator sets for each upstream, in eRPC the {@code rateLimitBudget} with rules
 * by method. The figures here are round and sized for the slowest upstream of the standard world, a
 * node with twelve slots: 500 light calls, 50 reads, 50 writes, 5 of the heavy classes. As in eRPC
 * the second is a fixed window.
 *
 * <p>Thread-safety: none.
 *
 * <p>Source: erpc/erpc, {@code upstream/ratelimiter_budget.go} and its documentation of rate
 * limiters.
 */
final class RateBudgets {
  private static final long WINDOW_NANOS = 1_000_000_000L;

  private final int[][] left;
  private final long[] window;
  private final int gateways;
  private final RandomGenerator random;

  /**
   * Budgets that are whole.
   *
   * @param upstreams how many there are
   * @param gateways how many share the budgets
   * @param random decides who of them has what cannot be divided
   */
  RateBudgets(int upstreams, int gateways, RandomGenerator random) {
    left = new int[upstreams][MethodClass.ALL.size()];
    window = new long[upstreams];
    Arrays.fill(window, -1);
    this.gateways = gateways;
    this.random = random;
  }

  /** Counts one call more, unless the budget of this second is used up. */
  boolean tryTake(int upstream, MethodClass methodClass, long nowNanos) {
    long now = nowNanos / WINDOW_NANOS;
    if (window[upstream] != now) {
      window[upstream] = now;
      refill(left[upstream]);
    }
    return left[upstream][methodClass.index()]-- > 0;
  }

  private void refill(int[] budgets) {
    for (MethodClass c : MethodClass.ALL) {
      int whole = perSecond(c) / gateways;
      int rest = perSecond(c) % gateways;
      budgets[c.index()] = whole + (rest > 0 && random.nextInt(gateways) < rest ? 1 : 0);
    }
  }

  private static int perSecond(MethodClass methodClass) {
    return switch (methodClass) {
      case LIGHT -> 500;
      case READ, WRITE -> 50;
      case LOGS, TRACE -> 5;
    };
  }
}
