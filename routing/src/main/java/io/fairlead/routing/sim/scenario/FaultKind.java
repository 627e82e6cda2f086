package io.fairlead.routing.sim.scenario;

/** What befalls an upstream while a {@link Fault} lasts. */
public sealed interface FaultKind {
  /** Connections are refused after a round trip; those that are open are reset at once. */
  record Refuse() implements FaultKind {}

  /**
   * Nothing answers, in flight or new; what it had taken in never comes back. Connects hang.
   * Answers that had left it already still arrive.
   */
  record BlackHole() implements FaultKind {}

  /**
   * Some calls get an upstream error without being worked on.
   *
   * @param share of the calls, 0 to 1
   * @param afterMillis how long that takes beyond the round trip, 0 or more
   */
  record Errors(double share, double afterMillis) implements FaultKind {
    /** Checks the ranges. */
    public Errors {
      Rules.requireShare(share, "share");
      Rules.requireNotNegative(afterMillis, "after");
    }
  }

  /**
   * All work takes longer; the network does not.
   *
   * @param factor how many times as long, more than 0
   */
  record Slow(double factor) implements FaultKind {
    /** Checks the range. */
    public Slow {
      Rules.requirePositive(factor, "factor");
    }
  }

  /**
   * Every answer comes later by a fixed time, as behind a congested link; the slots are free
   * meanwhile. Opening a connection takes as long as ever.
   *
   * @param addedMillis how much later, more than 0
   */
  record Delay(double addedMillis) implements FaultKind {
    /** Checks the range. */
    public Delay {
      Rules.requirePositive(addedMillis, "added");
    }
  }

  /**
   * The server stands still for a while, again and again; requests wait.
   *
   * @param everyNanos from one stall's begin to the next; the first begins with the fault
   * @param forNanos how long each lasts, less than {@code everyNanos}
   */
  record Stall(long everyNanos, long forNanos) implements FaultKind {
    /** Checks the ranges. */
    public Stall {
      Rules.requirePositive(forNanos, "for");
      Rules.require(everyNanos > forNanos, "every", everyNanos, "more than 'for'");
    }
  }

  /**
   * Others take a part of the machine.
   *
   * @param share of the slots' speed, 0 to less than 1
   */
  record Steal(double share) implements FaultKind {
    /** Checks the range. */
    public Steal {
      Rules.require(share >= 0 && share < 1, "share", share, "0 to less than 1");
    }
  }

  /**
   * Answers as fast as ever, but from a head that is behind.
   *
   * @param blocks how many blocks behind, 1 or more
   */
  record Lag(long blocks) implements FaultKind {
    /** Checks the range. */
    public Lag {
      Rules.require(blocks >= 1, "blocks", blocks, "1 or more");
    }
  }

  /**
   * A hard quota: 429 beyond it, without Retry-After.
   *
   * @param perSecond calls a second, from a bucket that holds one second's worth; more than 0
   */
  record Limit(double perSecond) implements FaultKind {
    /** Checks the range. */
    public Limit {
      Rules.requirePositive(perSecond, "perSecond");
    }
  }

  /** Not configured: it leaves when the fault begins and joins when it ends. */
  record Absent() implements FaultKind {}
}
