package io.fairlead.gateway.drill.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fairlead.gateway.drill.judge.Judgement;
import io.fairlead.gateway.drill.judge.Score;
import io.fairlead.gateway.drill.play.Drill.Outcome;
import io.fairlead.routing.sim.scenario.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a play came to, as one page with plots.
 *
 * <p>It refers to nothing outside itself: it opens without a network. It is well-formed XML too.
 */
public final class HtmlReport {
  private static final String STYLE = "page.css";
  private static final int MOST_FAULTS = 12;

  private final Outcome outcome;
  private final Scenario scenario;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(Outcome outcome) {
    this.outcome = outcome;
    this.scenario = outcome.file().scenario();
  }

  /**
   * The page.
   *
   * @param outcome what came of a file
   * @return HTML
   */
  public static String of(Outcome outcome) {
    return new HtmlReport(outcome).page();
  }

  private String page() {
    String name = scenario.name();
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    element("title", "Fairlead drill: " + name);
    html.append("<style>\n").append(style()).append("</style></head>\n<body><main>\n");
    head();
    verdicts();
    plots();
    section("Policies", "Medians over the seeds.", Tables.contestants(outcome).toHtml());
    section(
        "Latency under " + outcome.own().contestant(),
        "Calls that were given up count with the clients' timeout.",
        Tables.latencies(outcome).toHtml());
    moves();
    source();
    return html.append("</main></body></html>\n").toString();
  }

  private void head() {
    element("p class=\"brand\"", "fairlead drill");
    String title = outcome.file().about().title();
    element("h1", title.isEmpty() ? scenario.name() : scenario.name() + ": " + title);
    element("p class=\"lead\"", Descriptions.played(outcome) + ".");
    html.append("<ul>");
    scenario.faults().stream()
        .limit(MOST_FAULTS)
        .forEach(fault -> element("li", Descriptions.fault(fault)));
    int more = scenario.faults().size() - MOST_FAULTS;
    if (more > 0) {
      element("li", "and " + more + " more");
    }
    if (scenario.faults().isEmpty()) {
      element("li", "no fault");
    }
    html.append("</ul>\n");
    outcome.file().about().notes().forEach(note -> element("p class=\"note\"", note));
  }

  private void verdicts() {
    if (outcome.judgements().isEmpty()) {
      return;
    }
    html.append("<div class=\"bars\">");
    for (Judgement judgement : outcome.judgements()) {
      html.append("<div class=\"bar ").append(judgement.isMet() ? "met" : "missed").append("\">");
      element("span class=\"verdict\"", judgement.isMet() ? "met" : "missed");
      element("span class=\"rule\"", judgement.bar().toString());
      element("span class=\"found\"", judgement.found());
      html.append("</div>\n");
    }
    html.append("</div>\n");
  }

  private void plots() {
    Score own = outcome.own();
    List<Series> shares = Rows.shares(own.first().timeline());
    Plot bands = new Plot(scenario, new Axis(0, 100, false), "%");
    figure(
        "Where calls go",
        "Share of first attempts by region under " + own.contestant() + ", by seconds; seed 1.",
        bands.bands("shares by region", shares),
        legend("b", shares));
    List<Series> p99 = series(true);
    Axis millis = Axis.log(least(p99), most(p99));
    figure(
        "p99 of calls",
        "All classes together, by seconds; seed 1. The scale is logarithmic.",
        new Plot(scenario, millis, " ms").lines("p99 over time", p99),
        legend("l", p99));
    List<Series> lost = series(false);
    Axis count = most(lost) > 50 ? Axis.log(1, most(lost)) : Axis.linear(Math.max(1, most(lost)));
    figure(
        "Calls lost so far",
        "Errors that were not the client's doing, and calls given up; seed 1."
            + (count.isLog() ? " The scale is logarithmic." : ""),
        new Plot(scenario, count, "").lines("calls lost", lost),
        legend("l", lost));
  }

  private List<Series> series(boolean isLatency) {
    List<Series> series = new ArrayList<>();
    for (Score score : outcome.scores()) {
      int colour = series.size();
      series.add(isLatency ? Rows.p99(score, colour) : Rows.lost(score, colour));
    }
    return series;
  }

  private static double least(List<Series> series) {
    return finite(series).filter(v -> v > 0).min(Double::compare).orElse(1.0);
  }

  private static double most(List<Series> series) {
    return finite(series).max(Double::compare).orElse(1.0);
  }

  private static Stream<Double> finite(List<Series> series) {
    return series.stream().flatMap(s -> Arrays.stream(s.values()).boxed()).filter(v -> !v.isNaN());
  }

  private void figure(String title, String caption, String svg, String legend) {
    html.append("<section>");
    element("h2", title);
    element("p class=\"note\"", caption);
    html.append(legend).append("<div class=\"plot\">").append(svg).append("</div></section>\n");
  }

  private static String legend(String prefix, List<Series> series) {
    StringBuilder legend = new StringBuilder("<p class=\"legend\">");
    for (Series s : series) {
      legend.append("<span><i class=\"k ").append(s.style("k")).append(' ').append(prefix);
      legend.append("\"></i>").append(Html.escape(s.name())).append("</span> ");
    }
    return legend.append("</p>\n").toString();
  }

  private void section(String title, String note, String body) {
    html.append("<section>");
    element("h2", title);
    element("p class=\"note\"", note);
    html.append(body).append("</section>\n");
  }

  private void moves() {
    List<String> moves = Descriptions.moves(outcome);
    if (!moves.isEmpty()) {
      String text = Html.escape(String.join("\n", moves));
      section("What the gateway decided", "Seed 1.", "<pre>" + text + "</pre>\n");
    }
  }

  private void source() {
    String command = Descriptions.command(outcome);
    String text =
        "<pre>"
            + Html.escape(command)
            + "</pre>\n<details><summary>"
            + Html.escape(outcome.file().path().toString())
            + "</summary><pre>"
            + Html.escape(outcome.file().about().source())
            + "</pre></details>\n";
    section("How to repeat it", "Seeds 1 to " + outcome.seeds() + " give the same figures.", text);
  }

  private void element(String tag, String text) {
    int space = tag.indexOf(' ');
    String name = space < 0 ? tag : tag.substring(0, space);
    html.append('<').append(tag).append('>').append(Html.escape(text));
    html.append("</").append(name).append(">\n");
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(STYLE + ": not among the program's resources");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
