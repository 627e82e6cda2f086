package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.metrics.Scrape;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Counter;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Hardhat;
import io.fairlead.gateway.testing.JsonRpcClient;
import io.fairlead.gateway.testing.RequiresNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * Two makes of real nodes, asked directly and through the gateway: results and errors are the same
 * bytes, for every read method, alone and in batches, asked once and again, with ids of every form.
 */
@RequiresNode
@Timeout(240)
final class SameAnswersTest {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final List<String> IDS =
      List.of("1", "\"a\"", "null", "9007199254740993", "\"\\u0061\"", "1.0", "-1");
  private static final int ROUNDS = 2;

  /** Something that answers calls. */
  private interface Asked {
    JsonNode call(String method, Object... params);
  }

  /** One call, as text without an id. */
  private record Read(String method, String params) {
    String withId(String id) {
      return "{\"jsonrpc\":\"2.0\",\"id\":"
          + id
          + ",\"method\":\""
          + method
          + "\",\"params\":"
          + params
          + "}";
    }
  }

  @Test
  void ofAnvil() throws IOException {
    try (Anvil node = Anvil.start()) {
      compare(node.uri(), history(node::call), List.of("trace_block", "trace_transaction"));
    }
  }

  @Test
  void ofAnvilOverItsWebSocket() throws IOException {
    try (Anvil node = Anvil.start()) {
      List<Read> reads = history(node::call);
      List<String> expected = expected(node.uri(), reads);
      try (GatewayFixture gateway = gateway(node.uri(), "ws: \"" + node.webSocketUri() + "\", ")) {
        gateway.awaitServing("c", 2, Duration.ofSeconds(30));
        JsonRpcClient through = new JsonRpcClient(gateway.rpc("/c"));
        for (int i = 0; i < 100 && carriedBySocket(gateway) < reads.size(); i++) {
          assertBatch(through, reads, expected);
        }
        assertTrue(carriedBySocket(gateway) >= reads.size());
      }
    }
  }

  private static double carriedBySocket(GatewayFixture gateway) {
    return Scrape.parse(gateway.ops("/metrics")).samples.entrySet().stream()
        .filter(e -> e.getKey().startsWith("fairlead_upstream_carried_total"))
        .filter(e -> e.getKey().contains("carrier=\"websocket\""))
        .mapToDouble(e -> e.getValue())
        .sum();
  }

  @Test
  void ofHardhat() throws IOException {
    try (Hardhat node = Hardhat.start()) {
      compare(node.uri(), history(node::call), List.of());
    }
  }

  private static void compare(URI node, List<Read> reads, List<String> needed) throws IOException {
    List<String> expected = expected(node, reads);
    for (String method : needed) {
      int at = reads.stream().map(Read::method).toList().indexOf(method);
      assertEquals(-1, expected.get(at).indexOf("-32601"), method);
    }
    try (GatewayFixture gateway = gateway(node, "")) {
      gateway.awaitServing("c", 2, Duration.ofSeconds(30));
      JsonRpcClient through = new JsonRpcClient(gateway.rpc("/c"));
      for (int round = 0; round < ROUNDS; round++) {
        assertSingles(through, reads, expected, round);
        assertBatch(through, reads, expected);
      }
    }
  }

  private static List<String> expected(URI node, List<Read> reads) throws IOException {
    JsonRpcClient direct = new JsonRpcClient(node);
    List<String> expected = new ArrayList<>();
    for (Read read : reads) {
      expected.add(value(post(direct, read.withId("1"))));
    }
    return expected;
  }

