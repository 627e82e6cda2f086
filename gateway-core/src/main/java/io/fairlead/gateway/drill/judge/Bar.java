package io.fairlead.gateway.drill.judge;

import java.util.Optional;

/**
 * What a play has to reach: a figure, or a figure's ratio to that of another play.
 *
 * @param measure the figure
 * @param versus the other play: a baseline's name, {@code no-hedge}, or another scenario's file;
 *     empty: the figure itself
 * @param bound how much
 * @param why what is known of it being missed, for the report; empty if it is met
 */
public record Bar(Measure measure, Optional<String> versus, Bound bound, Optional<String> why) {
  /** The production policy without hedges, to be compared with. */
  public static final String NO_HEDGE = "no-hedge";

  /**
   * How much a figure may be.
   *
   * @param isMost whether it is the most, and not the least
   * @param amount in the figure's unit, or a plain ratio
   */
  public record Bound(boolean isMost, double amount) {
    boolean isMetBy(double figure) {
      return isMost ? figure <= amount : figure >= amount;
    }
  }

  /**
   * Whether a figure reaches it.
   *
   * @param figure the figure, or the ratio
   * @return false for a figure that is not a number: what did not happen was not reached
   */
  public boolean isMetBy(double figure) {
    return bound.isMetBy(figure);
  }

  /**
   * A figure, or a ratio, for people.
   *
   * @param figure what was measured; may be no number
   * @return the text
   */
  public String format(double figure) {
    return versus.isPresent() ? Unit.NUMBER.format(figure) : measure.figure().format(figure);
  }

  /**
   * The bar for people.
   *
   * @return like {@code light p99 during <= 0.6 x prequal}
   */
  @Override
  public String toString() {
    String sign = bound.isMost() ? " <= " : " >= ";
    String of = versus.map(v -> " x " + v).orElse("");
    return measure.label() + sign + format(bound.amount()) + of;
  }
}
