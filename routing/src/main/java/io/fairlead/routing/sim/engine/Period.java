package io.fairlead.routing.sim.engine;

import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.World;
import java.util.BitSet;
import java.util.List;

/**
 * When faults are in force, and whom they befall.
 *
 * <p>Thread-safety: immutable.
 */
final class Period {
  /** How long after a fault whoever it befell may still be held to account. */
  private static final long GRACE_NANOS = 5_000_000_000L;

  private static final long FIRST_NANOS = 1_000_000_000L;

  private final World world;
  private final List<Fault> faults;
  private final long measureFromNanos;
  private final long durationNanos;
  private final long faultNanos;
  private final long healedNanos;
  private final BitSet targets = new BitSet();

  Period(Scenario scenario) {
    world = scenario.world();
    faults = scenario.faults();
    measureFromNanos = scenario.play().measureFromNanos();
    durationNanos = scenario.play().durationNanos();
    long from = durationNanos;
    long until = 0;
    for (Fault fault : faults) {
      from = Math.min(from, fault.fromNanos());
      until = Math.max(until, fault.untilNanos());
      targets.or(targetsOf(fault));
    }
    faultNanos = from;
    healedNanos = faults.isEmpty() ? durationNanos : Math.min(until, durationNanos);
  }

  private BitSet targetsOf(Fault fault) {
    BitSet set = new BitSet();
    fault.targets().upstreamIds().forEach(id -> set.set(world.indexOf(id)));
    return set;
  }

  boolean hasFaults() {
    return !faults.isEmpty();
  }

  /** When the first fault begins; the end of the play without faults. */
  long faultNanos() {
    return faultNanos;
  }

  /** When the last fault ends, at most the end of the play. */
  long healedNanos() {
    return healedNanos;
  }

  long measureFromNanos() {
    return measureFromNanos;
  }

  long durationNanos() {
    return durationNanos;
  }

  boolean isTarget(int upstream) {
    return targets.get(upstream);
  }

  BitSet targets() {
    return (BitSet) targets.clone();
  }

  boolean isMeasured(long nanos) {
    return nanos >= measureFromNanos;
  }

  Window windowOf(long nanos) {
    if (nanos < faultNanos) {
      return Window.BEFORE;
    }
    return nanos < healedNanos ? Window.DURING : Window.AFTER;
  }

  /** Whether an instant is within a second of the first fault's begin. */
  boolean isOnset(long nanos) {
    return Math.abs(nanos - faultNanos) < FIRST_NANOS;
  }

  boolean isFirstSecond(long nanos) {
    return nanos >= faultNanos && nanos < faultNanos + FIRST_NANOS;
  }

  /** Whom some fault befalls now or did so lately. */
  BitSet guiltyAt(long nanos) {
    BitSet guilty = new BitSet();
    for (Fault fault : faults) {
      if (nanos >= fault.fromNanos() && nanos < fault.untilNanos() + GRACE_NANOS) {
        guilty.or(targetsOf(fault));
      }
    }
    return guilty;
  }
}
