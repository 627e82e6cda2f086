package io.fairlead.routing.sim.policy;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A gateway in a simulated world: it is given calls and brings each to an end through its {@link
 * Network}.
 *
 * <p>Upstreams are named by their index in {@link Network#upstreams()}. Every call ends once: by
 * {@link Network#answer} or, without it, by the client's deadline, which counts as lost.
 *
 * <p>Thread-safety: none; all calls come on the thread that plays the scenario. A method may call
 * its network at once.
 */
public interface GatewayUnderTest {
  /**
   * A client's call arrives.
   *
   * @param call to be answered
   */
  void onCall(SimCall call);

  /**
   * An attempt ended by itself; not told of attempts that were cancelled, but told of those whose
   * call has ended meanwhile.
   *
   * @param attempt which
   * @param reply how
   */
  void onReply(SimAttempt attempt, Reply reply);

  /**
   * The client gave up; the call has been counted as lost and ended. Whatever is in flight for it
   * is to be cancelled.
   *
   * @param call whose
   */
  void onDeadline(SimCall call);

  /**
   * Upstreams joined or left the configuration.
   *
   * @param now those configured from now on, in the order of {@link Network#upstreams()}
   */
  default void onUpstreams(List<UpstreamSpec> now) {}

  /**
   * What part of new calls an upstream gets now, as far as the gateway can tell.
   *
   * @param upstream which
   * @param methodClass of which calls
   * @return 0 to 1, or {@link Double#NaN} where shares can only be measured
   */
  default double share(int upstream, MethodClass methodClass) {
    return Double.NaN;
  }

  /** Makes gateways of one kind. */
  interface Factory {
    /**
     * What reports call the kind.
     *
     * @return a short name, such as {@code round-robin}
     */
    String name();

    /**
     * A gateway at the start of a play, told nothing yet.
     *
     * @param network what it acts through; its own
     * @param scenario what is played, for its settings; what the world keeps to itself (paths,
     *     servers, faults) is not to be looked at
     * @param random its own
     * @return the gateway
     */
    GatewayUnderTest create(Network network, Scenario scenario, RandomGenerator random);
  }
}
