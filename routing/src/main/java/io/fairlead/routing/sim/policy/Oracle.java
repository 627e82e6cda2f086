package io.fairlead.routing.sim.policy;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind.BlackHole;
import io.fairlead.routing.sim.scenario.FaultKind.Errors;
import io.fairlead.routing.sim.scenario.FaultKind.Lag;
import io.fairlead.routing.sim.scenario.FaultKind.Limit;
import io.fairlead.routing.sim.scenario.FaultKind.Refuse;
import io.fairlead.routing.sim.scenario.FaultKind.Slow;
import io.fairlead.routing.sim.scenario.FaultKind.Stall;
import io.fairlead.routing.sim.scenario.FaultKind.Steal;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Server;
import io.fairlead.routing.sim.scenario.SimUpstream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A gateway that knows the whole scenario: paths, servers, and every fault the moment it begins.
 * What it achieves is about the best that can be, and others are measured by their distance to it.
 *
 * <p><b>Idea.</b> Each call goes where it is expected to be back first: the round trip, plus what
 * its class takes there at today's speed, plus its part of the queue, as the attempts of this
 * gateway in flight there tell. Places that cannot serve it now are out; of two equally good ones
 * the emptier. When a fault begins, what it strands is sent elsewhere at once.
 *
 * <p><b>Deviation.</b> Not optimal: it does not know how long a single call will take, does not see
 * what other gateways have in flight (it takes them to have as much as itself), and it is greedy.
 * It makes no use of knowing a fault before it begins.
 *
 * <p>Cost: O(upstreams) for each call.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
