package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients see of the cache. The node is at block 100, and 90 is final. */
final class CacheTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String FINAL = "\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"0x10\"]";

  private final StubNode node = new StubNode("node", 1);
  private volatile String branch = "a";
  private volatile long head = 100;
  private GatewayFixture gateway;

  CacheTest() {
    node.on(
        "eth_getBlockByNumber",
        (call, reply) -> {
          String tag = call.json().path("params").path(0).asText();
          reply.json(call.result(block(tag.equals("latest") ? head : 90)));
        });
    gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                chains: { ethereum: { chainId: 1, upstreams: [ { id: one, url: "%s" } ] } }
                probes: { interval: 100ms }
                cache: { maxSize: 16MiB }
                """,
                node.uri()));
  }

  @BeforeEach
  void awaitThatTheFinalBlockIsKnown() {
    Eventually.holds(
        "answers of final blocks are kept",
        LIMIT,
        () -> isHit(rpc("0", call("eth_getCode", "0x1"))));
  }

  @AfterEach
  void close() {
    gateway.close();
    node.close();
  }

  private String block(long number) {
    return String.format(
        Locale.ROOT,
        "{\"number\":\"0x%x\",\"hash\":\"%s\",\"parentHash\":\"%s\",\"timestamp\":\"0x7fffffff\"}",
        number,
        hash(number),
        hash(number - 1));
  }

  private String hash(long number) {
    String digits = (number > 95 ? branch : "0") + Long.toHexString(number);
    return "0x" + "0".repeat(64 - digits.length()) + digits;
  }

  private static String call(String method, String block) {
    return "\"method\":\"" + method + "\",\"params\":[\"0x1\",\"" + block + "\"]";
  }

  private static String rpc(String id, String rest) {
    return WireScene.rpc(id, rest);
  }

  private Answer post(String body, String... fields) {
    try (RawClient client = gateway.client()) {
      return client.call("/", body, fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String cacheOf(String body) {
    return String.valueOf(post(body).header("x-fairlead-cache"));
  }

  private boolean isHit(String body) {
    return cacheOf(body).equals("hit");
  }

  @Test
  void aHitCarriesTheClientsIdByteForByteAndTheSameResult() {
    assertEquals("miss", cacheOf(rpc("7", FINAL)));
    for (String id :
        List.of(
            "1", "\"a\"", "\"\\u0041\\n\"", "9007199254740993", "null", "-1.50", "1e3", "\"\"")) {
      Answer hit = post(rpc(id, FINAL));
      assertEquals("hit", hit.header("x-fairlead-cache"));
      assertEquals("0", hit.header("x-fairlead-attempts"));
      assertEquals("", hit.header("x-fairlead-upstream"));
      assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"node\"}", hit.text());
    }
    assertEquals(1, node.count("eth_getBalance"));
  }

  @Test
  void aBatchAsksOnceForWhatItAsksTwiceAndKeepsItsOrder() throws IOException {
    node.on(
        "eth_getStorageAt",
        (call, reply) -> reply.json(call.result(call.json().path("params").path(1).toString())));
    String slot1 = "\"method\":\"eth_getStorageAt\",\"params\":[\"0x1\",\"0xa\",\"0x10\"]";
    String slot2 = "\"method\":\"eth_getStorageAt\",\"params\":[\"0x1\",\"0xb\",\"0x10\"]";
    String spaced = "\"method\":\"eth_getStorageAt\",\"params\":[ \"0x1\" , \"0xa\",\"0x10\" ]";
    Answer answer =
        post(
            "["
                + String.join(
                    ",", rpc("1", slot1), rpc("\"b\"", slot2), rpc("3", spaced), rpc("1", slot1))
                + "]");
    assertEquals(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0xa\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"result\":\"0xb\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"0xa\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0xa\"}]",
        answer.text());
    assertEquals(2, node.count("eth_getStorageAt"));
  }

  @Test
  void aThousandIdenticalCallsOverManyConnectionsMakeOneUpstreamCall() throws IOException {
    CountDownLatch open = new CountDownLatch(1);
    node.on(
        "eth_getTransactionCount",
        (call, reply) -> {
          GatewayFixture.await(open);
          reply.json(call.result("\"0x7\""));
        });
    List<String> calls = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(rpc("" + i, call("eth_getTransactionCount", "0x10")));
      answers.add("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"result\":\"0x7\"}");
    }
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clients.add(gateway.client());
    }
    for (RawClient client : clients) {
      client.post("/", calls.toString());
    }
    open.countDown();
    for (RawClient client : clients) {
      assertEquals(answers.toString().replace(", ", ","), client.read().text());
      client.close();
    }
    assertEquals(1, node.count("eth_getTransactionCount"));
    assertTrue(metric("cache_requests_total{chain=\"ethereum\",result=\"coalesced\",}") >= 9);
  }

  private double metric(String name) {
    return gateway
        .ops("/metrics")
        .lines()
        .filter(line -> line.startsWith("fairlead_" + name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void aHitIsCompressedForWhoAsksForIt() throws IOException {
    String long64 = "0x" + "5".repeat(60_000);
    node.on("eth_call", (call, reply) -> reply.json(call.result('"' + long64 + '"')));
    String body = rpc("1", "\"method\":\"eth_call\",\"params\":[{\"to\":\"0x1\"},\"0x10\"]");
    assertEquals("miss", cacheOf(body));
    Answer plain = post(body);
    Answer zipped = post(body, "Accept-Encoding: gzip");
    assertEquals("hit", zipped.header("x-fairlead-cache"));
    assertEquals("gzip", zipped.header("content-encoding"));
    assertEquals(plain.text(), zipped.unzipped());
    assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + long64 + "\"}", plain.text());
  }

  @Test
  void aLongAnswerIsKeptAndGivenOutPieceByPiece() {
    String result = "\"0x" + "5".repeat(900_000) + "\"";
    node.on("eth_call", (call, reply) -> reply.json(call.result(result)));
    String params = "\"method\":\"eth_call\",\"params\":[{\"to\":\"0x1\"},\"0x10\"]";
    assertEquals("miss", cacheOf(rpc("1", params)));
    Answer hit = post(rpc("\"second\"", params));
    assertEquals("hit", hit.header("x-fairlead-cache"));
    assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"second\",\"result\":" + result + "}", hit.text());
    assertEquals(1, node.count("eth_call"));
  }

  @Test
  void theNewestStateIsKeptForOneHeadOnly() {
    String latest = rpc("1", call("eth_getBalance", "latest"));
    String leftOut = rpc("1", "\"method\":\"eth_getBalance\",\"params\":[\"0x1\"]");
    post(latest);
    assertEquals("hit", cacheOf(leftOut));
    head = 101;
    Eventually.holds("the new head is seen", LIMIT, () -> !isHit(latest));
    assertTrue(node.count("eth_getBalance") >= 2);
  }

  @Test
  void aReorganisationMakesWhatItTouchedUnreachable() {
    String at = rpc("1", call("eth_getBalance", "0x62"));
    Eventually.holds(
        "the block's hash is known", LIMIT, () -> isHit(rpc("1", call("eth_getCode", "0x63"))));
    assertEquals("hit", cacheOf(rpc("1", call("eth_getCode", "0x63"))));
    branch = "b";
    Eventually.holds(
        "the reorganisation is seen", LIMIT, () -> !isHit(rpc("1", call("eth_getCode", "0x63"))));
    assertTrue(isHit(rpc("0", call("eth_getCode", "0x1"))));
    assertEquals("miss", cacheOf(at));
  }

  @Test
  void errorsNullAndUnknownMethodsAreNotKept() {
    node.on("eth_getTransactionReceipt", (call, reply) -> reply.json(call.result("null")));
    node.on(
        "eth_call",
        (call, reply) -> reply.json(call.error("{\"code\":3,\"message\":\"execution reverted\"}")));
    String receipt = rpc("1", "\"method\":\"eth_getTransactionReceipt\",\"params\":[\"0x1\"]");
    String reverted = rpc("1", "\"method\":\"eth_call\",\"params\":[{\"to\":\"0x1\"},\"0x10\"]");
    String unknown = rpc("1", "\"method\":\"foo_bar\",\"params\":[]");
    for (int i = 0; i < 2; i++) {
      assertEquals("miss", cacheOf(receipt));
      assertEquals("miss", cacheOf(reverted));
      assertEquals("bypass", cacheOf(unknown));
      assertEquals("bypass", cacheOf(rpc("1", call("eth_getBalance", "pending"))));
      assertEquals("bypass", cacheOf(rpc("1", "\"method\":\"eth_chainId\"")));
    }
  }

  @Test
  void whatTheCacheDoesIsCounted() {
    assertTrue(metric("cache_requests_total{chain=\"ethereum\",result=\"hit\",}") >= 1);
    assertTrue(metric("cache_requests_total{chain=\"ethereum\",result=\"miss\",}") >= 1);
    assertTrue(metric("cache_entries") >= 1);
    assertTrue(metric("cache_bytes") >= 100);
  }
}
