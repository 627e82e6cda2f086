package io.fairlead.routing.sim.engine;

import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.FaultKind.Absent;
import io.fairlead.routing.sim.scenario.FaultKind.BlackHole;
import io.fairlead.routing.sim.scenario.FaultKind.Errors;
import io.fairlead.routing.sim.scenario.FaultKind.Lag;
import io.fairlead.routing.sim.scenario.FaultKind.Limit;
import io.fairlead.routing.sim.scenario.FaultKind.Refuse;
import io.fairlead.routing.sim.scenario.FaultKind.Slow;
import io.fairlead.routing.sim.scenario.FaultKind.Stall;
import io.fairlead.routing.sim.scenario.FaultKind.Steal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What befalls one node now: the faults in force, and what they amount to together.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
final class Weather {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long FIRST_BLOCK = 1_000_000;

  private final long blockTimeNanos;
  private final List<Fault> inForce = new ArrayList<>();
  private final Map<Fault, Bucket> limits = new HashMap<>();
  private List<Errors> errors = List.of();
  private boolean isSilent;
  private long refusingSince = NEVER;
  private long absentSince = NEVER;
  private double speed = 1;
  private long lagBlocks;
  private int stalls;

  Weather(long blockTimeNanos) {
    this.blockTimeNanos = blockTimeNanos;
  }

  void begin(Fault fault, long nowNanos) {
    inForce.add(fault);
    if (fault.kind() instanceof Limit limit) {
      limits.put(fault, new Bucket(limit.perSecond(), nowNanos));
    }
    reckon();
  }

  void end(Fault fault) {
    inForce.remove(fault);
    limits.remove(fault);
    reckon();
  }

  /** One of the stalls of a fault begins or ends. */
  void onStall(boolean begins) {
    stalls += begins ? 1 : -1;
  }

  private void reckon() {
    isSilent = false;
    refusingSince = NEVER;
    absentSince = NEVER;
    speed = 1;
    lagBlocks = 0;
    errors = new ArrayList<>();
    for (Fault fault : inForce) {
      reckon(fault, fault.kind());
    }
  }

  private void reckon(Fault fault, FaultKind kind) {
    if (kind instanceof BlackHole) {
      isSilent = true;
    } else if (kind instanceof Refuse) {
      refusingSince = Math.min(refusingSince, fault.fromNanos());
    } else if (kind instanceof Absent) {
      absentSince = Math.min(absentSince, fault.fromNanos());
    } else if (kind instanceof Slow slow) {
      speed /= slow.factor();
    } else if (kind instanceof Steal steal) {
      speed *= 1 - steal.share();
    } else if (kind instanceof Lag lag) {
      lagBlocks = Math.max(lagBlocks, lag.blocks());
    } else if (kind instanceof Errors some) {
      errors.add(some);
    } else if (!(kind instanceof Stall || kind instanceof Limit)) {
      throw new IllegalArgumentException("fault: " + kind + " (expected: a known kind)");
    }
  }

  boolean isConfigured() {
    return absentSince == NEVER;
  }

  boolean isReachable() {
    return !isSilent && refusingSince == NEVER && isConfigured();
  }

  /** Whether the node is a black hole now. */
  boolean isSilent() {
    return isSilent;
  }

  /** Whether connections are refused, and open ones reset, now. */
  boolean isRefusing() {
    return refusingSince != NEVER;
  }

  /** Whether a request that was sent then and arrives now is refused or reset. */
  boolean refuses(long sentNanos) {
    return isRefusing() || sentNanos >= absentSince;
  }

  /** Whether it was refused already when a request was sent, so that it went nowhere. */
  boolean refusedWhenSent(long sentNanos) {
    return sentNanos >= refusingSince || sentNanos >= absentSince;
  }

  List<Errors> errors() {
    return errors;
  }

  boolean tryTakeLimits(long nowNanos) {
    boolean isGiven = true;
    if (!limits.isEmpty()) {
      for (Bucket bucket : limits.values()) {
        isGiven &= bucket.tryTake(nowNanos);
      }
    }
    return isGiven;
  }

  /** How fast work goes on, 1 in good weather. */
  double rate() {
    return stalls > 0 ? 0 : speed;
  }

  /** The newest block that the node knows. */
  long headBlocks(long nowNanos) {
    return chainHead(nowNanos, blockTimeNanos) - lagBlocks;
  }

  /** The newest block that there is. */
  static long chainHead(long nowNanos, long blockTimeNanos) {
    return FIRST_BLOCK + nowNanos / blockTimeNanos;
  }
}
