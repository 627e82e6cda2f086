package io.fairlead.gateway.admission;

/**
 * What is done about memory outside the heap, the worse the more of it is held; each stage does
 * what those before it do.
 */
public enum MemoryStage {
  /** Nothing. */
  NORMAL(0, 0),
  /** Connections of clients are not read; answers go on. */
  HELD(1, 0.85),
  /** Connections end with their answers. */
  CLOSING(2, 0.92),
  /** New calls are refused, and what the largest unfinished requests hold is given up. */
  REFUSING(3, 0.95);

  /** A stage is left when so much less is held than where it began, as a share of the bound. */
  static final double SLACK = 0.05;

  private static final MemoryStage[] ALL = values();

  private final int level;
  private final double from;

  MemoryStage(int level, double from) {
    this.level = level;
    this.from = from;
  }

  /**
   * The stage as a number for metrics.
   *
   * @return 0 to 3, the worse the higher
   */
  public int level() {
    return level;
  }

  /** The share of the bound at which it begins. */
  double from() {
    return from;
  }

  /**
   * The stage that follows on this one.
   *
   * @param use what is held, as a share of the bound
   */
  MemoryStage next(double use) {
    MemoryStage next = NORMAL;
    for (MemoryStage stage : ALL) {
      double begins = stage.level <= level ? stage.from - SLACK : stage.from;
      next = use >= begins ? stage : next;
    }
    return next;
  }

  /** Whether this stage does all that another does. */
  public boolean isAtLeast(MemoryStage other) {
    return level >= other.level;
  }
}
