package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.routing.sim.scenario.FaultKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of what goes wrong and when. */
final class TimelineKeys {
  private static final Pattern TARGET =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?::[A-Za-z0-9._/-]{1,200})?");
  private static final String TARGET_RULE =
      "an upstream's id, or a failure domain like cloud:aws, region:aws/us-east-1, vendor:acme";
  private static final String NOBODY = "nobody";

  private static final Key<List<String>> TARGET_KEY =
      Key.required("target", new Targets(), "Whom it befalls; several as a list.");
  private static final Key<FaultKind> FAULT =
      Key.required("fault", new FaultType(), "What goes wrong.");
  private static final Key<Long> AT =
      Key.required("at", DrillTypes.nanos("0s", "24h"), "When it begins.");
  private static final Key<Optional<Long>> UNTIL =
      Key.optional(
          "until", DrillTypes.nanos("0s", "24h"), "When it ends; without until and for: never.");
  private static final Key<Optional<Long>> FOR =
      Key.optional("for", DrillTypes.nanos("1ms", "24h"), "How long it lasts, instead of until.");
  private static final Key<Optional<Long>> EVERY =
      Key.optional("every", DrillTypes.nanos("1ms", "24h"), "From one beginning to the next.");
  private static final Key<Integer> TIMES =
      Key.of("times", Scalars.whole(1, 10_000), "1", "How often it happens.");
  private static final Key<Optional<String>> BLAME =
      Key.optional(
          "blame",
          Scalars.text(TARGET, TARGET_RULE + ", or nobody"),
          "The failure domain that a perfect judge would blame; by default the target if that is a"
              + " domain that fails or slows.");

  /** The timeline, each entry with its place. */
  static final ValueType<List<Located<Event>>> TIMELINE =
      new ListType<>(
          Located.of(
              Section.of(
                      List.of(TARGET_KEY, FAULT, AT, UNTIL, FOR, EVERY, TIMES, BLAME),
                      TimelineKeys::event)
                  .checkedBy(TimelineKeys::check)),
          0);

  private TimelineKeys() {}

  /**
   * An entry as it is written.
   *
   * @param targets ids and domains
   * @param kind what goes wrong
   * @param span when it begins and how long it lasts; empty: to the end
   * @param repeat how often
   * @param blame the domain to blame, {@code nobody}, or empty for the rule
   */
  record Event(
      List<String> targets, FaultKind kind, Span span, Repeat repeat, Optional<String> blame) {
    /** Whether nobody is to be blamed whatever the target is. */
    boolean isBlameless() {
      return blame.filter(NOBODY::equals).isPresent();
    }
  }

  /** When it begins, and when it ends the first time; empty: never. */
  record Span(long atNanos, Optional<Long> untilNanos) {}

  /** How often, and how far apart. */
  record Repeat(long everyNanos, int times) {}

  private static Event event(Values v) {
    long at = v.get(AT);
    Optional<Long> until = v.get(UNTIL).or(() -> v.get(FOR).map(length -> at + length));
    Repeat repeat = new Repeat(v.get(EVERY).orElse(0L), v.get(TIMES));
    return new Event(v.get(TARGET_KEY), v.get(FAULT), new Span(at, until), repeat, v.get(BLAME));
  }

  private static void check(Values values, YamlNode.Mapping section, Reading at) {
    boolean hasUntil = section.find("until").isPresent();
    boolean hasFor = section.find("for").isPresent();
    if (hasUntil && hasFor) {
      at.key("for").report(section.locate("for"), "given beside until (expected: one of both)");
    }
    Optional<Long> from = values.find(AT);
    if (from.isPresent() && values.get(UNTIL).filter(until -> until <= from.get()).isPresent()) {
      String shown = values.get(UNTIL).map(DrillTypes::text).orElse("");
      at.key("until")
          .report(
              section.locate("until"),
              shown + " (expected: after at, " + DrillTypes.text(from.get()) + ")");
    }
    checkRepeat(values, section, at);
  }

  private static void checkRepeat(Values values, YamlNode.Mapping section, Reading at) {
    boolean hasTimes = values.get(TIMES) > 1;
    if (hasTimes != section.find("every").isPresent()) {
      String key = hasTimes ? "times" : "every";
      String other = hasTimes ? "every" : "times";
      at.key(key).report(section.locate(key), "without " + other + " (expected: both)");
      return;
    }
    Optional<Long> length = length(values);
    if (hasTimes && section.find("until").isEmpty() && section.find("for").isEmpty()) {
      at.key("times").report(section.locate("times"), "without an end (expected: for or until)");
    } else if (length.isPresent() && values.get(EVERY).filter(e -> e <= length.get()).isPresent()) {
      at.key("every")
          .report(
              section.locate("every"),
              values.get(EVERY).map(DrillTypes::text).orElse("")
                  + " (expected: more than it lasts, "
                  + DrillTypes.text(length.get())
                  + ")");
    }
  }

  private static Optional<Long> length(Values values) {
    return values
        .get(FOR)
        .or(() -> values.find(AT).flatMap(at -> values.get(UNTIL).map(until -> until - at)));
  }

  /** One target, or a list of them. */
  private static final class Targets implements ValueType<List<String>> {
    private static final ValueType<String> ONE = Scalars.text(TARGET, TARGET_RULE);
    private static final ValueType<List<String>> SEVERAL = new ListType<>(ONE, 1);

    @Override
    public @Nullable List<String> read(YamlNode node, Reading at) {
      if (node instanceof YamlNode.Sequence) {
        return SEVERAL.read(node, at);
      }
      String one = ONE.read(node, at);
      return one == null ? null : List.of(one);
    }

    @Override
    public String expected() {
      return TARGET_RULE;
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("anyOf", List.of(ONE.schema(), SEVERAL.schema()));
    }

    @Override
    public Stream<KeyDoc> keyDocs(String path) {
      return Stream.empty();
    }
  }
}
