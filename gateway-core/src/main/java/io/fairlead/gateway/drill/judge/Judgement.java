package io.fairlead.gateway.drill.judge;

import io.fairlead.routing.sim.result.Estimate;

/**
 * Whether plays reached a bar.
 *
 * @param bar the bar
 * @param estimate the figure, or its ratio to that of the other play
 * @param isMet whether the median reaches the bar
 */
public record Judgement(Bar bar, Estimate estimate, boolean isMet) {
  /**
   * The outcome for people.
   *
   * @return like {@code 31 ms [29 ms, 35 ms]}
   */
  public String found() {
    return text(bar, estimate);
  }

  private static String text(Bar bar, Estimate estimate) {
    String middle = bar.format(estimate.median());
    return estimate.runs() < 2
        ? middle
        : middle + " [" + bar.format(estimate.low()) + ", " + bar.format(estimate.high()) + "]";
  }
}
