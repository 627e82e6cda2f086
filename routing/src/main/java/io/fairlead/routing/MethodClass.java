package io.fairlead.routing;

import java.util.List;
import java.util.Locale;

/**
 * A group of methods with alike cost, for which latency, success and shares are kept apart.
 *
 * <p>Which method belongs to which class is data of the chain family, not code.
 */
public enum MethodClass {
  /** Answered from memory: head, chain id, gas price, receipts by hash. */
  LIGHT(0),
  /** Reads or executes against state: balances, calls, gas estimates, blocks with transactions. */
  READ(1),
  /** Searches logs over a range of blocks. */
  LOGS(2),
  /** Replays transactions. */
  TRACE(3),
  /** Hands a transaction to the network. */
  WRITE(4);

  /** All classes, by {@link #index()}. */
  public static final List<MethodClass> ALL = List.of(values());

  private final String label = name().toLowerCase(Locale.ROOT);
  private final int index;

  MethodClass(int index) {
    this.index = index;
  }

  /**
   * Whether its calls take a hundred times as long as others.
   *
   * @return true for {@link #LOGS} and {@link #TRACE}
   */
  public boolean isHeavy() {
    return this == LOGS || this == TRACE;
  }

  /**
   * A small number, for arrays that are kept per class.
   *
   * @return 0 to the number of classes - 1
   */
  public int index() {
    return index;
  }

  /**
   * The class's name in metrics, events and the admin API.
   *
   * @return the lower-case name
   */
  public String label() {
    return label;
  }
}