  private static GatewayFixture gateway(URI node, String ws) {
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            """
            cache: %s
            chains:
              c:
                chainId: 31337
                blockTime: 1s
                upstreams:
                  - { id: one, url: "%s", %scloud: aws, region: a }
                  - { id: two, url: "%s", %scloud: gcp, region: b }
            """,
            ws.isEmpty() ? "{ maxSize: 16MiB }" : "off",
            node,
            ws,
            node,
            ws));
  }

  private static void assertSingles(
      JsonRpcClient through, List<Read> reads, List<String> expected, int round) {
    List<Executable> checks = new ArrayList<>();
    for (int i = 0; i < reads.size(); i++) {
      Read read = reads.get(i);
      String id = IDS.get((i + round) % IDS.size());
      String wanted = expected.get(i);
      checks.add(
          () -> {
            byte[] answer = post(through, read.withId(id));
            assertEquals(wanted, asAsked(value(answer), read), read::toString);
            assertEquals(id, member(answer, "id"), read::toString);
          });
    }
    assertAll(checks);
  }

  private static void assertBatch(JsonRpcClient through, List<Read> reads, List<String> expected)
      throws IOException {
    List<Read> twice = new ArrayList<>(reads);
    twice.addAll(reads);
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < twice.size(); i++) {
      bodies.add(twice.get(i).withId(IDS.get(i % IDS.size())));
    }
    int half = bodies.size() / 2;
    List<String> answers = new ArrayList<>();
    for (List<String> part :
        List.of(bodies.subList(0, half), bodies.subList(half, bodies.size()))) {
      answers.addAll(members(post(through, "[" + String.join(",", part) + "]")));
    }
    assertEquals(bodies.size(), answers.size());
    List<Executable> checks = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      byte[] answer = answers.get(i).getBytes(StandardCharsets.UTF_8);
      String wanted = expected.get(i % reads.size());
      String id = IDS.get(i % IDS.size());
      Read read = twice.get(i);
      checks.add(
          () -> {
            assertEquals(wanted, asAsked(value(answer), read), read::toString);
            assertEquals(id, member(answer, "id"), read::toString);
          });
    }
    assertAll(checks);
  }

  private static byte[] post(JsonRpcClient client, String body) {
    return client.post(body.getBytes(StandardCharsets.UTF_8)).body();
  }

  /** Some errors repeat the parameters, in which a number stands for latest. */
  private static String asAsked(String value, Read read) {
    boolean isResolved = value.startsWith("error") && read.params().contains("\"latest\"");
    return isResolved
        ? value.replaceFirst("([\\[,])\"0x[0-9a-f]+\"](}+)$", "$1\"latest\"]$2")
        : value;
  }

  /** The bytes of the result or the error, marked which. */
  private static String value(byte[] answer) throws IOException {
    String result = member(answer, "result");
    return result.isEmpty() ? "error " + member(answer, "error") : "result " + result;
  }

  /** A member's value as it was written, empty if it is not there. */
  private static String member(byte[] answer, String name) throws IOException {
    try (JsonParser parser = FACTORY.createParser(answer)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object: " + new String(answer, StandardCharsets.UTF_8));
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isWanted = parser.currentName().equals(name);
        parser.nextToken();
        String value = written(parser, answer);
        if (isWanted) {
          return value;
        }
      }
    }
    return "";
  }

  private static List<String> members(byte[] batch) throws IOException {
    List<String> members = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(batch)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("no array: " + new String(batch, StandardCharsets.UTF_8));
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        members.add(written(parser, batch));
      }
    }
    return members;
  }

  private static String written(JsonParser parser, byte[] source) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(source, start, end - start, StandardCharsets.UTF_8);
  }

  /** Makes a few blocks with transfers, a contract and its logs, and asks about all of it. */
  private static List<Read> history(Asked node) throws IOException {
    JsonNode accounts = node.call("eth_accounts");
    String from = accounts.get(0).asText();
    String to = accounts.get(1).asText();
    String deployed =
        node.call(
                "eth_sendTransaction",
                Map.of("from", from, "data", Counter.bytecode(), "gas", "0x100000"))
            .asText();
    String counter = mined(node, deployed).get("contractAddress").asText();
    String sent = "";
    for (int i = 0; i < 3; i++) {
      mined(
          node,
          node.call("eth_sendTransaction", Map.of("from", from, "to", to, "value", "0x1"))
              .asText());
      sent =
          node.call(
                  "eth_sendTransaction",
                  Map.of("from", from, "to", counter, "data", Counter.INCREMENT, "gas", "0x20000"))
              .asText();
      mined(node, sent);
    }
    JsonNode receipt = mined(node, sent);
    return reads(
        Map.of(
            "FROM",
            from,
            "TO",
            to,
            "COUNTER",
            counter,
            "TX",
            sent,
            "HASH",
            receipt.get("blockHash").asText(),
            "NUMBER",
            receipt.get("blockNumber").asText(),
            "TOPIC",
            receipt.get("logs").get(0).get("topics").get(0).asText(),
            "NONE",
            "0x" + "00".repeat(31) + "07"));
  }

  /** The receipt of a transaction that the node mines in its own time. */
  private static JsonNode mined(Asked node, String hash) {
    Eventually.holds(
        hash + " is mined",
        Duration.ofSeconds(30),
        () -> !node.call("eth_getTransactionReceipt", hash).isNull());
    return node.call("eth_getTransactionReceipt", hash);
  }

  private static List<String> readLines() throws IOException {
    try (InputStream in = SameAnswersTest.class.getResourceAsStream("reads.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static List<Read> reads(Map<String, String> facts) throws IOException {
    List<Read> reads = new ArrayList<>();
    for (String line : readLines()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String params = line.substring(line.indexOf(' ') + 1);
        for (Map.Entry<String, String> fact : facts.entrySet()) {
          params = params.replace("$" + fact.getKey(), fact.getValue());
        }
        reads.add(new Read(line.substring(0, line.indexOf(' ')), params));
      }
    }
    List<String> leftOver =
        reads.stream().map(Read::params).filter(p -> p.contains("$")).collect(Collectors.toList());
    assertEquals(List.of(), leftOver);
    return reads;
  }
}
