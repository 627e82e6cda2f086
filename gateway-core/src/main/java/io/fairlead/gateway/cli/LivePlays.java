package io.fairlead.gateway.cli;

import io.fairlead.gateway.drill.file.DrillFile;
import io.fairlead.gateway.live.LiveDrill;
import io.fairlead.gateway.live.LiveReport;
import io.fairlead.gateway.live.LiveResult;
import io.fairlead.gateway.net.MonotonicClock;
import io.fairlead.routing.sim.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code fairlead drill --live}: plays scenario files in real time, one after the other, and prints
 * what came of each.
 *
 * <p>Thread-safety: for one thread.
 */
final class LivePlays {
  private static final long SEED = 2026;

  private final PrintWriter out;
  private final PrintWriter err;
  private final LiveReport report = new LiveReport();
  private final LiveDrill drill =
      new LiveDrill(new MonotonicClock(), wallClock(), LiveDrill.Warming.USUAL, SEED);
  private boolean isLossless = true;

  /**
   * Nothing played yet.
   *
   * @param out where results go
   * @param err where progress goes
   */
  LivePlays(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** Refuses a file that cannot be played live. */
  static void check(DrillFile file) {
    try {
      LiveDrill.check(file.scenario());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(file.path() + ": " + e.getMessage(), e);
    }
  }

  /** Plays a file so many times. */
  void play(DrillFile file, int times) {
    Scenario scenario = file.scenario();
    List<LiveResult> results = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      tell(file.path() + (times > 1 ? " (" + (i + 1) + " of " + times + ")" : ""));
      LiveResult result = play(scenario);
      LiveReport.lines(scenario, result).forEach(out::println);
      out.flush();
      isLossless &= result.isLossless();
      results.add(result);
    }
    report.add(scenario, file.about().title(), results);
  }

  private LiveResult play(Scenario scenario) {
    try {
      return drill.play(scenario, this::tell);
    } catch (IOException e) {
      throw new CommandFailure("the gateway or a node does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  /** Whether every call of every play was answered, and rightly. */
  boolean isLossless() {
    return isLossless;
  }

  /**
   * Everything that was played.
   *
   * @param command how to make the document again
   * @return Markdown
   */
  String document(String command) {
    return "# Routing, live\n\nWritten by `" + command + "`.\n\n" + report.markdown();
  }

  private void tell(String line) {
    err.println(line);
    err.flush();
  }

  @SuppressForbidden("gives simulated blocks their time")
  private static InstantSource wallClock() {
    return InstantSource.system();
  }
}
