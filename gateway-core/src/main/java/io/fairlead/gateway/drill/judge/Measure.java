package io.fairlead.gateway.drill.judge;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.sim.result.Result;
import io.fairlead.routing.sim.result.Window;
import io.fairlead.routing.sim.scenario.Scenario;
import java.util.Locale;
import java.util.Optional;

/**
 * What to take from the result of a play.
 *
 * @param figure which figure
 * @param methodClass of these calls only; empty: of all. Matters to latencies alone
 * @param window in which part of the play. Matters to latencies alone
 */
public record Measure(Figure figure, Optional<MethodClass> methodClass, Window window) {
  /**
   * A figure of the whole play.
   *
   * @param figure no latency
   * @return the measure
   */
  public static Measure of(Figure figure) {
    return new Measure(figure, Optional.empty(), Window.WHOLE);
  }

  /**
   * Its value.
   *
   * @param result of a play
   * @param scenario what was played
   * @return in the figure's unit; NaN where it does not apply, infinite for what never happened
   */
  public double of(Result result, Scenario scenario) {
    return figure.of(result, scenario, new Figure.Part(methodClass.orElse(null), window));
  }

  /**
   * What it is called in a table.
   *
   * @return like {@code light p99 during}
   */
  public String label() {
    if (!figure.isLatency()) {
      return figure.label();
    }
    String of = methodClass.map(c -> c.label() + " ").orElse("");
    return of + figure.label() + " " + word(window);
  }

  /**
   * A window as files and tables write it.
   *
   * @param window which
   * @return like {@code first-second}
   */
  public static String word(Window window) {
    return window.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
