package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A periodic-score router like eRPC: every 15 s upstreams are ranked by what the last minute
 * showed, and until the next time every call goes to the first, a retry or hedge to the next, as
 * does what is beyond the first's budget ({@link RateBudgets}); what is beyond all goes anywhere.
 *
 * <p><b>Rules</b> (the shipped default policy): excluded are those with more than 10 samples whose
 * error rate is above 0.7 or whose share of 429s is above 0.4, and those 16 blocks or more behind;
 * if nobody is left, nobody is excluded. The others are ranked by {@code 1 / (1 + 4 x error rate +
 * 15 x p70 in seconds + 4 x share of 429s + blocks behind)}. The first stays first for 30 s, and
 * until another's score is 30 % above its own. A tenth of the calls is mirrored to everyone
 * excluded, four at a time, with a timeout of 10 s. Each upstream has a {@link Breaker}.
 *
 * <p><b>Hedges</b>: eRPC's configuration without a configuration file sends up to two, each after
 * the class's p70, at least 100 ms. So they are here, unless the hedge budget is 0. A cancelled
 * request leaves no trace in scores or breaker: who never answers keeps its score.
 *
 * <p><b>Deviations.</b> Ranks are kept per method class ({@code evalScope: network-method}, {@code
 * stickyPrimary} with the slot's scope), which suits this load better than the default of one first
 * upstream for all methods: that one would queue every heavy call where the light ones go. Where a
 * class has no samples of an upstream, those over all classes count, eRPC's poll of the newest
 * block every 30 s included (billable, a light probe here), not a perfect score. Mirrored calls are
 * light probes. It is taken to be long in service: one sample of the time to connect stands for
 * what it asked before the play, the phase of its evaluations is random, and the first may be
 * replaced at once. The breaker, which eRPC leaves to the operator, is on with its default figures.
 * The rules against latencies above 3 s are left out, since clients give up earlier. A 429 is
 * retried.
 *
 * <p>Source: erpc/erpc of August 2026: {@code internal/policy/default_policy.js}, {@code stdlib.js}
 * ({@code PREFER_FASTEST}, {@code stickyPrimary}), {@code common/defaults.go}, {@code
 * health/tracker.go}.
 */
final class PeriodicScore extends Baseline {
  private static final long EVALUATION_NANOS = 15_000_000_000L;
  private static final long HEDGE_REFRESH_NANOS = 1_000_000_000L;
  private static final long MIN_HEDGE_NANOS = 100_000_000L;
  private static final long POLL_NANOS = 30_000_000_000L;
  private static final double QUANTILE = 0.7;
  private static final int MAX_HEDGES = 2;
  private static final double MIRRORED = 0.1;
  private static final int MAX_MIRRORED = 4;
  private static final long MIRROR_TIMEOUT_NANOS = 10_000_000_000L;

  private final ScoreRanks[] ranks = new ScoreRanks[MethodClass.ALL.size()];
  private final ScoreWindow[] classWindows = new ScoreWindow[MethodClass.ALL.size()];
  private final long[] hedgeNanos = new long[MethodClass.ALL.size()];
  private final ScoreWindow[] acrossClasses;
  private final Breaker[] breakers;
  private final RateBudgets budgets;
  private final int[] reasons;
  private final int[] mirrored;
  private final int maxHedges;

  PeriodicScore(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    breakers = new Breaker[network.upstreams().size()];
    acrossClasses = new ScoreWindow[breakers.length];
    budgets = new RateBudgets(breakers.length, scenario.play().gateways(), random);
    reasons = new int[breakers.length];
    mirrored = new int[breakers.length];
    maxHedges = scenario.play().settings().hedgeBudget() > 0 ? MAX_HEDGES : 0;
    Arrays.setAll(breakers, u -> new Breaker());
    Arrays.setAll(acrossClasses, u -> new ScoreWindow());
    Arrays.setAll(ranks, c -> new ScoreRanks(network, acrossClasses));
    Arrays.setAll(classWindows, c -> new ScoreWindow());
    Arrays.fill(hedgeNanos, MIN_HEDGE_NANOS);
    for (int u = 0; u < breakers.length; u++) {
      greet(u);
    }
    for (ScoreRanks r : ranks) {
      rank(r);
    }
    network.schedule(this::evaluate, random.nextLong(EVALUATION_NANOS));
    network.schedule(this::refreshHedges, HEDGE_REFRESH_NANOS);
    network.schedule(this::poll, random.nextLong(POLL_NANOS));
  }

  @Override
  int maxHedges() {
    return maxHedges;
  }

  @Override
  boolean isServing(int upstream) {
    return breakers[upstream].isPermitting(network.nanoTime());
  }

  @Override
  void onMembers() {
    for (ScoreRanks r : ranks) {
      rank(r);
    }
  }

  @Override
  int pick(SimCall call, Tries tries) {
    ScoreRanks order = ranks[call.methodClass().index()];
    if (tries.count() == 0 && order.excluded() > 0 && random.nextDouble() < MIRRORED) {
      mirror(order);
    }
    for (int i = 0; i < order.size(); i++) {
      int u = order.get(i);
      if (isFree(u, tries) && budgets.tryTake(u, call.methodClass(), network.nanoTime())) {
        return u;
      }
    }
    return draw(tries);
  }

  @Override
  void onSent(SimAttempt attempt) {
    SimCall call = attempt.call();
    if (maxHedges > 0 && call.isRepeatable()) {
      scheduleHedge(call);
    }
  }

  @Override
  void onEnded(SimAttempt attempt, Reply reply) {
    long elapsed = network.nanoTime() - attempt.sentNanos();
    int c = attempt.call().methodClass().index();
    note(ranks[c].window(attempt.upstream()), reply.result(), elapsed);
    note(acrossClasses[attempt.upstream()], reply.result(), elapsed);
    note(classWindows[c], reply.result(), elapsed);
    if (reply.result() != AttemptResult.LIMITED) {
      judge(attempt.upstream(), !reply.result().isFailure());
    }
  }

  /** Who comes first for a class now; {@link #NONE} without members. */
  int primary(MethodClass methodClass) {
    ScoreRanks order = ranks[methodClass.index()];
    return order.size() == 0 ? NONE : order.get(0);
  }

  private void judge(int upstream, boolean isGood) {
    Breaker breaker = breakers[upstream];
    boolean wasOpen = breaker.isOpen();
    breaker.put(isGood, network.nanoTime());
    if (wasOpen != breaker.isOpen()) {
      reason(upstream, breaker.isOpen());
    }
  }

  /** Counts by how many classes and breakers an upstream is out, for the record. */
  private void reason(int upstream, boolean isOneMore) {
    reasons[upstream] += isOneMore ? 1 : -1;
    if (isOneMore && reasons[upstream] == 1) {
      network.onEjected(upstream);
    } else if (!isOneMore && reasons[upstream] == 0) {
      network.onReturned(upstream);
    }
  }

  private void rank(ScoreRanks order) {
    order.evaluate(members(), network.nanoTime(), this::reason);
  }

  private void poll() {
    for (int i = 0; i < members().size(); i++) {
      new Asked(acrossClasses[members().get(i)]).send(members().get(i), () -> {});
    }
    network.schedule(this::poll, POLL_NANOS);
  }

  private void greet(int upstream) {
    double rtt = network.rttMillis(upstream);
    if (Double.isNaN(rtt)) {
      acrossClasses[upstream].addBad();
    } else {
      acrossClasses[upstream].addGood(rtt);
    }
  }

  private void evaluate() {
    for (int c = 0; c < ranks.length; c++) {
      rank(ranks[c]);
      ranks[c].rotate();
      classWindows[c].rotate();
    }
    for (ScoreWindow w : acrossClasses) {
      w.rotate();
    }
    network.schedule(this::evaluate, EVALUATION_NANOS);
  }

  private void refreshHedges() {
    for (int c = 0; c < hedgeNanos.length; c++) {
      double millis = classWindows[c].quantileMillis(QUANTILE);
      hedgeNanos[c] = Math.max(MIN_HEDGE_NANOS, (long) (millis * 1e6));
    }
    network.schedule(this::refreshHedges, HEDGE_REFRESH_NANOS);
  }

  private void scheduleHedge(SimCall call) {
    network.schedule(
        () -> {
          if (!call.isEnded()) {
            hedge(call);
          }
        },
        hedgeNanos[call.methodClass().index()]);
  }

  private void mirror(ScoreRanks order) {
    for (int i = 0; i < order.excluded(); i++) {
      int u = order.getExcluded(i);
      if (mirrored[u] < MAX_MIRRORED) {
        mirrored[u]++;
        new Asked(order.window(u)).send(u, () -> mirrored[u]--);
      }
    }
  }

  private static void note(ScoreWindow window, AttemptResult result, long elapsedNanos) {
    if (result == AttemptResult.LIMITED) {
      window.addLimited();
    } else if (result.isFailure()) {
      window.addBad();
    } else {
      window.addGood(elapsedNanos / 1e6);
    }
  }

  /** A light request of the router's own, noted in a window. */
  private final class Asked {
    private final ScoreWindow window;
    private boolean isOver;

    Asked(ScoreWindow window) {
      this.window = window;
    }

    void send(int upstream, Runnable then) {
      network.probe(upstream, reply -> end(reply.result(), reply.elapsedNanos(), then));
      network.schedule(() -> end(AttemptResult.TIMED_OUT, 0, then), MIRROR_TIMEOUT_NANOS);
    }

    private void end(AttemptResult result, long elapsedNanos, Runnable then) {
      if (!isOver) {
        isOver = true;
        note(window, result, elapsedNanos);
        then.run();
      }
    }
  }
}
