package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Load;
import io.fairlead.routing.sim.scenario.RatePoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys of what clients ask for. */
final class LoadKeys {
  /** The most calls a second. */
  private static final String MAX_RATE = "1000000";

  private static final double ROUNDING = 1e-6;

  private static final Key<MethodClass> CLASS =
      Key.required("class", Scalars.word(classes()), "The method class.");
  private static final Key<Double> SHARE =
      Key.required("share", Scalars.share("0.01%"), "Of all calls; all classes together 100%.");
  private static final Key<Long> MEAN =
      Key.required(
          "mean", DrillTypes.nanos("0.01ms", "10m"), "Service time on average at speed 1.");
  private static final Key<Double> SIGMA =
      Key.of(
          "sigma",
          DrillTypes.number("0", "3"),
          "0.5",
          "The spread of service times, lognormal; 0: all alike.");
  private static final Key<Double> HEAD_SENSITIVE =
      Key.of(
          "headSensitive", Scalars.share("0%"), "0%", "The share that asks for the newest block.");
  private static final Section<ClassLoad> CLASS_LOAD =
      Section.of(
          List.of(CLASS, SHARE, MEAN, SIGMA, HEAD_SENSITIVE),
          v ->
              new ClassLoad(
                  v.get(CLASS),
                  v.get(SHARE),
                  v.get(MEAN) / 1e6,
                  v.get(SIGMA),
                  v.get(HEAD_SENSITIVE)));

  private static final Key<Long> POINT_AT =
      Key.required("at", DrillTypes.nanos("0s", "24h"), "When.");
  private static final Key<Double> POINT_RATE =
      Key.required("rate", DrillTypes.number("0", MAX_RATE), "Calls a second then.");
  private static final ValueType<Located<RatePoint>> POINT =
      Located.of(
          Section.of(
              List.of(POINT_AT, POINT_RATE),
              v -> new RatePoint(v.get(POINT_AT), v.get(POINT_RATE))));

  private static final Key<Optional<Double>> RATE =
      Key.optional(
          "rate", DrillTypes.number("0.1", MAX_RATE), "Calls a second; they come by Poisson.");
  private static final Key<List<Located<RatePoint>>> RAMP =
      Key.of(
          "ramp",
          new ListType<>(POINT, 0),
          "[]",
          "Instead of rate: points in time, between which the rate goes straight.");
  private static final Key<List<ClassLoad>> CLASSES =
      Key.absent(
          "classes",
          new ListType<>(CLASS_LOAD, 1),
          UsualLoad.CLASSES,
          "What is asked for; by default 80% light at 1.5ms, 17% read at 15ms, 3% trace at 700ms.");
  private static final Key<Double> INVALID =
      Key.of(
          "invalid",
          Scalars.share("0%"),
          "0%",
          "The share of calls that anybody would answer with an error of the client's.");

  /** The section. */
  static final Section<Draft> LOAD =
      Section.of(List.of(RATE, RAMP, CLASSES, INVALID), LoadKeys::draft).checkedBy(LoadKeys::check);

  private LoadKeys() {}

  /** A load that may still break a rule over several keys. */
  record Draft(List<RatePoint> points, List<ClassLoad> classes, double invalidShare) {
    /** The load, once nothing was found. */
    Load toLoad() {
      return new Load(points, classes, invalidShare);
    }
  }

  private static Draft draft(Values v) {
    return new Draft(points(v), v.get(CLASSES), v.get(INVALID));
  }

  private static List<RatePoint> points(Values v) {
    List<RatePoint> ramp = v.get(RAMP).stream().map(Located::value).toList();
    return v.get(RATE).map(rate -> List.of(new RatePoint(0, rate))).orElse(ramp);
  }

  private static void check(Values values, YamlNode.Mapping section, Reading at) {
    boolean hasRate = section.find("rate").isPresent();
    boolean hasRamp = section.find("ramp").isPresent();
    if (hasRate == hasRamp) {
      String shown = hasRate ? "both" : "neither";
      at.refuse(section, shown + " of rate and ramp", "one of both");
    }
    checkShares(values.get(CLASSES), section, at);
    checkOrder(values.get(RAMP));
  }

  private static void checkShares(List<ClassLoad> classes, YamlNode.Mapping section, Reading at) {
    double sum = classes.stream().mapToDouble(ClassLoad::share).sum();
    long distinct = classes.stream().map(ClassLoad::methodClass).distinct().count();
    if (distinct < classes.size()) {
      at.key("classes").report(section.locate("classes"), "a class twice (expected: once each)");
    } else if (at.isClean() && Math.abs(sum - 1) > ROUNDING) {
      String shown = String.format(Locale.ROOT, "%.2f%% together", 100 * sum);
      at.key("classes").report(section.locate("classes"), shown + " (expected: 100%)");
    }
  }

  private static void checkOrder(List<Located<RatePoint>> points) {
    for (int i = 1; i < points.size(); i++) {
      long before = points.get(i - 1).value().atNanos();
      if (points.get(i).value().atNanos() <= before) {
        points
            .get(i)
            .refuse(
                "at",
                DrillTypes.text(points.get(i).value().atNanos()),
                "after the point before it, " + DrillTypes.text(before));
      }
    }
    if (!points.isEmpty() && points.stream().allMatch(p -> p.value().perSecond() == 0)) {
      points.get(0).refuse("rate", "0 throughout", "more than 0 at some point");
    }
  }

  private static Map<String, MethodClass> classes() {
    Map<String, MethodClass> words = new LinkedHashMap<>();
    MethodClass.ALL.forEach(c -> words.put(c.label(), c));
    return words;
  }
}
