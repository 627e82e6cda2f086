package io.fairlead.gateway.demo.view;

import io.fairlead.gateway.demo.load.LoadFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What the demo has shown, at its end.
 *
 * @param last the last frame, all calls ended
 * @param shift how the failed cloud's share moved
 */
public record Summary(Frame last, Shift shift) {
  private static final int LABEL_COLUMNS = -12;
  private static final int COLUMNS = 10;
  private static final double OVERLOADED_MILLIS = 500;

  /**
   * How the share of the failed cloud moved.
   *
   * @param shareBefore just before the fault, 0 to 1
   * @param secondsAway from the fault until the share was under 5 %
   * @param secondsBack from the healing until the share was at nine tenths of what it was before
   */
  public record Shift(double shareBefore, OptionalDouble secondsAway, OptionalDouble secondsBack) {}

  /**
   * Whether every call was answered rightly.
   *
   * @return true when none failed
   */
  public boolean isLossless() {
    return last.load().total().failed() == 0;
  }

  /**
   * The summary as text.
   *
   * @return lines
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    LoadFigures.Counts total = last.load().total();
    lines.add(
        labelled("calls", Numbers.count(total.calls()))
            + ", failed "
            + Numbers.count(total.failed())
            + ", wrong answers "
            + Numbers.count(total.wrong()));
    lines.add(labelled("failure", away()));
    lines.add(labelled("healing", back()));
    lines.add(labelled("traffic now", placesNow()));
    lines.add("");
    lines.add(labelled("latency", row("p50", "p99", "max")));
    for (Phase phase : Phase.values()) {
      LoadFigures.Counts counts = last.load().stages().get(phase.index());
      lines.add(labelled("  " + phase.label(), latency(counts)));
    }
    for (LoadFigures.Complaint complaint : last.load().complaints()) {
      double due = complaint.dueNanos() / 1e9;
      String when = due < 0 ? "while warming up" : "due at " + Numbers.seconds(due);
      lines.add("failed, " + when + ": " + complaint.text());
    }
    if (last.load().stages().get(0).latency().p50Millis() > OVERLOADED_MILLIS) {
      lines.add("This machine cannot keep up with so many calls; try a lower --rate.");
    }
    return lines;
  }

  private String away() {
    Timeline timeline = last.timeline();
    if (last.seconds() < timeline.faultSeconds()) {
      return "not reached";
    }
    return "at %s %s became a black hole; its share of new calls, %s before, "
            .replaceFirst("%s", Numbers.seconds(timeline.faultSeconds()))
            .replaceFirst("%s", timeline.cloud())
            .replaceFirst("%s", Numbers.percent(shift.shareBefore()))
        + after(shift.secondsAway(), "was under 5 %", "stayed over 5 %");
  }

  private String back() {
    Timeline timeline = last.timeline();
    if (last.seconds() < timeline.healSeconds()) {
      return "not reached";
    }
    return "at "
        + Numbers.seconds(timeline.healSeconds())
        + " it healed; its share "
        + after(shift.secondsBack(), "was back at nine tenths", "was not back at the end");
  }

  private static String after(OptionalDouble seconds, String reached, String missed) {
    return seconds.isEmpty()
        ? missed
        : reached + " after " + Numbers.millis(seconds.getAsDouble() * 1e3);
  }

  private String placesNow() {
    return LogView.shares(last).entrySet().stream()
        .sorted((a, b) -> Double.compare(b.getValue(), a.getValue()))
        .map(entry -> entry.getKey() + ' ' + Numbers.percent(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String latency(LoadFigures.Counts counts) {
    if (counts.calls() == 0) {
      return "no calls";
    }
    LoadFigures.Latency latency = counts.latency();
    return row(
        Numbers.millis(latency.p50Millis()),
        Numbers.millis(latency.p99Millis()),
        Numbers.millis(latency.maxMillis()));
  }

  private static String row(String a, String b, String c) {
    return Numbers.pad(a, COLUMNS) + Numbers.pad(b, COLUMNS) + Numbers.pad(c, COLUMNS);
  }

  private static String labelled(String label, String text) {
    return Numbers.pad(label, LABEL_COLUMNS) + text;
  }
}
