package io.fairlead.routing.table;

/**
 * What the expected cost of a call at an upstream is made of.
 *
 * <pre>  cost = rtt + exp(s) x b + (1 - P) / max(P, 0.02) x (F + alternative)</pre>
 *
 * <p>Units: milliseconds; s and P have none.
 *
 * @param rttMillis the round trip, 0 or more
 * @param service what the node itself takes
 * @param failure what failures cost
 */
public record CostParts(double rttMillis, Service service, Failure failure) {
  private static final double LEAST_SUCCESS = 0.02;

  /**
   * How long the node works on a call of the class.
   *
   * @param baselineMillis b: the class's median over healthy upstreams
   * @param logSlowness s: 0 for as fast as usual, ln 2 for twice as slow
   */
  public record Service(double baselineMillis, double logSlowness) {
    /**
     * The time.
     *
     * @return exp(s) x b
     */
    public double millis() {
      return Math.exp(logSlowness) * baselineMillis;
    }
  }

  /**
   * What failures cost: the time until one shows and the retry that follows.
   *
   * @param success P: how often a call of the class succeeds there, 0 to 1
   * @param failureMillis F: how long failures there take
   * @param alternativeMillis round trip and service of the cheapest upstream
   */
  public record Failure(double success, double failureMillis, double alternativeMillis) {
    /**
     * The price, 0 if it never fails.
     *
     * @return in milliseconds
     */
    public double millis() {
      return (1 - success) / Math.max(success, LEAST_SUCCESS) * (failureMillis + alternativeMillis);
    }
  }

  /**
   * The cost.
   *
   * @return the sum of the parts, in milliseconds
   */
  public double totalMillis() {
    return rttMillis + service.millis() + failure.millis();
  }
}
