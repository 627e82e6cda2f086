package io.fairlead.routing.sim.policy;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.time.Scheduler;
import java.util.List;
import java.util.function.Consumer;

/**
 * The simulated world as one gateway sees it: virtual time, timers, and the way to upstreams and
 * clients. Time starts at 0; tasks that were scheduled run in the order of their instants, those of
 * one instant in the order in which they were scheduled.
 *
 * <p>Thread-safety: none; the thread that plays the scenario.
 */
public interface Network extends Scheduler {
  /**
   * Every upstream of the world, configured at the moment or not; indexes refer to this list.
   *
   * @return always the same list
   */
  List<UpstreamSpec> upstreams();

  /**
   * Whether an upstream is configured now.
   *
   * @param upstream which
   * @return false before it joins and after it left
   */
  boolean isConfigured(int upstream);

  /**
   * Sends a call to an upstream. It counts as an attempt; attempts beyond the first are counted as
   * retries, or as hedges while another is in flight.
   *
   * @param call not ended
   * @param upstream whereto
   * @return the attempt, in flight
   */
  SimAttempt send(SimCall call, int upstream);

  /**
   * Gives up an attempt: {@link GatewayUnderTest#onReply} is not told of it. Work that its server
   * has begun is finished nevertheless; a request that waits there is dropped.
   *
   * @param attempt which; nothing happens if it has ended
   */
  void cancel(SimAttempt attempt);

  /**
   * Ends a call towards its client.
   *
   * @param call not ended
   * @param isGood whether the client got what it asked for, or an error that is its own doing;
   *     false for any other error
   */
  void answer(SimCall call, boolean isGood);

  /**
   * Asks an upstream something light on the gateway's own account; counted as a billable probe.
   *
   * @param upstream whom
   * @param then told how it ended; never, if nothing answers
   */
  void probe(int upstream, Consumer<ProbeReply> then);

  /**
   * What opening a connection takes: one round trip.
   *
   * @param upstream whereto
   * @return in milliseconds; {@link Double#NaN} while it cannot be reached
   */
  double rttMillis(int upstream);

  /**
   * The newest block that an upstream tells of in a subscription, which costs no calls.
   *
   * @param upstream whose
   * @return the block's number, or -1 while it cannot be reached
   */
  long headBlocks(int upstream);

  /**
   * For the record: the gateway holds a failure domain to be ill and takes its traffic away.
   *
   * @param domain which
   */
  void onBlamed(FailureDomain domain);

  /**
   * For the record: the gateway takes all traffic from an upstream, for its own sake or with a
   * domain.
   *
   * @param upstream which
   */
  void onEjected(int upstream);

  /**
   * For the record: the gateway gives an upstream that was ejected its whole share again.
   *
   * @param upstream which
   */
  void onReturned(int upstream);
}
