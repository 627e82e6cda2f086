package io.fairlead.gateway.live;

import io.fairlead.routing.sim.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Live plays for people: one play in lines for a terminal, several as a section of a document in
 * Markdown.
 *
 * <p>Thread-safety: none.
 */
public final class LiveReport {
  private final List<Entry> entries = new ArrayList<>();

  /** One scenario, played once or more. */
  private record Entry(Scenario scenario, String title, List<LiveResult> results) {}

  /** Nothing played yet. */
  public LiveReport() {}

  /**
   * One play.
   *
   * @param scenario what was played
   * @param result what came of it
   * @return lines
   */
  public static List<String> lines(Scenario scenario, LiveResult result) {
    List<String> lines = new ArrayList<>();
    LiveResult.Counts counts = result.counts();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %d calls, %d errors, %d wrong answers; %d retries, %d hedges, %d rescues, %d 429s",
            result.name(),
            counts.calls(),
            counts.failed(),
            counts.wrong(),
            counts.extra().retries(),
            counts.extra().hedges(),
            counts.extra().rescues(),
            counts.quota().limited()));
    LiveResult.Shift shift = result.shift();
    lines.add(
        String.format(
            Locale.ROOT,
            "  share of new calls: %s before, under 5 %% after %s, back after %s, oscillation %s",
            Shown.SHARE.text(shift.shareBefore()),
            Shown.MILLIS.text(shift.goneMillis()),
            Shown.MILLIS.text(shift.backMillis()),
            Shown.NUMBER.text(shift.oscillation())));
    LiveResult.Delays delays = result.delays();
    lines.add("  latency before:           " + text(delays.before()));
    lines.add("  in the fault's 1st second: " + text(delays.firstSecond()));
    lines.add(
        "  while it lasted:          "
            + text(delays.during())
            + "; p99 back under 1.5x after "
            + Shown.MILLIS.text(delays.calmMillis())
            + ", of the healthy "
            + Shown.NUMBER.text(delays.healthyRatio())
            + "x");
    lines.add("  machine: " + text(result.log().machine()));
    result.log().complaints().forEach(complaint -> lines.add("  not answered: " + complaint));
    for (LiveBar bar : LiveBar.of(scenario, result)) {
      lines.add((bar.isMet() ? "  met     " : "  MISSED  ") + bar.text() + ": " + bar.found());
    }
    return lines;
  }

  private static String text(LiveResult.Latency latency) {
    return String.format(
        Locale.ROOT,
        "p50 %s, p99 %s, p99.9 %s, max %s of %d calls",
        Shown.MILLIS.text(latency.p50Millis()),
        Shown.MILLIS.text(latency.p99Millis()),
        Shown.MILLIS.text(latency.p999Millis()),
        Shown.MILLIS.text(latency.maxMillis()),
        latency.calls());
  }

  private static String text(LiveResult.Machine machine) {
    return String.format(
        Locale.ROOT,
        "load average %.1f -> %.1f; the clients sent late by p99 %s, at most %s",
        machine.loadBefore(),
        machine.loadAfter(),
        Shown.MILLIS.text(machine.late().p99Millis()),
        Shown.MILLIS.text(machine.late().maxMillis()));
  }

  /**
   * Adds a scenario.
   *
   * @param scenario what was played
   * @param title what happens in it, in one line
   * @param results one for each time it was played, at least one
   */
  public void add(Scenario scenario, String title, List<LiveResult> results) {
    entries.add(new Entry(scenario, title, List.copyOf(results)));
  }

  /**
   * Everything that was added.
   *
   * @return Markdown, beginning with a heading of the second level
   */
  public String markdown() {
    StringBuilder text = new StringBuilder("## Live, with sockets\n\n");
    text.append(
        """
        The production gateway, the nodes and an open-loop client in one process on one machine; latencies count from when a call was due. \
        Cells with several plays say the median and, in brackets, the best and the worst. The *first second* holds the calls that were due in the second after the fault and those in flight at it.

        | scenario | plays | calls | errors | wrong | share before | under 5 % after | p99 before | first second p99 | p99.9 | p99 back under 1.5x | oscillation | bars |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|
        """);
    entries.forEach(entry -> text.append(row(entry)));
    text.append("\n| scenario | bar | found | met |\n|---|---|---|---|\n");
    entries.forEach(entry -> appendBars(entry, text));
    text.append("\nWhat the machine was busy with: ").append(machines()).append(".\n");
    return text.toString();
  }

  private static String row(Entry entry) {
    List<LiveResult> results = entry.results();
    return "| **"
        + entry.scenario().name()
        + "** "
        + entry.title()
        + " | "
        + results.size()
        + cell(results, Shown.NUMBER, r -> (double) r.counts().calls())
        + cell(results, Shown.NUMBER, r -> (double) r.counts().failed())
        + cell(results, Shown.NUMBER, r -> (double) r.counts().wrong())
        + cell(results, Shown.SHARE, r -> r.shift().shareBefore())
        + cell(results, Shown.MILLIS, r -> r.shift().goneMillis())
        + cell(results, Shown.MILLIS, r -> r.delays().before().p99Millis())
        + cell(results, Shown.MILLIS, r -> r.delays().firstSecond().p99Millis())
        + cell(results, Shown.MILLIS, r -> r.delays().firstSecond().p999Millis())
        + cell(results, Shown.MILLIS, r -> r.delays().calmMillis())
        + cell(results, Shown.NUMBER, r -> r.shift().oscillation())
        + " | "
        + met(entry)
        + " |\n";
  }

  private static String cell(
      List<LiveResult> results, Shown shown, Function<LiveResult, Double> figure) {
    List<Double> sorted = results.stream().map(figure).sorted().toList();
    double median = sorted.get((sorted.size() - 1) / 2);
    String middle = shown.text(median);
    if (sorted.get(0).equals(sorted.get(sorted.size() - 1))) {
      return " | " + middle;
    }
    String best = shown.text(sorted.get(0));
    return " | " + middle + " [" + best + ", " + shown.text(sorted.get(sorted.size() - 1)) + "]";
  }

  private static String met(Entry entry) {
    long missed =
        entry.results().stream()
            .filter(r -> LiveBar.of(entry.scenario(), r).stream().anyMatch(bar -> !bar.isMet()))
            .count();
    return missed == 0 ? "met" : "missed in " + missed + " of " + entry.results().size();
  }

  private static void appendBars(Entry entry, StringBuilder text) {
    List<List<LiveBar>> plays =
        entry.results().stream().map(r -> LiveBar.of(entry.scenario(), r)).toList();
    for (int i = 0; i < plays.get(0).size(); i++) {
      int index = i;
      List<LiveBar> bars = plays.stream().map(play -> play.get(index)).toList();
      String found = String.join(", ", bars.stream().map(LiveBar::found).toList());
      long met = bars.stream().filter(LiveBar::isMet).count();
      text.append("| ").append(entry.scenario().name());
      text.append(" | ").append(bars.get(0).text()).append(" | ").append(found);
      text.append(" | ").append(met).append(" of ").append(bars.size()).append(" |\n");
    }
  }

  private String machines() {
    List<LiveResult.Machine> all =
        entries.stream().flatMap(e -> e.results().stream()).map(r -> r.log().machine()).toList();
    double most =
        all.stream().mapToDouble(m -> Math.max(m.loadBefore(), m.loadAfter())).max().orElse(-1);
    double least =
        all.stream().mapToDouble(m -> Math.min(m.loadBefore(), m.loadAfter())).min().orElse(-1);
    double late = all.stream().mapToDouble(m -> m.late().p99Millis()).max().orElse(0);
    return String.format(
        Locale.ROOT,
        "load average %.1f to %.1f; the clients themselves were late by %s at most (p99)",
        least,
        most,
        Shown.MILLIS.text(late));
  }
}
