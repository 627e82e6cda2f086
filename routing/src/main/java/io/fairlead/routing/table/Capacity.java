package io.fairlead.routing.table;

import io.fairlead.routing.MethodClass;
import java.util.Arrays;

/**
 * What each upstream can carry of each class, so that no more is moved to it than that.
 *
 * <p><b>Idea.</b> An upstream's quota bounds its calls a second, its learnt limit bounds what it
 * has in flight, which by Little's law is calls a second times their time. Both are one budget for
 * all classes together. An upstream over its budget with its present shares is cut in proportion;
 * one that is under it may grow in each class by
 *
 * <pre>  slack / sum over classes of (rate x time),</pre>
 *
 * so that it stays within its budget even if all classes grow by that much at once. Where a class
 * finds no room in that way although others left some, it is worked out again from what they took.
 *
 * <p><b>Bounds.</b> Of a quota 108 % is offered, and at least three and a half calls a second more
 * than it grants: calls come at random, and only with more on offer than it grants is it used up;
 * what is too much its pace declines, and the pick goes on to somebody else at no cost. Its pace
 * can be saved up for half a second, that is K = q/2 calls; with an excess x on offer a part of x /
 * (exp(2 x K) - 1) is lost because nothing more can be saved (a reflected Brownian motion). For a
 * hundredth of it x K must be 1.75, so x = 3.5/q. Of a limit, 85 % may be used by the mean, since
 * calls come in clusters.
 *
 * <p>Thread-safety: none; used within one table's making.
 *
 * <p>Source: J. D. C. Little, "A proof for the queuing formula L = lambda W", 1961.
 */
final class Capacity {
  private static final double OFFERED = 1.08;
  private static final double OFFERED_PER_SECOND = 3.5;
  private static final double USABLE = 0.85;
  private static final int CLASSES = MethodClass.ALL.size();

  private final double[] perSecond;
  private final double[][] seconds;
  private final double[] quota;
  private final int[] limit;
  private final double[][] byQuota;
  private final double[][] byLimit;
  private final boolean bounded;

  Capacity(TableDraft draft, double[] perSecond) {
    this.perSecond = perSecond;
    quota = draft.quota;
    limit = draft.limit;
    byQuota = new double[CLASSES][quota.length];
    byLimit = new double[CLASSES][quota.length];
    seconds = new double[CLASSES][quota.length];
    boolean any = false;
    for (int c = 0; c < CLASSES; c++) {
      Arrays.fill(byQuota[c], Double.POSITIVE_INFINITY);
      Arrays.fill(byLimit[c], Double.POSITIVE_INFINITY);
      for (int i = 0; i < quota.length; i++) {
        double millis = draft.numbers[c].costMillis[i];
        seconds[c][i] = millis > 0 ? millis / 1e3 : 0;
        any |= quota[i] < Double.POSITIVE_INFINITY || limit[i] < Integer.MAX_VALUE;
      }
    }
    bounded = any;
  }

  /** What is offered of a quota, in calls a second. */
  static double offered(double quota) {
    return Math.max(OFFERED * quota, quota + OFFERED_PER_SECOND);
  }

  /** Whether anybody's quota or limit is known. */
  boolean isBounded() {
    return bounded;
  }

  /** What quotas allow of a class. */
  double[] byQuota(int methodClass) {
    return byQuota[methodClass];
  }

  /** What limits allow of a class. */
  double[] byLimit(int methodClass) {
    return byLimit[methodClass];
  }

  /** Works out what is allowed, from the shares of each class as they are. */
  void allot(double[][] shares) {
    for (int i = 0; i < quota.length; i++) {
      if (quota[i] < Double.POSITIVE_INFINITY) {
        allot(i, shares, offered(quota[i]), false);
      }
      if (limit[i] < Integer.MAX_VALUE) {
        allot(i, shares, USABLE * limit[i], true);
      }
    }
  }

  private void allot(int i, double[][] shares, double budget, boolean isLimit) {
    double load = 0;
    double whole = 0;
    for (int c = 0; c < CLASSES; c++) {
      double each = perSecond[c] * (isLimit ? seconds[c][i] : 1);
      load += each * shares[c][i];
      whole += each;
    }
    double factor = load > budget ? budget / load : 1;
    double slack = whole > 0 ? Math.max(0, budget - load) / whole : Double.POSITIVE_INFINITY;
    double[][] allowed = isLimit ? byLimit : byQuota;
    for (int c = 0; c < CLASSES; c++) {
      allowed[c][i] = shares[c][i] * factor + slack;
    }
  }
}
