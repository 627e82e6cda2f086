package io.fairlead.routing.sim.result;

/**
 * A part of the measured time of a play; a call belongs to the one in which it arrived. Without
 * faults everything is {@link #BEFORE}.
 */
public enum Window {
  /** From the begin of measuring to the first fault. */
  BEFORE(0),
  /** From the begin of the first fault to the end of the last. */
  DURING(1),
  /** From the end of the last fault on. */
  AFTER(2),
  /** The second after the first fault began. */
  FIRST_SECOND(3),
  /** All measured time. */
  WHOLE(4);

  private final int index;

  Window(int index) {
    this.index = index;
  }

  /**
   * A small number, for arrays that are kept per window.
   *
   * @return 0 to the number of windows - 1
   */
  public int index() {
    return index;
  }
}
