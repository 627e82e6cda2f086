package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.FieldTypes;
import io.fairlead.gateway.config.RoutingConfig;
import io.fairlead.gateway.config.RoutingKeys;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.gateway.drill.file.TimelineKeys.Event;
import io.fairlead.gateway.drill.judge.Bar;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The keys of a scenario file: the one place that says what it may hold. */
final class DrillKeys {
  private static final Key<String> NAME =
      Key.required("name", FieldTypes.NAMED, "What reports call it.");
  private static final Key<String> TITLE =
      Key.of("title", DrillTypes.line(), "\"\"", "What happens, in one line.");
  private static final Key<List<String>> NOTES =
      Key.of("notes", new ListType<>(DrillTypes.line(), 0), "[]", "What else to know.");
  private static final Key<Optional<TopologyKeys.Draft>> TOPOLOGY =
      Key.optional("topology", TopologyKeys.TOPOLOGY, "The world, if no configuration gives it.");
  private static final Key<Optional<Located<Path>>> CONFIG =
      Key.optional(
          "config",
          Located.of(FieldTypes.FILE),
          "A configuration of the gateway that gives upstreams and routing, relative to this"
              + " file.");
  private static final Key<Optional<Located<String>>> CHAIN =
      Key.optional(
          "chain", Located.of(FieldTypes.NAMED), "With config: which chain, if it has several.");
  private static final Key<Located<Assumptions>> ASSUME =
      Key.of(
          "assume",
          Located.of(AssumeKeys.ASSUME),
          "{}",
          "With config: what it does not say of its upstreams.");
  private static final Key<LoadKeys.Draft> LOAD =
      Key.required("load", LoadKeys.LOAD, "What clients ask for.");
  private static final Key<List<Located<Event>>> TIMELINE =
      Key.of("timeline", TimelineKeys.TIMELINE, "[]", "What goes wrong, and when.");
  private static final Key<Long> DURATION =
      Key.required("duration", DrillTypes.nanos("1s", "24h"), "How long calls come.");
  private static final Key<Long> MEASURE_FROM =
      Key.of("measureFrom", DrillTypes.nanos("0s", "24h"), "5s", "From when calls count.");
  private static final Key<Long> TIMEOUT =
      Key.of("timeout", DrillTypes.nanos("1ms", "10m"), "3s", "After which a client gives up.");
  private static final Key<Integer> GATEWAYS =
      Key.of("gateways", Scalars.whole(1, 1000), "1", "How many share the calls, each on its own.");
  private static final Key<Optional<RoutingConfig>> ROUTING =
      Key.optional("routing", RoutingKeys.ROUTING, "As in a configuration; instead of its own.");
  private static final Key<Integer> SEEDS =
      Key.of("seeds", Scalars.whole(1, 100_000), "20", "How often the results document plays it.");
  private static final Key<List<Located<String>>> COMPARE =
      Key.of(
          "compare",
          new ListType<>(Located.of(FieldTypes.NAMED), 0),
          "[]",
          "The baselines that it is compared with.");
  private static final Key<List<Located<Bar>>> BARS =
      Key.of("bars", new ListType<>(Located.of(BarKeys.BAR), 0), "[]", "What has to be reached.");

  /** The whole file. */
  static final Section<Draft> FILE =
      Section.of(
              List.of(
                  NAME,
                  TITLE,
                  NOTES,
                  TOPOLOGY,
                  CONFIG,
                  CHAIN,
                  ASSUME,
                  LOAD,
                  TIMELINE,
                  DURATION,
                  MEASURE_FROM,
                  TIMEOUT,
                  GATEWAYS,
                  ROUTING,
                  SEEDS,
                  COMPARE,
                  BARS),
              DrillKeys::draft)
          .checkedBy(DrillKeys::check);

  private DrillKeys() {}

  /**
   * A file whose parts were read but not yet brought together.
   *
   * @param about name, title and notes
   * @param world where the upstreams come from
   * @param load what clients ask for
   * @param events what goes wrong
   * @param play how it is played and judged
   */
  record Draft(
      Named about,
      Source world,
      LoadKeys.Draft load,
      List<Located<Event>> events,
      PlayDraft play) {}

  /** Name and what people are told. */
  record Named(String name, String title, List<String> notes) {}

  /** Where upstreams and routing come from. */
  record Source(
      Optional<TopologyKeys.Draft> topology,
      Optional<Located<Path>> config,
      Optional<Located<String>> chain,
      Located<Assumptions> assumptions,
      Optional<RoutingConfig> routing) {}

  /** How it is played and judged. */
  record PlayDraft(Span span, int gateways, int seeds, Judged judged) {}

  /** The play's times. */
  record Span(long durationNanos, long measureFromNanos, long timeoutNanos) {}

  /** Against whom, and what has to be reached. */
  record Judged(List<Located<String>> rivals, List<Located<Bar>> bars) {}

  private static Draft draft(Values v) {
    return new Draft(
        new Named(v.get(NAME), v.get(TITLE), v.get(NOTES)),
        new Source(v.get(TOPOLOGY), v.get(CONFIG), v.get(CHAIN), v.get(ASSUME), v.get(ROUTING)),
        v.get(LOAD),
        v.get(TIMELINE),
        new PlayDraft(
            new Span(v.get(DURATION), v.get(MEASURE_FROM), v.get(TIMEOUT)),
            v.get(GATEWAYS),
            v.get(SEEDS),
            new Judged(v.get(COMPARE), v.get(BARS))));
  }

  private static void check(Values values, YamlNode.Mapping file, Reading at) {
    boolean hasTopology = file.find("topology").isPresent();
    boolean hasConfig = file.find("config").isPresent();
    if (hasTopology == hasConfig) {
      String shown = (hasTopology ? "both" : "neither") + " of topology and config";
      at.refuse(file, shown, "one of both");
    }
    if (!hasConfig) {
      demandConfig(file, at, "chain");
      demandConfig(file, at, "assume");
    }
    Optional<Long> duration = values.find(DURATION);
    if (duration.isPresent() && values.get(MEASURE_FROM) >= duration.get()) {
      at.key("measureFrom")
          .report(
              file.locate("measureFrom"),
              DrillTypes.text(values.get(MEASURE_FROM))
                  + " (expected: before the end, "
                  + DrillTypes.text(duration.get())
                  + ")");
    }
  }

  private static void demandConfig(YamlNode.Mapping file, Reading at, String key) {
    if (file.find(key).isPresent()) {
      at.key(key).report(file.locate(key), "without config (expected: both)");
    }
  }
}
