package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.routing.sim.scenario.Server;
import java.util.List;
import java.util.Optional;

/**
 * How the upstreams of a place serve; what is not said here is said by the place around it.
 *
 * @param slots calls worked on at once
 * @param speeds of one upstream after the other, from the front again when they run out
 * @param heavyFactors how much longer logs and traces take, likewise
 * @param errorRate share of calls that always fail
 * @param quota calls a second, 0 for none
 */
record Machines(
    Optional<Integer> slots,
    Optional<List<Double>> speeds,
    Optional<List<Double>> heavyFactors,
    Optional<Double> errorRate,
    Optional<Double> quota) {

  private static final ValueType<Double> SPEED = DrillTypes.number("0.01", "100");
  private static final ValueType<Double> FACTOR = DrillTypes.number("0.01", "1000");

  private static final Key<Optional<Integer>> SLOTS =
      Key.optional(
          "slots", Scalars.whole(1, 100_000), "Calls worked on at once; the rest queue (12).");
  private static final Key<Optional<List<Double>>> SPEEDS =
      Key.optional(
          "speeds",
          new ListType<>(SPEED, 1),
          "How fast each upstream is, in turn; 1 takes the mean service time (1).");
  private static final Key<Optional<List<Double>>> HEAVY_FACTORS =
      Key.optional(
          "heavyFactors",
          new ListType<>(FACTOR, 1),
          "How much longer logs and traces take on each upstream, in turn (1).");
  private static final Key<Optional<Double>> ONE_SPEED =
      Key.optional("speed", SPEED, "How fast; 1 takes the mean service time.");
  private static final Key<Optional<Double>> ONE_FACTOR =
      Key.optional("heavyFactor", FACTOR, "How much longer logs and traces take here.");
  private static final Key<Optional<Double>> ERROR_RATE =
      Key.optional("errorRate", Scalars.share("0%"), "Share of calls that always fail (0%).");
  private static final Key<Optional<Double>> QUOTA =
      Key.optional(
          "quota", DrillTypes.number("0", "1000000"), "Calls a second before 429; 0 for none (0).");

  /** Keys of many upstreams. */
  static final List<Key<?>> KEYS = List.of(SLOTS, SPEEDS, HEAVY_FACTORS, ERROR_RATE, QUOTA);

  /** Keys of one upstream. */
  static final List<Key<?>> KEYS_OF_ONE = List.of(SLOTS, ONE_SPEED, ONE_FACTOR, ERROR_RATE, QUOTA);

  /** Nothing said. */
  static final Machines UNSAID =
      new Machines(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  static Machines of(Values v) {
    return new Machines(
        v.get(SLOTS), v.get(SPEEDS), v.get(HEAVY_FACTORS), v.get(ERROR_RATE), v.get(QUOTA));
  }

  static Machines ofOne(Values v) {
    return new Machines(
        v.get(SLOTS),
        v.get(ONE_SPEED).map(List::of),
        v.get(ONE_FACTOR).map(List::of),
        v.get(ERROR_RATE),
        v.get(QUOTA));
  }

  /** These, and for what they do not say the others. */
  Machines orElse(Machines others) {
    return new Machines(
        slots.or(others::slots),
        speeds.or(others::speeds),
        heavyFactors.or(others::heavyFactors),
        errorRate.or(others::errorRate),
        quota.or(others::quota));
  }

  /** The server of the n-th upstream, from 0. */
  Server server(int n) {
    return new Server(
        slots.orElse(12),
        turn(speeds, n),
        turn(heavyFactors, n),
        errorRate.orElse(0.0),
        quota.orElse(0.0));
  }

  private static double turn(Optional<List<Double>> values, int n) {
    return values.map(list -> list.get(n % list.size())).orElse(1.0);
  }
}
