package io.fairlead.gateway.config;

import io.fairlead.gateway.config.RoutingConfig.Hedge;
import io.fairlead.gateway.config.RoutingConfig.Retry;
import io.fairlead.gateway.config.RoutingConfig.Spread;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.MapType;
import io.fairlead.gateway.config.yaml.OrOff;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that say how calls are spread and repeated. */
public final class RoutingKeys {
  private static final Key<Double> BIAS =
      Key.of(
          "bias",
          Scalars.number(0, 10),
          "2",
          "0: exactly the weights; higher: near and fast upstreams get more.");
  private static final Key<Map<String, Double>> MAX_SHARE =
      Key.of(
          "maxShare",
          MapType.of(FieldTypes.KIND_NAMES, 0, Scalars.share("1%")),
          "{}",
          "By cloud, region, vendor or label: the most of a chain's traffic into one failure domain"
              + " while others can serve.");
  private static final Key<Integer> MAX_LAG =
      Key.of(
          "maxLag",
          Scalars.whole(0, 1_000_000),
          "3",
          "Blocks behind the chain's head before an upstream serves no head-sensitive call.");
  private static final Key<Duration> CALL_TIMEOUT =
      Key.of(
          "timeout",
          Scalars.duration("10ms", "1h"),
          "10s",
          "For one client call, retries and hedges included.");
  private static final Key<Integer> ATTEMPTS =
      Key.of(
          "attempts",
          Scalars.whole(1, 10),
          "3",
          "The most attempts of one call, the first included.");
  private static final Key<Double> RETRY_BUDGET =
      Key.of("budget", Scalars.share("0%"), "10%", "Retries as a share of calls.");
  private static final Key<Retry> RETRY =
      Key.of(
          "retry",
          Section.of(
              List.of(ATTEMPTS, RETRY_BUDGET),
              v -> new Retry(v.get(ATTEMPTS), v.get(RETRY_BUDGET))),
          "{}",
          "Repeating after a failure.");
  private static final Key<Double> HEDGE_AFTER =
      Key.of(
          "after",
          FieldTypes.PERCENTILE,
          "p95",
          "The percentile of the chosen upstream's latency at which a second is asked.");
  private static final Key<Double> HEDGE_BUDGET =
      Key.of("budget", Scalars.share("0%"), "3%", "Hedges as a share of calls.");
  private static final Key<Optional<Hedge>> HEDGE =
      Key.of(
          "hedge",
          new OrOff<>(
              Section.of(
                  List.of(HEDGE_AFTER, HEDGE_BUDGET),
                  v -> new Hedge(v.get(HEDGE_AFTER), v.get(HEDGE_BUDGET)))),
          "{}",
          "Asking a second upstream before the first has failed; off turns it off.");

  /** The section. */
  public static final Section<RoutingConfig> ROUTING =
      Section.of(
          List.of(BIAS, MAX_SHARE, MAX_LAG, CALL_TIMEOUT, RETRY, HEDGE),
          v ->
              new RoutingConfig(
                  new Spread(v.get(BIAS), v.get(MAX_SHARE)),
                  v.get(MAX_LAG),
                  v.get(CALL_TIMEOUT),
                  v.get(RETRY),
                  v.get(HEDGE)));

  private RoutingKeys() {}
}
