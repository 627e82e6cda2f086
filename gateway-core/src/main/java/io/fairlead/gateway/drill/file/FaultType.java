package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.routing.sim.scenario.FaultKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What goes wrong: a word, or a section with one key that says how much of it. */
final class FaultType implements ValueType<FaultKind> {
  private static final Map<String, FaultKind> WORDS = words();
  private static final ValueType<FaultKind> WORD =
      Scalars.word(
          WORDS,
          "refuse, black-hole, absent, or a section with errors, slow, delay, stall, steal, lag or"
              + " limit");

  private static final Key<Optional<Double>> ERRORS =
      Key.optional("errors", Scalars.share("0.1%"), "That share of calls gets an error.");
  private static final Key<Long> AFTER =
      Key.of("after", DrillTypes.nanos("0ms", "10m"), "1ms", "With errors: how long one takes.");
  private static final Key<Optional<Double>> SLOW =
      Key.optional(
          "slow",
          DrillTypes.number("1", "1000"),
          "Service takes this many times as long; the network does not.");
  private static final Key<Optional<Long>> STALL =
      Key.optional(
          "stall",
          DrillTypes.nanos("1ms", "10m"),
          "Nothing is served for so long, every so often.");
  private static final Key<Optional<Long>> EVERY =
      Key.optional(
          "every", DrillTypes.nanos("10ms", "1h"), "With stall: from one stall to the next.");
  private static final Key<Optional<Long>> DELAY =
      Key.optional("delay", DrillTypes.nanos("0.1ms", "10m"), "Every answer comes so much later.");
  private static final Key<Optional<Double>> STEAL =
      Key.optional(
          "steal", Scalars.share("0%"), "Others take that share of the slots' speed (up to 99%).");
  private static final Key<Optional<Integer>> LAG =
      Key.optional(
          "lag", Scalars.whole(1, 1_000_000), "Answers as ever, so many blocks behind the chain.");
  private static final Key<Optional<Double>> LIMIT =
      Key.optional(
          "limit", DrillTypes.number("0.1", "1000000"), "Calls a second; beyond them 429.");

  private static final List<Key<?>> ONE_OF = List.of(ERRORS, SLOW, DELAY, STALL, STEAL, LAG, LIMIT);
  private static final Section<FaultKind> SECTION =
      Section.of(
              List.of(ERRORS, AFTER, SLOW, DELAY, STALL, EVERY, STEAL, LAG, LIMIT), FaultType::kind)
          .checkedBy(FaultType::check);

  @Override
  public @Nullable FaultKind read(YamlNode node, Reading at) {
    return node instanceof YamlNode.Mapping ? SECTION.read(node, at) : WORD.read(node, at);
  }

  @Override
  public String expected() {
    return WORD.expected();
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("anyOf", List.of(WORD.schema(), SECTION.schema()));
    return schema;
  }

  @Override
  public Stream<KeyDoc> keyDocs(String path) {
    return SECTION.keyDocs(path);
  }

  private static void check(Values values, YamlNode.Mapping section, Reading at) {
    List<String> given =
        ONE_OF.stream().map(Key::name).filter(name -> section.find(name).isPresent()).toList();
    if (given.size() != 1) {
      String shown = given.isEmpty() ? "nothing" : String.join(" and ", given);
      at.refuse(section, shown, "one of errors, slow, delay, stall, steal, lag, limit");
    }
    demand(section, at, AFTER.name(), ERRORS.name());
    demand(section, at, EVERY.name(), STALL.name());
    checkStall(values, section, at);
    values
        .get(STEAL)
        .filter(share -> share > 0.99)
        .ifPresent(
            share ->
                at.key("steal").report(section.locate("steal"), "all of it (expected: 0% to 99%)"));
  }

  private static void demand(YamlNode.Mapping section, Reading at, String key, String other) {
    if (section.find(key).isPresent() && section.find(other).isEmpty()) {
      at.key(key).report(section.locate(key), "without " + other + " (expected: both)");
    }
  }

  private static void checkStall(Values values, YamlNode.Mapping section, Reading at) {
    Optional<Long> stall = values.get(STALL);
    Optional<Long> every = values.get(EVERY);
    if (section.find("stall").isPresent() && section.find("every").isEmpty()) {
      at.key("every").report(section.position(), "missing (expected: a duration)");
    } else if (stall.isPresent() && every.isPresent() && every.get() <= stall.get()) {
      String expected = "more than stall, " + DrillTypes.text(stall.get());
      at.key("every")
          .report(
              section.locate("every"),
              DrillTypes.text(every.get()) + " (expected: " + expected + ")");
    }
  }

  /** Made even when the check found something, so every choice here must stand by itself. */
  private static FaultKind kind(Values v) {
    if (v.get(SLOW).isPresent()) {
      return new FaultKind.Slow(v.get(SLOW).get());
    }
    if (v.get(DELAY).isPresent()) {
      return new FaultKind.Delay(v.get(DELAY).get() / 1e6);
    }
    if (v.get(STALL).isPresent()) {
      long stall = v.get(STALL).get();
      return new FaultKind.Stall(Math.max(stall + 1, v.get(EVERY).orElse(0L)), stall);
    }
    if (v.get(STEAL).isPresent()) {
      return new FaultKind.Steal(Math.min(0.99, v.get(STEAL).get()));
    }
    if (v.get(LAG).isPresent()) {
      return new FaultKind.Lag(v.get(LAG).get());
    }
    if (v.get(LIMIT).isPresent()) {
      return new FaultKind.Limit(v.get(LIMIT).get());
    }
    return new FaultKind.Errors(v.get(ERRORS).orElse(1.0), v.get(AFTER) / 1e6);
  }

  private static Map<String, FaultKind> words() {
    Map<String, FaultKind> words = new LinkedHashMap<>();
    words.put("refuse", new FaultKind.Refuse());
    words.put("black-hole", new FaultKind.BlackHole());
    words.put("absent", new FaultKind.Absent());
    return words;
  }
}
