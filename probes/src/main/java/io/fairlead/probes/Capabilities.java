package io.fairlead.probes;

import java.util.EnumMap;
import java.util.Map;

/**
 * Reads the answer to {@code eth_capabilities}: for each sort of data an object with {@code
 * disabled} and {@code oldestBlock} (ethereum/execution-apis, src/eth/capabilities.yaml).
 */
final class Capabilities {
  private Capabilities() {}

  /** The oldest block by sort, {@link HoldingsListener#NONE} for what is disabled. */
  static Map<DataSort, Long> oldest(Answer.Result result) {
    Map<DataSort, Long> oldest = new EnumMap<>(DataSort.class);
    for (DataSort sort : DataSort.values()) {
      long block = Quantity.parse(result.field(sort.field() + ".oldestBlock"));
      if ("true".equals(result.field(sort.field() + ".disabled"))) {
        oldest.put(sort, HoldingsListener.NONE);
      } else if (block != Quantity.NONE) {
        oldest.put(sort, block);
      }
    }
    return oldest;
  }
}
