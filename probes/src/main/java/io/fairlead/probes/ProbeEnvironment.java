package io.fairlead.probes;

import io.fairlead.routing.time.Scheduler;
import java.util.random.RandomGenerator;

/**
 * Everything a prober needs from the world.
 *
 * @param port carries its questions
 * @param scheduler the control thread's time and timers
 * @param random for jitter, and for questions that no cache has seen
 * @param ledger what was spent already, by an earlier prober of the chain perhaps
 */
public record ProbeEnvironment(
    ProbePort port, Scheduler scheduler, RandomGenerator random, ProbeLedger ledger) {
  /**
   * An environment in which nothing was spent.
   *
   * @param port carries its questions
   * @param scheduler the control thread's time and timers
   * @param random for jitter, and for questions that no cache has seen
   */
  public ProbeEnvironment(ProbePort port, Scheduler scheduler, RandomGenerator random) {
    this(port, scheduler, random, new ProbeLedger());
  }
}
