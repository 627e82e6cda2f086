package io.fairlead.routing.evidence;

/**
 * How often something failed lately, with exponential forgetting.
 *
 * <p>Thread-safety: none; control loop only.
 */
public final class FadingRatio {
  private final double tauNanos;
  private double good;
  private double bad;
  private long fadedToNanos;

  /**
   * Nothing counted yet.
   *
   * @param tauNanos after which time a count is worth 1/e
   */
  public FadingRatio(double tauNanos) {
    this.tauNanos = tauNanos;
  }

  /**
   * Counts.
   *
   * @param nowNanos the time
   * @param moreGood successes
   * @param moreBad failures
   */
  public void add(long nowNanos, long moreGood, long moreBad) {
    fade(nowNanos);
    good += moreGood;
    bad = Math.max(0, bad + moreBad);
  }

  /**
   * Lets the past fade.
   *
   * @param nowNanos the time
   */
  public void fade(long nowNanos) {
    double elapsed = nowNanos - fadedToNanos;
    if (good + bad == 0) {
      fadedToNanos = nowNanos;
    } else if (elapsed > 0.02 * tauNanos) {
      double kept = Math.exp(-elapsed / tauNanos);
      good *= kept;
      bad *= kept;
      fadedToNanos = nowNanos;
    }
  }

  /** Forgets everything. */
  public void clear() {
    good = 0;
    bad = 0;
  }

  /**
   * Successes lately.
   *
   * @return 0 or more
   */
  public double good() {
    return good;
  }

  /**
   * Failures lately.
   *
   * @return 0 or more
   */
  public double bad() {
    return bad;
  }

  /**
   * Everything lately.
   *
   * @return successes and failures
   */
  public double total() {
    return good + bad;
  }

  /**
   * How often it succeeds, shrunk towards an expectation.
   *
   * @param expected with no data
   * @param strength how many samples the expectation is worth
   * @return 0 to 1
   */
  public double success(double expected, double strength) {
    return (good + strength * expected) / (good + bad + strength);
  }
}
