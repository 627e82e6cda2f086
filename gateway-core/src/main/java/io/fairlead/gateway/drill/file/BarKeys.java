package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.ScalarType;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.gateway.config.yaml.YamlNode.Scalar.Tag;
import io.fairlead.gateway.drill.judge.Bar;
import io.fairlead.gateway.drill.judge.Figure;
import io.fairlead.gateway.drill.judge.Measure;
import io.fairlead.gateway.drill.judge.Unit;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Window;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The keys of what a play has to reach. */
final class BarKeys {
  private static final Pattern RIVAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Key<Figure> FIGURE =
      Key.required(
          "figure", Scalars.word(words(Figure.values(), Figure::label)), "What is judged.");
  private static final Key<Optional<MethodClass>> CLASS =
      Key.optional(
          "class",
          Scalars.word(words(MethodClass.values(), MethodClass::label)),
          "With a latency: of the calls of one class.");
  private static final Key<Window> WINDOW =
      Key.of(
          "window",
          Scalars.word(words(Window.values(), Measure::word)),
          "during",
          "With a latency: in which part of the play; whole where there is no fault.");
  private static final Key<Optional<String>> VERSUS =
      Key.optional(
          "versus",
          Scalars.text(RIVAL, "a baseline's name, no-hedge, or another scenario's file"),
          "Judges the ratio to what that play gives; the bound is then a plain number.");
  private static final Key<Optional<Amount>> MOST =
      Key.optional("most", amount(), "It must not be more.");
  private static final Key<Optional<Amount>> LEAST =
      Key.optional("least", amount(), "It must not be less.");
  private static final Key<Optional<String>> WHY =
      Key.optional("why", DrillTypes.line(), "If it is missed: why, for the report.");

  /** The section. */
  static final Section<Bar> BAR =
      Section.of(List.of(FIGURE, CLASS, WINDOW, VERSUS, MOST, LEAST, WHY), BarKeys::bar)
          .checkedBy(BarKeys::check);

  private BarKeys() {}

  /** A bound as it is written: times in milliseconds, shares of 1. */
  private record Amount(double value, Unit unit) {
    static Optional<Amount> parse(String text) {
      if (text.endsWith("%")) {
        return DrillTypes.numberOf(text.substring(0, text.length() - 1))
            .map(percent -> new Amount(percent / 100, Unit.SHARE));
      }
      return DrillTypes.nanosOf(text)
          .map(nanos -> new Amount(nanos / 1e6, Unit.MILLIS))
          .or(() -> DrillTypes.numberOf(text).map(number -> new Amount(number, Unit.NUMBER)));
    }
  }

  private static Bar bar(Values v) {
    boolean isMost = v.get(MOST).isPresent();
    double amount = v.get(MOST).or(() -> v.get(LEAST)).map(Amount::value).orElse(0.0);
    Figure figure = v.get(FIGURE);
    Measure measure =
        figure.isLatency() ? new Measure(figure, v.get(CLASS), v.get(WINDOW)) : Measure.of(figure);
    return new Bar(measure, v.get(VERSUS), new Bar.Bound(isMost, amount), v.get(WHY));
  }

  private static void check(Values values, YamlNode.Mapping section, Reading at) {
    boolean hasMost = section.find("most").isPresent();
    if (hasMost == section.find("least").isPresent()) {
      at.refuse(section, (hasMost ? "both" : "neither") + " of most and least", "one of both");
    }
    Optional<Figure> figure = values.find(FIGURE);
    if (figure.isEmpty()) {
      return;
    }
    Located<String> place = new Located<>("", section, at);
    for (String key : List.of("class", "window")) {
      if (section.find(key).isPresent() && !figure.get().isLatency()) {
        place.refuse(key, figure.get().label() + " has none", "p50, p95, p99 or p99.9");
      }
    }
    Unit unit = values.get(VERSUS).isPresent() ? Unit.NUMBER : figure.get().unit();
    checkUnit(values, MOST, unit, place);
    checkUnit(values, LEAST, unit, place);
  }

  private static void checkUnit(
      Values values, Key<Optional<Amount>> key, Unit unit, Located<String> place) {
    Optional<Amount> amount = values.get(key).filter(a -> a.unit() != unit);
    amount.ifPresent(a -> place.refuse(key.name(), a.unit().format(a.value()), unit.expected()));
  }

  private static ScalarType<Amount> amount() {
    return ScalarType.of(
        new ScalarType.Rule(
            "a number, a duration or a share, as the figure is counted",
            Map.of("type", List.of("string", "number"))),
        EnumSet.of(Tag.TEXT, Tag.WHOLE, Tag.NUMBER),
        Amount::parse);
  }

  private static <T> Map<String, T> words(T[] values, Function<T, String> label) {
    Map<String, T> words = new LinkedHashMap<>();
    for (T value : values) {
      words.put(label.apply(value), value);
    }
    return words;
  }
}
