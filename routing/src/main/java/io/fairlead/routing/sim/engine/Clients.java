package io.fairlead.routing.sim.engine;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Latencies;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Quantile;
import io.fairlead.routing.sim.result.Window;
import java.util.Map;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What clients see: how their calls end and how long they take.
 *
 * <p>Units: microseconds inside, with three digits.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Clients {
  private static final int DIGITS = 3;
  private static final int WINDOWS = Window.values().length;
  private static final int CLASSES = MethodClass.ALL.size();

  private final Period period;
  private final long timeoutNanos;
  private final @Nullable IntCountsHistogram[] seen =
      new @Nullable IntCountsHistogram[CLASSES * WINDOWS];
  private final long[] calls = new long[WINDOWS];
  private final long[] bad = new long[WINDOWS];
  private long lostAtOnset;
  private double totalNanos;

  Clients(Period period, long timeoutNanos) {
    this.period = period;
    this.timeoutNanos = timeoutNanos;
  }

  void onArrived(Call call) {
    if (period.isMeasured(call.arrivedNanos())) {
      calls[period.windowOf(call.arrivedNanos()).index()]++;
    }
  }

  void onAnswered(Call call, boolean isGood, long latencyNanos) {
    if (isGood) {
      note(call, latencyNanos);
    } else {
      onBad(call);
    }
  }

  void onLost(Call call) {
    if (period.isMeasured(call.arrivedNanos())) {
      note(call, timeoutNanos);
      totalNanos -= timeoutNanos;
    }
    onBad(call);
  }

  private void onBad(Call call) {
    if (period.isMeasured(call.arrivedNanos())) {
      bad[period.windowOf(call.arrivedNanos()).index()]++;
      lostAtOnset += period.isOnset(call.arrivedNanos()) ? 1 : 0;
      totalNanos += timeoutNanos;
    }
  }

  private void note(Call call, long latencyNanos) {
    long arrived = call.arrivedNanos();
    if (period.isMeasured(arrived)) {
      totalNanos += latencyNanos;
      MethodClass c = call.methodClass();
      histogram(seen, c, period.windowOf(arrived)).recordValue(latencyNanos / 1000);
      if (period.isFirstSecond(arrived)) {
        histogram(seen, c, Window.FIRST_SECOND).recordValue(latencyNanos / 1000);
      }
    }
  }

  private static IntCountsHistogram histogram(
      @Nullable IntCountsHistogram[] all, MethodClass c, Window window) {
    int cell = c.index() * WINDOWS + window.index();
    IntCountsHistogram histogram = all[cell];
    if (histogram == null) {
      histogram = new IntCountsHistogram(DIGITS);
      all[cell] = histogram;
    }
    return histogram;
  }

  long count(Window window) {
    return sum(calls, window);
  }

  private static long sum(long[] counts, Window window) {
    if (window != Window.WHOLE) {
      return counts[window.index()];
    }
    return counts[Window.BEFORE.index()]
        + counts[Window.DURING.index()]
        + counts[Window.AFTER.index()];
  }

  void report(Map<Metric, Double> figures) {
    long lost = sum(bad, Window.WHOLE);
    long all = sum(calls, Window.WHOLE);
    figures.put(Metric.CALLS, (double) all);
    figures.put(Metric.CALLS_LOST, (double) lost);
    figures.put(Metric.MEAN_MILLIS, all == 0 ? Double.NaN : totalNanos / all / 1e6);
    figures.put(Metric.ERROR_SECONDS, lost / perSecond());
    if (period.hasFaults()) {
      figures.put(Metric.LOST_AT_ONSET, (double) lostAtOnset);
      double during = sum(calls, Window.DURING);
      figures.put(Metric.GOODPUT, 1 - sum(bad, Window.DURING) / during);
    }
  }

  /** The rate offered while faults last, else on the whole. */
  private double perSecond() {
    Window window = period.hasFaults() ? Window.DURING : Window.WHOLE;
    long from = period.measureFromNanos();
    long until = period.durationNanos();
    if (period.hasFaults()) {
      from = Math.max(from, period.faultNanos());
      until = period.healedNanos();
    }
    return Math.max(1, sum(calls, window)) / ((until - from) / 1e9);
  }

  Latencies toLatencies() {
    Latencies.Builder builder = new Latencies.Builder();
    for (Window window : Window.values()) {
      put(builder, null, window);
      MethodClass.ALL.forEach(c -> put(builder, c, window));
    }
    return builder.build();
  }

  private void put(Latencies.Builder builder, @Nullable MethodClass c, Window window) {
    IntCountsHistogram histogram = merged(seen, c, window);
    builder.count(c, window, histogram.getTotalCount());
    if (histogram.getTotalCount() > 0) {
      for (Quantile q : Quantile.values()) {
        builder.put(c, window, q, histogram.getValueAtPercentile(q.percent()) / 1e3);
      }
    }
  }

  private static IntCountsHistogram merged(
      @Nullable IntCountsHistogram[] all, @Nullable MethodClass only, Window window) {
    IntCountsHistogram sum = new IntCountsHistogram(DIGITS);
    for (MethodClass c : MethodClass.ALL) {
      if (only == null || only == c) {
        add(sum, all, c, window);
      }
    }
    return sum;
  }

  private static void add(
      IntCountsHistogram sum, @Nullable IntCountsHistogram[] all, MethodClass c, Window window) {
    if (window == Window.WHOLE) {
      add(sum, all, c, Window.BEFORE);
      add(sum, all, c, Window.DURING);
      add(sum, all, c, Window.AFTER);
      return;
    }
    IntCountsHistogram histogram = all[c.index() * WINDOWS + window.index()];
    if (histogram != null) {
      sum.add(histogram);
    }
  }
}
