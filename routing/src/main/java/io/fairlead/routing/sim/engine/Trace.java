package io.fairlead.routing.sim.engine;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.policy.SimCall.Traits;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.RatePoint;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The calls of a play, one after the other. They depend on the load and the seed alone, never on
 * what a gateway does with them.
 *
 * <p><b>Idea.</b> Unit exponential steps on the integral of the rate, which is piecewise quadratic
 * and is inverted in closed form: a Poisson process of exactly that rate, with one draw a call.
 *
 * <p>Source: Cinlar, "Introduction to stochastic processes", 1975, chapter 4.7 (time change).
 */
final class Trace {
  private final Load load;
  private final List<Seat> seats;
  private final SplittableRandom random;
  private final double[] upTo;
  private final double[] logMean;
  private final Traits[] traits;
  private int segment;
  private double segmentNanos;
  private double atNanos;
  private long nextId;

  Trace(Load load, List<Seat> seats, long seed) {
    this.load = load;
    this.seats = seats;
    this.random = new SplittableRandom(seed);
    List<ClassLoad> classes = load.classes();
    upTo = new double[classes.size()];
    logMean = new double[classes.size()];
    traits = new Traits[2 * classes.size()];
    double sum = 0;
    for (int i = 0; i < classes.size(); i++) {
      ClassLoad c = classes.get(i);
      sum += c.share();
      upTo[i] = sum;
      logMean[i] = Math.log(c.meanMillis() * 1e6) - c.sigma() * c.sigma() / 2;
      boolean isRepeatable = c.methodClass() != MethodClass.WRITE;
      traits[2 * i] = new Traits(c.methodClass(), false, isRepeatable);
      traits[2 * i + 1] = new Traits(c.methodClass(), true, isRepeatable);
    }
    step();
  }

  /** When the next call arrives; {@link Long#MAX_VALUE} if none ever does. */
  long nextNanos() {
    return atNanos < Long.MAX_VALUE ? (long) atNanos : Long.MAX_VALUE;
  }

  /** The next call, which arrives now. */
  Call next() {
    Seat seat = seats.get(random.nextInt(seats.size()));
    int i = drawClass();
    ClassLoad c = load.classes().get(i);
    boolean isSensitive = random.nextDouble() < c.headSensitiveShare();
    boolean isInvalid = random.nextDouble() < load.invalidShare();
    double work = Math.exp(logMean[i] + c.sigma() * random.nextGaussian());
    Call.Key key = new Call.Key(nextId++, nextNanos(), seat);
    step();
    return new Call(key, traits[2 * i + (isSensitive ? 1 : 0)], work, isInvalid);
  }

  private int drawClass() {
    double drawn = random.nextDouble();
    int i = 0;
    while (i < upTo.length - 1 && drawn >= upTo[i]) {
      i++;
    }
    return i;
  }

  private void step() {
    double left = -Math.log1p(-random.nextDouble());
    while (true) {
      boolean isLast = segment >= load.rate().size();
      double end = isLast ? Double.POSITIVE_INFINITY : load.rate().get(segment).atNanos();
      double rate = rateAt(atNanos) / 1e9;
      double slope = slope() / 1e9;
      double length = end - atNanos;
      double inside = isLast ? rateForever(rate) : (rate + slope * length / 2) * length;
      if (left <= inside && inside > 0) {
        atNanos += 2 * left / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * left)));
        return;
      }
      if (isLast) {
        atNanos = Double.POSITIVE_INFINITY;
        return;
      }
      left -= inside;
      atNanos = end;
      segmentNanos = end;
      segment++;
    }
  }

  private static double rateForever(double rate) {
    return rate > 0 ? Double.POSITIVE_INFINITY : 0;
  }

  private double rateAt(double nanos) {
    return start() + slope() * (nanos - segmentNanos);
  }

  /** The rate where the current segment begins. */
  private double start() {
    return load.rate().get(Math.max(0, segment - 1)).perSecond();
  }

  /** By how much the rate grows in a nanosecond. */
  private double slope() {
    if (segment == 0 || segment >= load.rate().size()) {
      return 0;
    }
    RatePoint from = load.rate().get(segment - 1);
    RatePoint to = load.rate().get(segment);
    double length = (double) to.atNanos() - from.atNanos();
    return length <= 0 ? 0 : (to.perSecond() - from.perSecond()) / length;
  }
}
