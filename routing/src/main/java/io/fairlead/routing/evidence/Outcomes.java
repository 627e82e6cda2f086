package io.fairlead.routing.evidence;

/**
 * How many outcomes speak for an upstream and how many against it, in one respect.
 *
 * @param good that speak for it
 * @param bad that speak against it, each attempt once; less than 0 if attempts that counted as
 *     silent before failed now
 * @param overdue how many of {@code bad} are silence
 * @param credits how many earlier silences were answered after all and are to be taken back
 */
public record Outcomes(long good, long bad, long overdue, long credits) {
  /**
   * Whether there are any.
   *
   * @return true if everything is 0
   */
  public boolean isEmpty() {
    return good == 0 && bad == 0 && credits == 0;
  }

  /**
   * What speaks against it in the end.
   *
   * @return those that do, less those taken back
   */
  public long net() {
    return bad - credits;
  }
}
