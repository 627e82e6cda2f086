package io.fairlead.gateway.drill.report;

import io.fairlead.gateway.drill.play.Drill.Outcome;
import java.util.stream.Collectors;

/** What a play came to, as text for a terminal. */
public final class TextReport {
  private TextReport() {}

  /**
   * The whole report.
   *
   * @param outcome what came of a file
   * @return lines, the last one ended
   */
  public static String of(Outcome outcome) {
    StringBuilder text = new StringBuilder();
    text.append(outcome.file().scenario().name());
    String title = outcome.file().about().title();
    text.append(title.isEmpty() ? "" : ": " + title).append('\n');
    text.append(Descriptions.played(outcome)).append("\n\n");
    text.append(Tables.latencies(outcome).toText()).append('\n');
    text.append(Tables.contestants(outcome).toText());
    if (!outcome.judgements().isEmpty()) {
      text.append('\n').append(Tables.bars(outcome).toText());
    }
    String moves = Descriptions.moves(outcome).stream().limit(12).collect(Collectors.joining("\n"));
    text.append(moves.isEmpty() ? "" : "\nseed 1:\n" + moves + "\n");
    return text.toString();
  }

  /**
   * The bars alone.
   *
   * @param outcome what came of a file
   * @return lines, one for each bar
   */
  public static String verdicts(Outcome outcome) {
    return outcome.file().scenario().name() + "\n" + Tables.bars(outcome).toText();
  }
}
