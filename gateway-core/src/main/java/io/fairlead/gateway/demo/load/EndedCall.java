package io.fairlead.gateway.demo.load;

/**
 * A call of the load that is over.
 *
 * @param dueNanos when it was due, from the start of the load; negative while it warmed up
 * @param lateNanos how long after that it was sent: what the load itself fell behind, 0 or more
 * @param elapsedNanos from when it was due until it ended
 * @param route how the gateway says it was served
 * @param outcome how it ended
 */
public record EndedCall(
    long dueNanos, long lateNanos, long elapsedNanos, Route route, Outcome outcome) {
  /**
   * How a call was served.
   *
   * @param upstream who answered; empty when nobody did, or nobody said so
   * @param attempts how many were made; 0 when nobody said so
   */
  public record Route(String upstream, int attempts) {
    /** Nobody said. */
    public static final Route UNKNOWN = new Route("", 0);
  }
}
