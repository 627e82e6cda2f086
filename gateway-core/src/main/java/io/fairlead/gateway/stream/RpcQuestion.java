package io.fairlead.gateway.stream;

/**
 * A question that the gateway itself puts to an upstream.
 *
 * @param method the JSON-RPC method
 * @param params its parameters, a JSON array
 * @param timeoutNanos how long to wait for the answer, more than 0
 */
public record RpcQuestion(String method, String params, long timeoutNanos) {
  /** Checks the ranges. */
  public RpcQuestion {
    if (!params.startsWith("[")) {
      throw new IllegalArgumentException("params: " + params + " (expected: a JSON array)");
    }
    if (timeoutNanos <= 0) {
      throw new IllegalArgumentException(
          "timeoutNanos: " + timeoutNanos + " (expected: more than 0)");
    }
  }

  String toJson(long id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }
}
