package io.fairlead.routing.sim.scenario;

import io.fairlead.routing.MethodClass;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What clients ask: calls arrive as a Poisson process.
 *
 * @param rate its rate, linear between these points and constant before the first and after the
 *     last; at least one, in the order of time
 * @param classes what is asked; each class once, shares adding up to 1
 * @param invalidShare of all calls that are wrong in themselves, so that whoever serves them
 *     answers with an error that is the client's doing; 0 to 1
 */
public record Load(List<RatePoint> rate, List<ClassLoad> classes, double invalidShare) {
  private static final double ROUNDING = 1e-6;

  /** Checks order and sums and copies the lists. */
  public Load {
    rate = List.copyOf(rate);
    classes = List.copyOf(classes);
    Rules.require(!rate.isEmpty(), "rate", "none", "at least one point");
    for (int i = 1; i < rate.size(); i++) {
      long before = rate.get(i - 1).atNanos();
      Rules.require(rate.get(i).atNanos() >= before, "rate.at", rate.get(i), "in order of time");
    }
    Set<MethodClass> seen = EnumSet.noneOf(MethodClass.class);
    double sum = 0;
    for (ClassLoad c : classes) {
      Rules.require(seen.add(c.methodClass()), "classes", c.methodClass(), "each class once");
      sum += c.share();
    }
    Rules.require(Math.abs(sum - 1) < ROUNDING, "classes.share", sum, "shares adding up to 1");
    Rules.requireShare(invalidShare, "invalidShare");
  }

  /**
   * The same classes at another rate.
   *
   * @param newRate the points of the rate
   * @return the load
   */
  public Load withRate(RatePoint... newRate) {
    return new Load(List.of(newRate), classes, invalidShare);
  }

  /**
   * The same with another share of wrong calls.
   *
   * @param newShare 0 to 1
   * @return the load
   */
  public Load withInvalidShare(double newShare) {
    return new Load(rate, classes, newShare);
  }

  /**
   * The rate at an instant.
   *
   * @param atNanos since the start of the play
   * @return calls a second
   */
  public double perSecond(long atNanos) {
    RatePoint before = rate.get(0);
    for (RatePoint p : rate) {
      if (p.atNanos() > atNanos) {
        double span = (double) p.atNanos() - before.atNanos();
        double part = span <= 0 ? 0 : (atNanos - before.atNanos()) / span;
        return before.perSecond() + Math.max(0, part) * (p.perSecond() - before.perSecond());
      }
      before = p;
    }
    return before.perSecond();
  }
}
