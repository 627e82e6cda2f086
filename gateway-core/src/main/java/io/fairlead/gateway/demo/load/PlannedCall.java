package io.fairlead.gateway.demo.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A body to send and what a right answer to it is.
 *
 * @param items the calls in it
 * @param isBatch whether they go as a JSON array
 */
record PlannedCall(List<Item> items, boolean isBatch) {
  /**
   * One JSON-RPC call.
   *
   * @param id its id, as JSON
   * @param method its method
   * @param params its parameters, as JSON
   * @param isRight judges the JSON of a result at the time of the answer
   */
  record Item(String id, String method, String params, Predicate<String> isRight) {
    String json() {
      return "{\"jsonrpc\":\"2.0\",\"id\":"
          + id
          + ",\"method\":\""
          + method
          + "\",\"params\":"
          + params
          + '}';
    }
  }

  static PlannedCall single(Item item) {
    return new PlannedCall(List.of(item), false);
  }

  /** The bytes to send. */
  byte[] body() {
    String calls = items.stream().map(Item::json).collect(Collectors.joining(","));
    return (isBatch ? '[' + calls + ']' : calls).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return items.stream().map(Item::method).collect(Collectors.joining("+"));
  }
}
