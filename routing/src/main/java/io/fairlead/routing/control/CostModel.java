package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.evidence.Interval;
import io.fairlead.routing.evidence.LatencyEstimate;
import io.fairlead.routing.evidence.LatencySink;
import io.fairlead.routing.table.CostParts;
import io.fairlead.routing.table.TableDraft;
import io.fairlead.routing.table.Topology;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a call is expected to cost at each upstream, in milliseconds.
 *
 * <p><b>The formula.</b>
 *
 * <pre>  cost = rtt_u + exp(s_uc) x b_c + (1 - P) / max(P, 0.02) x (F_u + alternative)</pre>
 *
 * Network time adds; slowness multiplies; a failure costs the time until it shows and the retry
 * that follows, so a fast error never looks like a fast server. {@code b_c} is the class's
 * baseline, the median over healthy upstreams of their median service time. {@code s_uc} is the
 * upstream's log-slowness against it, shrunk by n/(n+1) towards the upstream's own over all
 * classes, which in turn is shrunk by n/(n+8) towards 0: an upstream that nobody has used counts as
 * an ordinary one. The textbook weight is the variance of one result over that between upstreams.
 * Results of one class scatter by half a nat or less, and what a machine is to light calls tells as
 * little of what it is to traces (an archive on slow disks, four times slower, is 1.4 nats): about
 * one. With 8 in its place such a machine kept half of its light calls' good name, and every
 * hundredth trace, for as long as it was given few of them. Evidence of slowness from classes that
 * vanish in the round trip's noise counts less. {@code P} is how often the upstream succeeds with
 * the class, shrunk towards how often it does at all, and that towards its domains. {@code F_u} is
 * how long failures there take; {@code alternative} the cheapest upstream's round trip and service.
 *
 * <p><b>Bounds.</b> s lies within ln 100, so no measurement takes an upstream out of the running by
 * itself; the trickle keeps measuring it. Quantiles come with {@link LatencyEstimate}'s errors.
 *
 * <p><b>Cost.</b> One pass over upstreams x classes every 200 ms.
 *
 * <p>Thread-safety: none; control loop only.
 *
 * <p>Source: shrinkage is James and Stein's, with the textbook weight n/(n+k) (Efron and Morris
 * 1977); the price of a failure follows from one retry at the alternative, repeated (a geometric
 * series).
 */
final class CostModel {
  /** Service times to go by until there are any, in milliseconds, by class. */
  private static final double[] NOMINAL_MILLIS = {2, 10, 50, 500, 20};

  private static final double SHRINK = 8;
  private static final double CLASS_SHRINK = 1;
  private static final double USUAL_SUCCESS = 0.999;
  private static final int[] NOBODY = {};
  private static final double MAX_SLOWNESS = Math.log(100);

  private final Topology topology;
  private final List<UpstreamState> states;
  private final double[][] cost;
  private final @Nullable CostParts[][] parts;
  private final CostParts.@Nullable Service[] services;
  private final double[] baselineMillis = new double[MethodClass.ALL.size()];
  private final double[] slowness;
  private final Timers timers;
  private final Interval interval = new Interval();

  CostModel(Topology topology, List<UpstreamState> states, Timers timers) {
    this.timers = timers;
    this.topology = topology;
    this.states = states;
    cost = new double[MethodClass.ALL.size()][topology.size()];
    parts = new @Nullable CostParts[MethodClass.ALL.size()][topology.size()];
    services = new CostParts.@Nullable Service[topology.size()];
    slowness = new double[topology.size()];
    for (double[] row : cost) {
      Arrays.fill(row, Double.NaN);
    }
  }

