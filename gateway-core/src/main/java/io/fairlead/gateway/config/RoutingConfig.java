package io.fairlead.gateway.config;

import io.fairlead.routing.control.RoutingPolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How calls are spread over upstreams and repeated.
 *
 * @param spread how shares follow from weights and cost
 * @param maxLagBlocks behind the chain's head before an upstream serves no head-sensitive call
 * @param timeout for one client call, retries and hedges included
 * @param retry repeating after a failure
 * @param hedge asking a second upstream before the first has failed; empty: never
 */
public record RoutingConfig(
    Spread spread, int maxLagBlocks, Duration timeout, Retry retry, Optional<Hedge> hedge) {
  /** What holds when the file says nothing. */
  public static final RoutingConfig DEFAULT =
      new RoutingConfig(
          new Spread(2, Map.of()),
          3,
          Duration.ofSeconds(10),
          Retry.DEFAULT,
          Optional.of(Hedge.DEFAULT));

  /**
   * How shares follow from weights and cost.
   *
   * @param bias 0: exactly the weights; higher: near and fast upstreams get more
   * @param maxShare by kind of failure domain ({@code cloud}, {@code region}, {@code vendor}, a
   *     label's key): the most, 0 to 1, of a chain's traffic into one domain while others can
   *     serve; a kind that is not named has no bound
   */
  public record Spread(double bias, Map<String, Double> maxShare) {
    /** Copies the bounds. */
    public Spread {
      maxShare = Collections.unmodifiableMap(new LinkedHashMap<>(maxShare));
    }
  }

  /**
   * Repeating after a failure.
   *
   * @param attempts the most attempts of one call, the first included
   * @param budget retries as a share of calls, 0 to 1
   */
  public record Retry(int attempts, double budget) {
    /** Three attempts, 10 %. */
    public static final Retry DEFAULT = new Retry(3, 0.10);
  }

  /**
   * Asking a second upstream before the first has failed.
   *
   * @param afterQuantile of the chosen upstream's latency, above 0 and below 1
   * @param budget hedges as a share of calls, 0 to 1
   */
  public record Hedge(double afterQuantile, double budget) {
    /** At the 95th percentile, 3 %. */
    public static final Hedge DEFAULT = new Hedge(0.95, 0.03);
  }

  /**
   * What routing needs to know.
   *
   * @return the policy
   */
  public RoutingPolicy toPolicy() {
    return new RoutingPolicy(
        spread.bias(),
        maxLagBlocks,
        spread.maxShare(),
        hedge.map(Hedge::afterQuantile).orElse(0.0),
        timeout.toNanos());
  }
}
