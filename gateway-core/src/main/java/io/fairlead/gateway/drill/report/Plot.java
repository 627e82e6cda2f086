package io.fairlead.gateway.drill.report;

import io.fairlead.routing.sim.result.Timeline;
import io.fairlead.routing.sim.scenario.Fault;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.List;
import java.util.Locale;

/** A plot over the time of a play as SVG, with the faults shaded. */
final class Plot {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 260;
  private static final int LEFT = 62;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 26;
  private static final int MOST_POINTS = 600;

  private final Scenario scenario;
  private final Axis axis;
  private final String unit;
  private final StringBuilder svg = new StringBuilder();

  Plot(Scenario scenario, Axis axis, String unit) {
    this.scenario = scenario;
    this.axis = axis;
    this.unit = unit;
  }

  /** Lines, the first one on top. */
  String lines(String title, List<Series> series) {
    begin(title);
    for (int i = series.size() - 1; i >= 0; i--) {
      line(series.get(i), i == 0);
    }
    return end();
  }

  /** Bands on top of each other. */
  String bands(String title, List<Series> series) {
    begin(title);
    double[] below = new double[series.isEmpty() ? 0 : series.get(0).values().length];
    for (Series s : series) {
      band(s, below);
    }
    scenario.faults().forEach(this::edges);
    return end();
  }

  private void begin(String title) {
    add("<svg viewBox=\"0 0 %d %d\" role=\"img\">", WIDTH, HEIGHT);
    svg.append("<title>").append(Html.escape(title)).append("</title>\n");
    for (Fault fault : scenario.faults()) {
      shade(fault);
    }
    for (double tick : axis.ticks()) {
      double y = y(tick);
      add(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          LEFT, WIDTH - RIGHT, y, y);
      add(
          "<text class=\"tick end\" x=\"%d\" y=\"%.1f\">%s</text>\n",
          LEFT - 6, y + 4, Axis.text(tick) + unit);
    }
    double seconds = scenario.play().durationNanos() / 1e9;
    for (double tick : new Axis(0, seconds, false).ticks()) {
      add(
          "<text class=\"tick mid\" x=\"%.1f\" y=\"%d\">%s s</text>\n",
          x(tick * 1e9), HEIGHT - 6, Axis.text(tick));
    }
  }

  private void shade(Fault fault) {
    double from = x((double) fault.fromNanos());
    double until = x((double) Math.min(fault.untilNanos(), scenario.play().durationNanos()));
    add(
        "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
        from, TOP, until - from, HEIGHT - TOP - BOTTOM);
    svg.append("<title>")
        .append(Html.escape(Descriptions.fault(fault)))
        .append("</title></rect>\n");
  }

  /** Where a fault begins and ends, over bands that hide its shade. */
  private void edges(Fault fault) {
    for (long nanos : new long[] {fault.fromNanos(), fault.untilNanos()}) {
      if (nanos < scenario.play().durationNanos()) {
        double x = x((double) nanos);
        add(
            "<line class=\"edge\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n",
            x, x, TOP, HEIGHT - BOTTOM);
      }
    }
  }

  private void line(Series series, boolean isFirst) {
    StringBuilder path = new StringBuilder();
    boolean isDown = false;
    for (int b = 0; b < series.values().length; b += stride(series)) {
      double value = series.values()[b];
      if (Double.isNaN(value)) {
        isDown = false;
        continue;
      }
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", isDown ? "L" : "M", x(b), y(value)));
      isDown = true;
    }
    String style = series.style("l") + (isFirst ? " first" : "");
    add(
        "<path class=\"%s\" d=\"%s\"><title>%s</title></path>\n",
        style, path, Html.escape(series.name()));
  }

  private void band(Series series, double[] below) {
    StringBuilder up = new StringBuilder();
    StringBuilder down = new StringBuilder();
    for (int b = 0; b < below.length; b += stride(series)) {
      double value = Double.isNaN(series.values()[b]) ? 0 : 100 * series.values()[b];
      up.append(point(b, below[b] + value, up.length() == 0 ? "M" : "L"));
      down.insert(0, point(b, below[b], "L"));
      below[b] += value;
    }
    add(
        "<path class=\"%s\" d=\"%s%sZ\"><title>%s</title></path>\n",
        series.style("b"), up, down, Html.escape(series.name()));
  }

  private String point(int bucket, double value, String verb) {
    return String.format(Locale.ROOT, "%s%.1f %.1f", verb, x(bucket), y(value));
  }

  private static int stride(Series series) {
    return Math.max(1, series.values().length / MOST_POINTS);
  }

  private double x(int bucket) {
    return x((bucket + 0.5) * Timeline.BUCKET_NANOS);
  }

  private double x(double nanos) {
    return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, nanos / scenario.play().durationNanos());
  }

  private double y(double value) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - axis.place(value));
  }

  private String end() {
    return svg.append("</svg>\n").toString();
  }

  private void add(String format, Object... args) {
    svg.append(String.format(Locale.ROOT, format, args));
  }
}
