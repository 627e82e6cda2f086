package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * gRPC's client-side weighted round robin under its outlier detection ({@link GrpcDetector}).
 *
 * <p><b>Weights</b> are {@code qps / (utilization + eps / qps x 1.0)}, recomputed every second;
 * they are not used in the first 10 s of an upstream's reports, nor three minutes after the last.
 * Who has no usable weight gets the average of the others; with fewer than two usable ones all are
 * equal.
 *
 * <p><b>Deviation.</b> JSON-RPC nodes send no load reports; taken literally this would be plain
 * round robin. To its benefit the gateway stands in for the server: utilization is the mean number
 * of its own calls that were at the server, queue included (answer time less the network's, summed
 * over a second and faded with 10 s), by 16, the number a server is supposed to work on at once.
 * Calls that never reached the server report nothing.
 *
 * <p>A call that is given up ended with DEADLINE_EXCEEDED, which counts as failed. A 429 is
 * RESOURCE_EXHAUSTED: it counts as failed and, not being UNAVAILABLE, is passed on. The phase of
 * the sweeps is random.
 *
 * <p>Source: gRFC A58, "weighted_round_robin LB policy" (blackout 10 s, expiration 3 min, update 1
 * s, error penalty 1.0); gRFC A50. A smooth rotation stands for A58's earliest-deadline-first
 * schedule.
 */
final class GrpcEjection extends Baseline {
  private static final long UPDATE_NANOS = 1_000_000_000L;
  private static final long BLACKOUT_NANOS = 10_000_000_000L;
  private static final long EXPIRATION_NANOS = 180_000_000_000L;
  private static final double ERROR_PENALTY = 1.0;
  private static final double KEPT = Math.exp(-0.1);
  private static final double SLOTS = 16;
  private static final long NEVER = -1;

  private final GrpcDetector detector;
  private final Rotation rotation;
  private final double[] answers;
  private final double[] errors;
  private final double[] serviceSeconds;
  private final double[] rttNanos;
  private final long[] reportingSince;
  private final long[] reportedLast;
  private final double[] weights;

  GrpcEjection(Network network, Scenario scenario, RandomGenerator random) {
    super(network, scenario, random);
    int upstreams = network.upstreams().size();
    detector =
        new GrpcDetector(upstreams, members().size(), network::onEjected, network::onReturned);
    rotation = new Rotation(upstreams);
    answers = new double[upstreams];
    errors = new double[upstreams];
    serviceSeconds = new double[upstreams];
    rttNanos = new double[upstreams];
    reportingSince = new long[upstreams];
    reportedLast = new long[upstreams];
    weights = new double[upstreams];
    Arrays.fill(rttNanos, Double.NaN);
    Arrays.fill(reportingSince, NEVER);
    Arrays.fill(weights, 1);
    network.schedule(this::update, UPDATE_NANOS);
    network.schedule(this::sweep, random.nextLong(GrpcDetector.INTERVAL_NANOS));
  }

  @Override
  int pick(SimCall call, Tries tries) {
    return rotation.next(this, tries, weights);
  }

  @Override
  boolean isServing(int upstream) {
    return !detector.isEjected(upstream);
  }

  @Override
  boolean retriesLimited() {
    return false;
  }

  @Override
  void onMembers() {
    detector.resize(members().size());
  }

  @Override
  void onEnded(SimAttempt attempt, Reply reply) {
    int u = attempt.upstream();
    boolean isGood = reply.result().isSuccess();
    detector.put(u, isGood);
    if (isGood || reply.maybeProcessed()) {
      report(u, isGood, (double) (network.nanoTime() - attempt.sentNanos()));
    }
  }

  @Override
  void onGivenUp(SimAttempt attempt) {
    detector.put(attempt.upstream(), false);
  }

  /** The weight of an upstream in the rotation; relative. */
  double weight(int upstream) {
    return weights[upstream];
  }

  private void report(int upstream, boolean isGood, double elapsedNanos) {
    if (Double.isNaN(rttNanos[upstream])) {
      rttNanos[upstream] = network.rttMillis(upstream) * 1e6;
    }
    double rtt = Double.isNaN(rttNanos[upstream]) ? 0 : rttNanos[upstream];
    answers[upstream]++;
    errors[upstream] += isGood ? 0 : 1;
    serviceSeconds[upstream] += Math.max(0, elapsedNanos - rtt) / 1e9;
    reportedLast[upstream] = network.nanoTime();
    if (reportingSince[upstream] == NEVER) {
      reportingSince[upstream] = network.nanoTime();
    }
  }

  private void update() {
    double sum = 0;
    int usable = 0;
    for (int i = 0; i < members().size(); i++) {
      int u = members().get(i);
      weights[u] = reportedWeight(u);
      sum += weights[u];
      usable += weights[u] > 0 ? 1 : 0;
    }
    for (int u = 0; u < weights.length; u++) {
      weights[u] = usable < 2 ? 1 : weights[u] > 0 ? weights[u] : sum / usable;
      answers[u] *= KEPT;
      errors[u] *= KEPT;
      serviceSeconds[u] *= KEPT;
    }
    network.schedule(this::update, UPDATE_NANOS);
  }

  private double reportedWeight(int upstream) {
    long now = network.nanoTime();
    if (reportingSince[upstream] == NEVER || now - reportedLast[upstream] >= EXPIRATION_NANOS) {
      reportingSince[upstream] = NEVER;
      return 0;
    }
    if (now - reportingSince[upstream] < BLACKOUT_NANOS || serviceSeconds[upstream] <= 0) {
      return 0;
    }
    double perSecond = answers[upstream] * (1 - KEPT);
    double utilization = serviceSeconds[upstream] * (1 - KEPT) / SLOTS;
    return perSecond / (utilization + errors[upstream] / answers[upstream] * ERROR_PENALTY);
  }

  private void sweep() {
    detector.sweep(network.nanoTime());
    network.schedule(this::sweep, GrpcDetector.INTERVAL_NANOS);
  }
}
