package io.fairlead.probes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  String safe = "error -32000";
  String finalized = "error -32000";

  /** Blocks from this height on have the fork's hash, those before have that of fork a. */
  long forkedFrom;

  int status = 200;
  boolean isSilent;
  byte @Nullable [] rubbish;

  /** The body of its answer. */
  byte[] answer(String method, String call) {
    if (rubbish != null) {
      return rubbish;
    }
    String result =
        switch (method) {
          case "eth_chainId" -> chainId;
          case "eth_syncing" -> syncing;
          case "eth_getBlockByNumber" -> newest(height.getAsLong());
          case "eth_getBlockByHash" -> at(call);
          case "safe" -> safe;
          case "finalized" -> finalized;
          default -> "\"0x0\"";
        };
    String member = result.startsWith("error ") ? error(result) : "\"result\":" + result;
    String body = "{\"jsonrpc\":\"2.0\",\"id\":1," + member + "}";
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static String error(String spec) {
    return "\"error\":{\"message\":\"no\",\"code\":" + spec.substring("error ".length()) + "}";
  }

  /** The block that a hash in a call names, if it is on the node's branch. */
  private String at(String call) {
    int start = call.indexOf("[\"0x") + 4;
    String digits = call.substring(start, call.indexOf('"', start));
    long number = Long.parseLong(digits.substring(digits.length() - 16), 16);
    String block = newest(number);
    return block.contains("\"hash\":\"0x" + digits) ? block : "null";
  }

  private String newest(long number) {
    return block(number, number >= forkedFrom ? fork : "a", number > forkedFrom ? fork : "a");
  }

  static String block(long number, String fork) {
    return block(number, fork, fork);
  }

  static String hash(long number, String fork) {
    return "0x" + fork.repeat(48) + String.format(Locale.ROOT, "%016x", number);
  }

  private static String block(long number, String fork, String parentFork) {
    return "{\"number\":\"0x"
        + Long.toHexString(number)
        + "\",\"hash\":\""
        + hash(number, fork)
        + "\",\"parentHash\":\""
        + hash(number - 1, parentFork)
        + "\",\"timestamp\":\"0x6553f100\",\"uncles\":[],\"transactions\":[\"0x01\"]}";
  }

  long count(String method) {
    return calls.stream().filter(call -> call.method().equals(method)).count();
  }

  List<Long> times(String method) {
    return calls.stream().filter(c -> c.method().equals(method)).map(Call::atNanos).toList();
  }
}
