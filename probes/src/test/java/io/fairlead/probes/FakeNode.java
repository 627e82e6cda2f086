package io.fairlead.probes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A scripted node; its fields may be changed while it runs. */
final class FakeNode {
  /** A call that reached it. */
  record Call(String method, long atNanos) {}

  final List<Call> calls = new ArrayList<>();
  String chainId = "\"0x1\"";
  String syncing = "false";
  LongSupplier height = () -> 100;
  String fork = "a";
  int status = 200;
  boolean isSilent;
  byte @Nullable [] rubbish;

  /** The body of its answer. */
  byte[] answer(String method) {
    if (rubbish != null) {
      return rubbish;
    }
    String result =
        switch (method) {
          case "eth_chainId" -> chainId;
          case "eth_syncing" -> syncing;
          case "eth_getBlockByNumber" -> block(height.getAsLong(), fork);
          default -> "\"0x0\"";
        };
    String member = result.startsWith("error ") ? error(result) : "\"result\":" + result;
    String body = "{\"jsonrpc\":\"2.0\",\"id\":1," + member + "}";
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static String error(String spec) {
    return "\"error\":{\"message\":\"no\",\"code\":" + spec.substring("error ".length()) + "}";
  }

  static String block(long number, String fork) {
    String hash = fork.repeat(48) + String.format(java.util.Locale.ROOT, "%016x", number);
    return "{\"number\":\"0x"
        + Long.toHexString(number)
        + "\",\"hash\":\"0x"
        + hash
        + "\",\"timestamp\":\"0x6553f100\",\"uncles\":[],\"transactions\":[\"0x01\"]}";
  }

  long count(String method) {
    return calls.stream().filter(call -> call.method().equals(method)).count();
  }

  List<Long> times(String method) {
    return calls.stream().filter(c -> c.method().equals(method)).map(Call::atNanos).toList();
  }
}