  /** Takes in what the lanes recorded and works everything out anew. */
  void refresh(List<EvidenceLane> lanes, long nowNanos) {
    for (UpstreamState u : states) {
      for (MethodClass c : MethodClass.ALL) {
        Merge merge = new Merge(u, c, nowNanos);
        for (EvidenceLane lane : lanes) {
          lane.drainLatency(u.upstream, c, merge);
        }
      }
    }
    states.forEach(UpstreamState::refreshRtt);
    states.forEach(u -> u.room.review(u.rttNanos(), nowNanos));
    for (MethodClass c : MethodClass.ALL) {
      baselineMillis[c.index()] = baseline(c, nowNanos);
    }
    price(nowNanos);
    timers.refresh();
    lanes.forEach(this::setSlowAbove);
  }

  /** Works the costs out anew from what is known by now. */
  void price(long nowNanos) {
    for (int i = 0; i < slowness.length; i++) {
      slowness[i] = ownSlowness(states.get(i), nowNanos);
      states.get(i).domainSuccess = domainSuccess(i, nowNanos);
    }
    for (MethodClass c : MethodClass.ALL) {
      work(c, nowNanos);
    }
  }

  private void setSlowAbove(EvidenceLane lane) {
    for (UpstreamState u : states) {
      for (MethodClass c : MethodClass.ALL) {
        lane.setSlowAbove(u.upstream, c, timers.slowAboveNanos(u, c));
      }
    }
  }

  private double baseline(MethodClass c, long nowNanos) {
    double[] logs = new double[states.size()];
    int count = 0;
    for (UpstreamState u : states) {
      LatencyEstimate estimate = u.latency[c.index()];
      if (u.isEligible() && !u.recovery.isOut() && estimate.recentSamples(nowNanos) >= 1) {
        logs[count++] = estimate.logServiceMillis();
      }
    }
    Arrays.sort(logs, 0, count);
    double before = baselineMillis[c.index()];
    if (count == 0) {
      return before > 0 ? before : NOMINAL_MILLIS[c.index()];
    }
    return Math.exp(count % 2 == 1 ? logs[count / 2] : (logs[count / 2 - 1] + logs[count / 2]) / 2);
  }

  private double ownSlowness(UpstreamState u, long nowNanos) {
    double sum = 0;
    double weights = SHRINK;
    for (MethodClass c : MethodClass.ALL) {
      LatencyEstimate estimate = u.latency[c.index()];
      double n = estimate.recentSamples(nowNanos);
      if (n > 0.01) {
        double b = baselineMillis[c.index()];
        double w = n * b / (b + 0.05 * u.rttNanos() / 1e6);
        sum += w * (estimate.logServiceMillis() - Math.log(b));
        weights += w;
      }
    }
    return clamp(sum / weights);
  }

  private double domainSuccess(int i, long nowNanos) {
    int smallest = -1;
    for (int d : topology.domainsOf(i)) {
      if (smallest < 0 || topology.members(d).length < topology.members(smallest).length) {
        smallest = d;
      }
    }
    double good = 20 * USUAL_SUCCESS;
    double total = 20;
    for (int m : smallest < 0 ? NOBODY : topology.members(smallest)) {
      states.get(m).overall.fade(nowNanos);
      good += states.get(m).overall.good();
      total += states.get(m).overall.total();
    }
    return good / total;
  }

  private static double clamp(double s) {
    return Math.min(MAX_SLOWNESS, Math.max(-MAX_SLOWNESS, s));
  }

  /** The class's median service time over healthy upstreams. */
  double baselineMillis(MethodClass c) {
    return baselineMillis[c.index()];
  }

  /** The logarithm of what a call of a class takes at an upstream, the round trip aside, in ms. */
  double logServiceMillis(int i, MethodClass c, long nowNanos) {
    return Math.log(baselineMillis[c.index()]) + logSlowness(i, c, nowNanos);
  }

  private CostParts.Service service(int i, MethodClass c, long nowNanos) {
    return new CostParts.Service(baselineMillis[c.index()], logSlowness(i, c, nowNanos));
  }

