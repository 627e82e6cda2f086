package io.fairlead.gateway.drill.report;

import io.fairlead.gateway.drill.judge.Unit;
import io.fairlead.gateway.drill.play.WhatIf.Answer;
import io.fairlead.gateway.drill.play.WhatIf.Latency;
import io.fairlead.gateway.drill.play.WhatIf.Traffic;
import java.util.Locale;

/** The answer to what would happen if a failure domain fell silent, in a few lines. */
public final class WhatIfReport {
  private WhatIfReport() {}

  /**
   * The lines.
   *
   * @param answer what came of it
   * @param perSecond the rate that was taken
   * @return lines, the last one ended
   */
  public static String of(Answer answer, double perSecond) {
    int rest = answer.upstreams().size() - answer.members().size();
    return String.join(
        "\n",
        line("What if %s fell silent?", answer.target()),
        line(
            "  who      %d of %d upstreams: %s",
            answer.members().size(),
            answer.upstreams().size(),
            String.join(", ", answer.members())),
        line(
            "  traffic  %s of the calls go there now", Unit.SHARE.format(answer.traffic().share())),
        line(
            "  the rest %s", rest == 0 ? "nobody is left: every call would be lost" : rest(answer)),
        line("  users    %s", users(answer)),
        line("  moved    %s", moved(answer.users().goneMillis())),
        line(
            "Taken for granted: %,.0f calls/s, 80 %% light (1.5 ms), 17 %% reads (15 ms), 3 %%"
                + " traces (700 ms);",
            perSecond),
        "  12 calls at once per upstream; round trips of 5 ms (edge), 20 ms (hyperscaler), 30 ms",
        "  (bare-metal), 60 ms (community); a black hole of 30 s. A scenario file with config: can",
        "  say better; see docs/drill.md.",
        "");
  }

  private static String rest(Answer answer) {
    Traffic traffic = answer.traffic();
    String need = line("would have up to %,.0f calls in flight", traffic.restInFlight());
    if (traffic.restLimit().isEmpty()) {
      return need + "; not all of them have maxConcurrency, so none is known to be full";
    }
    long limit = traffic.restLimit().get();
    String verdict = traffic.restInFlight() < limit ? "they can carry it" : "too many";
    return need + line(" of %,d allowed (maxConcurrency): %s", limit, verdict);
  }

  private static String users(Answer answer) {
    Latency before = answer.users().before();
    Latency during = answer.users().during();
    double lost = answer.users().lost();
    return line(
        "p99 %s -> %s (light calls %s -> %s); lost %,.0f of %,d calls",
        Unit.MILLIS.format(before.allP99()),
        Unit.MILLIS.format(during.allP99()),
        Unit.MILLIS.format(before.lightP99()),
        Unit.MILLIS.format(during.lightP99()),
        lost,
        answer.users().calls());
  }

  private static String moved(double millis) {
    return Double.isFinite(millis)
        ? "away from it within " + Unit.MILLIS.format(millis)
        : "not away from it while it lasted";
  }

  private static String line(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
