package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.MapType;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys of what a configuration does not say of its upstreams. */
final class AssumeKeys {
  private static final MapType.Names NAMES =
      new MapType.Names(
          Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?::[A-Za-z0-9._/-]{1,200})?"),
          "an upstream's id, a failure domain like cloud:aws, or a kind like edge",
          false);
  private static final Key<Map<String, Long>> RTT =
      Key.of(
          "rtt",
          MapType.of(NAMES, 0, DrillTypes.nanos("0ms", "10s")),
          "{}",
          "Round trips by upstream, failure domain or kind; else edge 5ms, hyperscaler 20ms,"
              + " bare-metal 30ms, community 60ms.");
  private static final Key<Double> JITTER =
      Key.of("jitter", Scalars.share("0%"), "10%", "How much each way of a round trip varies.");

  /** The section. */
  static final Section<Assumptions> ASSUME =
      Section.of(keys(), v -> new Assumptions(v.get(RTT), v.get(JITTER), Machines.of(v)));

  private AssumeKeys() {}

  private static List<Key<?>> keys() {
    List<Key<?>> keys = new ArrayList<>(List.of(RTT, JITTER));
    keys.addAll(Machines.KEYS);
    return keys;
  }
}