  private double logSlowness(int i, MethodClass c, long nowNanos) {
    LatencyEstimate estimate = states.get(i).latency[c.index()];
    double b = baselineMillis[c.index()];
    double n = estimate.recentSamples(nowNanos);
    double s = slowness[i];
    if (n > 0.01) {
      double measured = clamp(estimate.logServiceMillis() - Math.log(b));
      s = (n * measured + CLASS_SHRINK * s) / (n + CLASS_SHRINK);
    }
    return s;
  }

  private void work(MethodClass c, long nowNanos) {
    double[] row = cost[c.index()];
    double alternative = Double.POSITIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      UpstreamState u = states.get(i);
      CostParts.Service service = u.isRttKnown() ? service(i, c, nowNanos) : null;
      services[i] = service;
      row[i] = service == null ? Double.NaN : u.rttNanos() / 1e6 + service.millis();
      if (u.isEligible() && !u.recovery.isOut() && row[i] > 0) {
        alternative = Math.min(alternative, row[i]);
      }
    }
    for (int i = 0; i < row.length; i++) {
      CostParts made = withFailure(i, c, alternative);
      parts[c.index()][i] = made;
      row[i] = made == null ? Double.NaN : made.totalMillis();
    }
  }

  private @Nullable CostParts withFailure(int i, MethodClass c, double alternative) {
    CostParts.Service service = services[i];
    if (service == null) {
      return null;
    }
    UpstreamState u = states.get(i);
    double rtt = u.rttNanos() / 1e6;
    double retry = alternative < Double.POSITIVE_INFINITY ? alternative : rtt + service.millis();
    return new CostParts(rtt, service, failure(u, c, retry));
  }

  private static CostParts.Failure failure(UpstreamState u, MethodClass c, double alternative) {
    double ever = u.overall.success(u.domainSuccess, 10);
    double success = u.byClass[c.index()].success(ever, SHRINK);
    return new CostParts.Failure(success, u.failureMillis, alternative);
  }

  double[] row(MethodClass c) {
    return cost[c.index()];
  }

  private static double slowness(@Nullable CostParts parts) {
    return parts == null ? 1 : Math.exp(parts.service().logSlowness());
  }

  /** Writes costs and timers into a draft. */
  void fill(TableDraft draft, RoutingPolicy policy) {
    for (MethodClass c : MethodClass.ALL) {
      double[] row = cost[c.index()];
      TableDraft.ClassNumbers numbers = draft.numbers(c);
      for (int i = 0; i < row.length; i++) {
        UpstreamState u = states.get(i);
        CostParts made = parts[c.index()][i];
        if (made != null) {
          numbers.setCost(i, made);
        }
        numbers.setTimers(
            i,
            timers.overdueNanos(u, c, slowness(made), policy),
            timers.hedgeNanos(u, c, slowness[i], policy),
            timers.attemptNanos(u, c, policy));
      }
    }
  }

  /** Brings recorders' intervals into the estimate of one upstream and class. */
  private final class Merge implements LatencySink {
    private final UpstreamState state;
    private final MethodClass methodClass;
    private final long nowNanos;

    Merge(UpstreamState state, MethodClass methodClass, long nowNanos) {
      this.state = state;
      this.methodClass = methodClass;
      this.nowNanos = nowNanos;
    }

    @Override
    public void onExact(Histogram histogram) {
      interval.read(histogram);
      if (!state.isRttKnown()) {
        // Lightest classes come first, so that heavier ones find the round trip known.
        state.onRttGuess(interval.leastNanos());
      }
      state.latency[methodClass.index()].add(interval, state.rttNanos(), nowNanos);
      state.room.onLatency(methodClass, interval);
      timers.onSamples(state, methodClass, interval, nowNanos);
    }

    @Override
    public void onCensored(Histogram histogram) {
      interval.read(histogram);
      state.latency[methodClass.index()].addCensored(interval, state.rttNanos(), nowNanos);
    }
  }
}
