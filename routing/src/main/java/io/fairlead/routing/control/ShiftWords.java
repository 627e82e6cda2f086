package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.table.CostParts;
import io.fairlead.routing.table.Derivation;
import io.fairlead.routing.table.ShareEntry;
import io.fairlead.routing.table.ShareEntry.Name;
import io.fairlead.routing.table.ShareExplanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says which factors of an upstream's share differ between two tables. */
final class ShiftWords {
  private static final double NOTABLE = 0.02;
  private static final double VISIBLE_MILLIS = 0.1;

  private ShiftWords() {}

  static String between(ShareExplanation was, ShareExplanation is, MethodClass methodClass) {
    List<String> words = new ArrayList<>();
    addFactor("weight", Name.WEIGHT, was, is, words);
    addFactor("readiness", Name.READINESS, was, is, words);
    addCost(was, is, words);
    addFactor("tier", Name.TIER, was, is, words);
    addFactor("cap", Name.CAP, was, is, words);
    return words.isEmpty()
        ? "others changed, not it"
        : methodClass.label() + ": " + String.join("; ", words);
  }

  private static void addFactor(
      String what, Name name, ShareExplanation was, ShareExplanation is, List<String> words) {
    double a = value(was.entry(), name);
    double b = value(is.entry(), name);
    if (Math.abs(a - b) > NOTABLE) {
      String reason = reason(is.entry(), name);
      words.add(String.format(Locale.ROOT, "%s %s to %s%s", what, number(a), number(b), reason));
    }
  }

  private static double value(ShareEntry entry, Name name) {
    return entry.factors().stream()
        .filter(f -> f.name() == name)
        .findFirst()
        .map(ShareEntry.Factor::value)
        .orElse(1.0);
  }

  private static String reason(ShareEntry entry, Name name) {
    return entry.factors().stream()
        .filter(f -> f.name() == name)
        .findFirst()
        .map(f -> " (" + f.reason() + ")")
        .orElse("");
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? "" + (long) value
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static void addCost(ShareExplanation was, ShareExplanation is, List<String> words) {
    double a = was.entry().costMillis();
    double b = is.entry().costMillis();
    if (Double.isNaN(a) || Double.isNaN(b)) {
      words.add(Double.isNaN(b) ? "cost unknown" : "cost known: " + millis(b));
      return;
    }
    if (isNotable(a, b)) {
      words.add("cost " + millis(a) + " to " + millis(b) + parts(was.cost(), is.cost()));
    }
    Optional<Double> bestWas = was.derivation().map(ShiftWords::best);
    Optional<Double> bestIs = is.derivation().map(ShiftWords::best);
    if (bestWas.isPresent() && bestIs.isPresent() && isNotable(bestWas.get(), bestIs.get())) {
      words.add("best cost " + millis(bestWas.get()) + " to " + millis(bestIs.get()));
    }
  }

  private static double best(Derivation derivation) {
    return derivation.base().preference().bestMillis();
  }

  private static boolean isNotable(double a, double b) {
    return Math.abs(a - b) > Math.max(VISIBLE_MILLIS, NOTABLE * Math.max(a, b));
  }

  private static String parts(Optional<CostParts> was, Optional<CostParts> is) {
    if (was.isEmpty() || is.isEmpty()) {
      return "";
    }
    CostParts a = was.get();
    CostParts b = is.get();
    List<String> words = new ArrayList<>();
    add("rtt", a.rttMillis(), b.rttMillis(), words);
    add("service", a.service().millis(), b.service().millis(), words);
    add("failures", a.failure().millis(), b.failure().millis(), words);
    return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
  }

  private static void add(String what, double a, double b, List<String> words) {
    if (isNotable(a, b)) {
      words.add(what + " " + millis(a) + " to " + millis(b));
    }
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }
}
