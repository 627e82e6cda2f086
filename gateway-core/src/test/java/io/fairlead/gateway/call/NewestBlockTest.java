package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One node was seen at the newest block first; the others have it by now and nobody has looked. */
final class NewestBlockTest {
  private static final int CALLS = 60;
  private static final String GOOD = "0x" + "a".repeat(64);
  private static final String BAD = "0x" + "b".repeat(64);
  private static final String HASH = "'0x" + "7".repeat(64) + "'";

  private final Client client = new Client(Client.NOTHING);
  private final CallScene scene = new CallScene(CallHandler.UPSTREAMS, "first", "near", "nearer");
  private long othersAt = 101;

  @BeforeEach
  void begin() {
    scene.node("near").standsAt(100);
    scene.node("nearer").standsAt(100);
    scene.node("first").standsAt(100);
    scene.agree(100);
    scene.pass(CallScene.BLOCK_TIME.multipliedBy(2));
    scene.node("first").standsAt(101);
    scene.agree(101);
    scene.node("first").answers = call -> answer(call, 101);
    scene.node("near").answers = call -> answer(call, othersAt);
    scene.node("nearer").answers = call -> answer(call, othersAt);
    client.raise(HeadTag.LATEST, 101);
  }

  private static String answer(JsonNode call, long head) {
    return switch (call.path("method").asText()) {
      case "eth_blockNumber" -> String.format(Locale.ROOT, "\"result\":\"0x%x\"", head);
      case "eth_getTransactionReceipt" -> "\"result\":{\"blockNumber\":\"0x64\"}";
      case "eth_getBlockByNumber" ->
          String.format(Locale.ROOT, "\"result\":{\"number\":\"0x%x\"}", head);
      default ->
          head < 101
              ? "\"error\":{\"code\":-32000,\"message\":\"header not found\"}"
              : "\"result\":\"0x1\"";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "eth_blockNumber           | []",
        "eth_getBlockByNumber      | ['latest',false]",
        "eth_getBlockByNumber      | ['0x65',false]",
        "eth_getTransactionReceipt | [HASH]",
        "eth_getBalance            | ['0x1','latest']"
      })
  void whoIsFirstAtABlockDoesNotDrawAllCalls(String method, String params) {
    for (int i = 0; i < CALLS; i++) {
      CallScene.Told told = scene.call(client, method, params.replace("HASH", HASH));
      scene.pass(Duration.ofMillis(10));
      assertTrue(String.valueOf(told.text()).contains("\"result\""), told.text());
    }
    long first = scene.node("first").count(method);
    assertTrue(first < CALLS * 2 / 3, first + " of " + CALLS + " calls went to who was first");
  }

  @Test
  void theNewestStateIsThatOfTheNewestBlockThatTheClientOrAnybodyKnows() {
    scene.node("first").standsAt(102);
    scene.call(new Client(Client.NOTHING), "eth_getBalance", "['0x1','latest']");
    assertEquals("0x65", lastBlockAsked());
    client.raise(HeadTag.LATEST, 102);
    scene.call(client, "eth_getBalance", "['0x1','latest']");
    assertEquals("0x66", lastBlockAsked());
    scene.pass(Duration.ofMillis(100));
  }

  private String lastBlockAsked() {
    List<String> blocks = new ArrayList<>();
    for (String id : new String[] {"first", "near", "nearer"}) {
      scene.node(id).asked.forEach(call -> blocks.add(call.at("/params/1").asText()));
      scene.node(id).asked.clear();
    }
    return String.join(",", blocks);
  }

  private static void shows(CallScene.Node node, String number, String hash) {
    node.answers = call -> "\"result\":{\"number\":\"" + number + "\",\"hash\":\"" + hash + "\"}";
  }

  private String told(String params) {
    CallScene.Told told = scene.call(client, "eth_getBlockByNumber", params);
    scene.pass(Duration.ofMillis(40));
    return CallScene.parse(String.valueOf(told.text())).path("result").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"safe", "finalized"})
  void theSafeAndTheFinalBlockDoNotGoBackEither(String tag) {
    shows(scene.node("first"), "0x50", GOOD);
    shows(scene.node("near"), "0x40", GOOD);
    shows(scene.node("nearer"), "0x40", GOOD);
    String params = "['" + tag + "',false]";
    int calls = 0;
    while (!told(params).contains("0x50")) {
      assertTrue(calls++ < CALLS, "nobody asked who knows it");
    }
    for (int i = 0; i < CALLS; i++) {
      assertTrue(told(params).contains("0x50"), "call " + i);
    }
  }

  @Test
  void aBlockOfADeadBranchIsAskedForElsewhere() {
    scene.agree(101, GOOD);
    shows(scene.node("first"), "0x65", GOOD);
    shows(scene.node("near"), "0x65", BAD);
    shows(scene.node("nearer"), "0x65", GOOD);
    for (int i = 0; i < CALLS; i++) {
      assertTrue(told("['0x65',false]").contains(GOOD), "call " + i);
    }
    assertTrue(scene.node("near").count("eth_getBlockByNumber") > 0, "asked too");
  }

  @Test
  void whoseLogsWouldBeLeftOutInSilenceIsNotAskedOnTrust() {
    for (int i = 0; i < CALLS; i++) {
      scene.call(client, "eth_getLogs", "[{'fromBlock':'0x60','toBlock':'latest'}]");
      scene.pass(Duration.ofMillis(10));
    }
    assertEquals(CALLS, scene.node("first").count("eth_getLogs"));
  }

  @Test
  void whoIsTrustedTooEarlyCostsTheClientNothing() {
    othersAt = 100;
    for (int i = 0; i < CALLS; i++) {
      CallScene.Told told = scene.call(client, "eth_getBalance", "['0x1','latest']");
      scene.pass(Duration.ofMillis(40));
      assertTrue(String.valueOf(told.text()).contains("\"result\""), told.text());
    }
  }

  @Test
  void whoIsFarAheadIsNotBelievedBecauseTheOthersFail() {
    String broken = "\"error\":{\"code\":-32603,\"message\":\"Internal error\"}";
    scene.node("first").answers = call -> answer(call, 100_000);
    scene.node("near").answers = call -> broken;
    scene.node("nearer").answers = call -> broken;
    CallScene.Told told = scene.call(client, "eth_blockNumber", "[]");
    scene.pass(Duration.ofSeconds(11));
    assertTrue(String.valueOf(told.text()).contains("\"error\""), told.text());
    assertEquals(101, client.floor(HeadTag.LATEST));
  }
}
