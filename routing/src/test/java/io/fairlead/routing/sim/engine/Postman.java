package io.fairlead.routing.sim.engine;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.sim.policy.GatewayUnderTest;
import io.fairlead.routing.sim.policy.Network;
import io.fairlead.routing.sim.policy.Reply;
import io.fairlead.routing.sim.policy.SimAttempt;
import io.fairlead.routing.sim.policy.SimCall;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that sends each call to the first upstream, once, passes on what comes back, and writes
 * everything down.
 */
class Postman implements GatewayUnderTest, GatewayUnderTest.Factory {
  /** An attempt and what came back, if anything. */
  record Letter(SimAttempt attempt, Reply reply, long repliedNanos) {
    long sentNanos() {
      return attempt.sentNanos();
    }

    AttemptResult result() {
      return reply.result();
    }
  }

  final List<SimCall> calls = new ArrayList<>();
  final List<SimAttempt> sent = new ArrayList<>();
  final List<Letter> replies = new ArrayList<>();
  final List<SimCall> lost = new ArrayList<>();
  final List<List<UpstreamSpec>> members = new ArrayList<>();
  final Map<MethodClass, Double> told = new TreeMap<>();
  int answers;
  private @Nullable Network own;

  @Override
  public String name() {
    return "postman";
  }

  @Override
  public GatewayUnderTest create(Network network, Scenario scenario, RandomGenerator random) {
    this.own = network;
    begin();
    return this;
  }

  void begin() {}

  final Network network() {
    return Objects.requireNonNull(own);
  }

  @Override
  public void onCall(SimCall call) {
    calls.add(call);
    sent.add(network().send(call, 0));
  }

  @Override
  public void onReply(SimAttempt attempt, Reply reply) {
    replies.add(new Letter(attempt, reply, network().nanoTime()));
    if (!attempt.call().isEnded()) {
      answers++;
      network().answer(attempt.call(), reply.result().isSuccess());
    }
  }

  @Override
  public void onDeadline(SimCall call) {
    lost.add(call);
  }

  @Override
  public void onUpstreams(List<UpstreamSpec> now) {
    members.add(now);
  }
}
