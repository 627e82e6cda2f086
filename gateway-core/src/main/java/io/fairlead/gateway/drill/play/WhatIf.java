package io.fairlead.gateway.drill.play;

import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.drill.file.Assumptions;
import io.fairlead.gateway.drill.file.ConfiguredWorld;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.sim.result.Metric;
import io.fairlead.routing.sim.result.Quantile;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Timeline;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.SimUpstream;
import io.fairlead.routing.sim.scenario.Targets;
import io.fairlead.routing.sim.scenario.World;
import java.util.List;
import java.util.Optional;

/**
 * What would happen to a configuration's users if a failure domain, or one upstream, fell silent:
 * played in virtual time.
 *
 * <p>The domain is a black hole from {@value #FAULT_SECONDS} s to {@value #END_SECONDS} s, the
 * worst way to fail: nothing says so. Traffic before that is what the table gives.
 */
public final class WhatIf {
  private static final long SECOND = 1_000_000_000L;
  private static final int FAULT_SECONDS = 20;
  private static final int END_SECONDS = 50;
  private static final long CLIENT_TIMEOUT_NANOS = 10 * SECOND;

  private final ChainConfig chain;
  private final FairleadConfig config;
  private final Load load;

  /**
   * Ready to ask.
   *
   * @param config the configuration
   * @param chain one of its chains
   * @param load what clients ask of it
   */
  public WhatIf(FairleadConfig config, ChainConfig chain, Load load) {
    this.config = config;
    this.chain = chain;
    this.load = load;
  }

  /**
   * The answer.
   *
   * @param target what falls silent
   * @param upstreams of the chain
   * @param members ids of those that fall silent
   * @param traffic where calls went and how many were in flight
   * @param users what users saw
   */
  public record Answer(
      Target target,
      List<UpstreamSpec> upstreams,
      List<String> members,
      Traffic traffic,
      Users users) {}

  /**
   * Where calls went before.
   *
   * @param share of calls that went to the members, 0 to 1
   * @param restInFlight the most attempts in flight at the others while it lasted
   * @param restLimit what the others may have in flight; empty if one of them has no limit
   */
  public record Traffic(double share, double restInFlight, Optional<Long> restLimit) {}

  /**
   * What users saw.
   *
   * @param before latencies before, in milliseconds
   * @param during latencies while it lasted
   * @param calls while it lasted
   * @param lost calls that got an error or no answer, in all
   * @param goneMillis until the members had less than a twentieth of the calls
   */
  public record Users(Latency before, Latency during, long calls, long lost, double goneMillis) {}

  /**
   * Latencies of light calls and of all.
   *
   * @param lightP99 of light calls, in milliseconds
   * @param allP99 of all calls, in milliseconds
   */
  public record Latency(double lightP99, double allP99) {}

  /**
   * Plays it.
   *
   * @param target what falls silent
   * @return the answer; empty if nothing of the chain is meant
   */
  public Optional<Answer> ask(Target target) {
    World world = ConfiguredWorld.of(chain, Assumptions.DEFAULT);
    List<UpstreamSpec> specs = world.upstreams().stream().map(SimUpstream::spec).toList();
    List<String> members = specs.stream().filter(target::covers).map(UpstreamSpec::id).toList();
    if (members.isEmpty()) {
      return Optional.empty();
    }
    Targets targets = new Targets(members, Optional.empty());
    Fault fault =
        new Fault(new FaultKind.BlackHole(), targets, FAULT_SECONDS * SECOND, END_SECONDS * SECOND);
    Play play =
        new Play(
            END_SECONDS * SECOND,
            FAULT_SECONDS * SECOND / 2,
            Math.max(CLIENT_TIMEOUT_NANOS, config.routing().timeout().toNanos()),
            1,
            ConfiguredWorld.settings(config.routing()));
    Scenario scenario = new Scenario("what-if", world, load, List.of(fault), play);
    Result result = Contest.playOnce(scenario, Contestants.FAIRLEAD);
    return Optional.of(
        new Answer(target, specs, members, traffic(result, specs, members), users(result)));
  }

  private static Traffic traffic(Result result, List<UpstreamSpec> specs, List<String> members) {
    Timeline timeline = result.timeline();
    int fault = (int) (FAULT_SECONDS * SECOND / Timeline.BUCKET_NANOS);
    double inside = 0;
    double all = 0;
    for (int b = fault / 2; b < fault; b++) {
      for (int u = 0; u < specs.size(); u++) {
        all += timeline.picks(b, u);
        inside += members.contains(specs.get(u).id()) ? timeline.picks(b, u) : 0;
      }
    }
    return new Traffic(
        all == 0 ? 0 : inside / all, restInFlight(timeline, members, fault), limit(specs, members));
  }

  private static double restInFlight(Timeline timeline, List<String> members, int from) {
    double most = 0;
    for (int b = from; b < timeline.size(); b++) {
      double sum = 0;
      for (int u = 0; u < timeline.upstreams().size(); u++) {
        boolean isRest = !members.contains(timeline.upstreams().get(u).id());
        sum += isRest ? timeline.inFlight(b, u) : 0;
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  private static Optional<Long> limit(List<UpstreamSpec> specs, List<String> members) {
    List<UpstreamSpec> rest = specs.stream().filter(s -> !members.contains(s.id())).toList();
    return rest.stream().anyMatch(s -> s.maxConcurrency() == Integer.MAX_VALUE)
        ? Optional.empty()
        : Optional.of(rest.stream().mapToLong(UpstreamSpec::maxConcurrency).sum());
  }

  private static Users users(Result result) {
    return new Users(
        latency(result, Window.BEFORE),
        latency(result, Window.DURING),
        result.latencies().count(null, Window.DURING),
        (long) result.get(Metric.CALLS_LOST),
        result.get(Metric.SHARE_GONE_MILLIS));
  }

  private static Latency latency(Result result, Window window) {
    return new Latency(
        result.latencies().millis(MethodClass.LIGHT, window, Quantile.P99),
        result.latencies().millis(null, window, Quantile.P99));
  }
}
