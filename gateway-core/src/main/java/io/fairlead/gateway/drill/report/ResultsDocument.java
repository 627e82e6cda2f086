package io.fairlead.gateway.drill.report;

import io.fairlead.gateway.drill.judge.Judgement;
import io.fairlead.gateway.drill.play.Drill.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What all judged scenarios came to, as Markdown; the same for the same code and seeds. */
public final class ResultsDocument {
  private final List<Outcome> outcomes;
  private final StringBuilder text = new StringBuilder();

  private ResultsDocument(List<Outcome> outcomes) {
    this.outcomes = outcomes;
  }

  /**
   * The document.
   *
   * @param outcomes in the order to show them
   * @param command the command that makes it
   * @return Markdown
   */
  public static String of(List<Outcome> outcomes, String command) {
    return new ResultsDocument(outcomes).write(command);
  }

  private String write(String command) {
    List<Judgement> all = outcomes.stream().flatMap(o -> o.judgements().stream()).toList();
    long met = all.stream().filter(Judgement::isMet).count();
    line("# Routing results");
    line("");
    line("Written by `%s`; do not edit. The scenarios are in [scenarios/](scenarios/),", command);
    line("[drill.md](drill.md) says what each figure is, and [routing.md](routing.md) how routing");
    line("decides. Every play has a seed from 1 upwards, so the command gives the same again.");
    line("A figure is the median over the seeds with a 95 %% confidence interval of the median");
    line(
        "(order statistics); `blamed` and `false-drains` are means. A ratio is taken seed by"
            + " seed.");
    line("");
    line("**%d of %d bars are met.**", met, all.size());
    line("");
    text.append(summary().toMarkdown());
    outcomes.forEach(this::scenario);
    return text.toString();
  }

  private Grid summary() {
    Grid grid = new Grid(List.of("scenario", "bar", "found", "verdict"));
    for (Outcome outcome : outcomes) {
      for (Judgement judgement : outcome.judgements()) {
        String name = outcome.file().scenario().name();
        grid.add(
            List.of(
                name, judgement.bar().toString(), judgement.found(), Tables.verdict(judgement)));
      }
    }
    return grid;
  }

  private void scenario(Outcome outcome) {
    String title = outcome.file().about().title();
    line("");
    line("## %s: %s", outcome.file().scenario().name(), title);
    line("");
    line("%s.", Descriptions.played(outcome));
    outcome.file().about().notes().forEach(note -> line("%s", note));
    line("");
    if (!outcome.judgements().isEmpty()) {
      text.append(Tables.bars(outcome).toMarkdown());
      line("");
    }
    for (String reason : reasons(outcome)) {
      line("%s", reason);
      line("");
    }
    text.append(Tables.latencies(outcome).toMarkdown());
    line("");
    text.append(Tables.contestants(outcome).toMarkdown());
  }

  private static List<String> reasons(Outcome outcome) {
    List<String> reasons = new ArrayList<>();
    for (Judgement judgement : outcome.judgements()) {
      if (!judgement.isMet()) {
        judgement
            .bar()
            .why()
            .ifPresent(
                why -> reasons.add("Missed, " + judgement.bar().measure().label() + ": " + why));
      }
    }
    return reasons;
  }

  private void line(String format, Object... args) {
    text.append(String.format(Locale.ROOT, format, args)).append('\n');
  }
}