public final class Oracle implements GatewayUnderTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  private final Network network;
  private final Scenario scenario;
  private final RandomGenerator random;
  private final List<List<Fault>> faults = new ArrayList<>();
  private final double[] meanMillis = new double[MethodClass.ALL.size()];
  private final double[] queuedMillis;
  private final int[] inFlight;
  private final double[] tokens;
  private final long[] tokensAtNanos;
  private final List<SimAttempt> flying = new ArrayList<>();

  private Oracle(Network network, Scenario scenario, RandomGenerator random) {
    this.network = network;
    this.scenario = scenario;
    this.random = random;
    List<SimUpstream> upstreams = scenario.world().upstreams();
    queuedMillis = new double[upstreams.size()];
    inFlight = new int[upstreams.size()];
    tokens = new double[upstreams.size()];
    tokensAtNanos = new long[upstreams.size()];
    for (ClassLoad c : scenario.load().classes()) {
      meanMillis[c.methodClass().index()] = c.meanMillis();
    }
    for (SimUpstream u : upstreams) {
      String id = u.spec().id();
      faults.add(
          scenario.faults().stream()
              .filter(f -> f.targets().upstreamIds().contains(id))
              .sorted(Comparator.comparingLong(Fault::fromNanos))
              .toList());
    }
    for (Fault fault : scenario.faults()) {
      if (fault.kind() instanceof BlackHole || fault.kind() instanceof Refuse) {
        network.schedule(this::rescue, fault.fromNanos());
      }
    }
  }

  /**
   * Makes oracles.
   *
   * @return the factory of the oracle
   */
  public static Factory factory() {
    return new Factory() {
      @Override
      public String name() {
        return "oracle";
      }

      @Override
      public GatewayUnderTest create(Network network, Scenario scenario, RandomGenerator random) {
        return new Oracle(network, scenario, random);
      }
    };
  }

  @Override
  public void onCall(SimCall call) {
    if (!trySend(call)) {
      network.answer(call, false);
    }
  }

  private boolean trySend(SimCall call) {
    int best = -1;
    double least = NEVER;
    int ties = 0;
    for (int u = 0; u < inFlight.length; u++) {
      double cost = network.isConfigured(u) ? costMillis(u, call) : NEVER;
      if (cost < least) {
        least = cost;
        best = u;
        ties = 1;
      } else if (cost == least && cost < NEVER && random.nextInt(++ties) == 0) {
        best = u;
      }
    }
    if (best < 0) {
      return false;
    }
    SimAttempt attempt = network.send(call, best);
    inFlight[best]++;
    queuedMillis[best] += workMillis(best, call.methodClass());
    takeToken(best);
    attempt.attach(flying.size());
    flying.add(attempt);
    return true;
  }

  private double workMillis(int upstream, MethodClass c) {
    Server server = scenario.world().upstreams().get(upstream).server();
    boolean isHeavy = c == MethodClass.LOGS || c == MethodClass.TRACE;
    return meanMillis[c.index()] * (isHeavy ? server.heavyFactor() : 1) / server.speed();
  }

  /** When a call sent now may be back; infinite if it will not be. */
  private double costMillis(int upstream, SimCall call) {
    SimUpstream u = scenario.world().upstreams().get(upstream);
    long now = network.nanoTime();
    Outlook outlook = new Outlook(u.server());
    for (Fault fault : faults.get(upstream)) {
      if (now >= fault.fromNanos() && now < fault.untilNanos()) {
        outlook.add(fault, now, call.isHeadSensitive());
      }
    }
    boolean isLimited = outlook.limit < NEVER && refill(upstream, outlook.limit, now) < 1;
    if (isLimited || outlook.failure >= 1) {
      return NEVER;
    }
    double work = workMillis(upstream, call.methodClass()) * outlook.slowness;
    double wait = waitMillis(upstream, u.server().slots()) * outlook.slowness;
    double good = u.path().rttMillis() + wait + outlook.stalledMillis + work;
    return good / (1 - outlook.failure);
  }

  /** What there is to be done before, over the slots; other gateways have as much there. */
  private double waitMillis(int upstream, int slots) {
    double over = inFlight[upstream] * (double) scenario.play().gateways() + 1 - slots;
    double mean = queuedMillis[upstream] / Math.max(1, inFlight[upstream]);
    return Math.max(0, over) * mean / slots;
  }

  /** Keeps half of a second's quota back at most, for what it has sent ahead. */
  private double refill(int upstream, double perSecond, long now) {
    double earned = perSecond * (now - tokensAtNanos[upstream]) / 1e9;
    tokens[upstream] = Math.min(Math.max(1, perSecond / 2), tokens[upstream] + earned);
    tokensAtNanos[upstream] = now;
    return tokens[upstream];
  }

  private void takeToken(int upstream) {
    tokens[upstream] = Math.max(0, tokens[upstream] - 1);
  }

  private void land(SimAttempt attempt) {
    int upstream = attempt.upstream();
    inFlight[upstream]--;
    queuedMillis[upstream] -= workMillis(upstream, attempt.call().methodClass());
    if (attempt.attachment() instanceof Integer place) {
      SimAttempt last = flying.remove(flying.size() - 1);
      if (last != attempt) {
        flying.set(place, last);
        last.attach(place);
      }
      attempt.attach(null);
    }
  }

  /** Sends what has just been stranded elsewhere. */
  private void rescue() {
    for (SimAttempt attempt : List.copyOf(flying)) {
      boolean isStranded = costMillis(attempt.upstream(), attempt.call()) == NEVER;
      if (isStranded && attempt.call().isRepeatable() && trySend(attempt.call())) {
        network.cancel(attempt);
        land(attempt);
      }
    }
  }

  @Override
  public void onReply(SimAttempt attempt, Reply reply) {
    land(attempt);
    if (attempt.call().isEnded()) {
      return;
    }
    boolean isGood =
        reply.result() == AttemptResult.SUCCESS || reply.result() == AttemptResult.CLIENT_ERROR;
    boolean mayRepeat = attempt.call().isRepeatable() || !reply.maybeProcessed();
    if (isGood || !mayRepeat || !trySend(attempt.call())) {
      network.answer(attempt.call(), isGood);
    }
  }

  @Override
  public void onDeadline(SimCall call) {
    for (SimAttempt attempt : List.copyOf(flying)) {
      if (attempt.call() == call) {
        network.cancel(attempt);
        land(attempt);
      }
    }
  }

  /** What the faults in force at one upstream come to for one call. */
  private static final class Outlook {
    double failure;
    double slowness = 1;
    double stalledMillis;
    double limit;

    Outlook(Server server) {
      failure = server.errorRate();
      limit = server.quotaPerSecond() > 0 ? server.quotaPerSecond() : NEVER;
    }

    void add(Fault fault, long now, boolean isHeadSensitive) {
      if (fault.kind() instanceof Errors errors) {
        failure = 1 - (1 - failure) * (1 - errors.share());
      } else if (fault.kind() instanceof Slow slow) {
        slowness *= slow.factor();
      } else if (fault.kind() instanceof Steal steal) {
        slowness /= 1 - steal.share();
      } else if (fault.kind() instanceof Stall stall) {
        long into = (now - fault.fromNanos()) % stall.everyNanos();
        stalledMillis += Math.max(0, stall.forNanos() - into) / 1e6;
      } else if (fault.kind() instanceof Limit quota) {
        limit = Math.min(limit, quota.perSecond());
      } else if (!(fault.kind() instanceof Lag) || isHeadSensitive) {
        failure = 1;
      }
    }
  }
}
