package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.UntrustedScene.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.Event;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.RealTime;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody is taken at his word who is not trusted. The chain's head is 100. */
final class UntrustedTest {
  private static final String BALANCE = "eth_getBalance";
  private static final String AT_16 = "[\"0x1\",\"0x10\"]";
  private static final String HASH = "0x" + "ab".repeat(32);
  private static final String OTHER_HASH = "0x" + "cd".repeat(32);

  private final UntrustedScene scene = new UntrustedScene();

  @AfterEach
  void stop() {
    scene.close();
  }

  @Test
  void aLiarIsOutvotedPutOutAndTheEventSaysWhoSaidWhat() throws IOException {
    StubNode liar = scene.community("liar", 0);
    StubNode first = scene.trusted("first", 1);
    StubNode second = scene.trusted("second", 1);
    says(liar, BALANCE, "\"0xbad\"");
    says(first, BALANCE, "\"0x64\"");
    says(second, BALANCE, "\"0x64\"");
    scene.start("{ quorum: 2 }");
    Answer answer = scene.call(BALANCE, AT_16);
    assertEquals("0x64", WireScene.json(answer).path("result").asText(), answer.text());
    assertEquals(7, WireScene.json(answer).path("id").asInt());
    assertNotEquals("liar", answer.header("x-fairlead-upstream"));
    assertEquals(1, liar.count(BALANCE));
    scene.awaitOut("liar");
    Event event = scene.lies().get(0);
    assertEquals("liar", event.getSubject());
    for (String word : List.of(BALANCE, "block 16", "0xbad", "0x64", "first", "second")) {
      assertTrue(event.getReason().contains(word), word + " in " + event.getReason());
    }
    assertEquals(1, scene.verifications("outvoted"));
    for (int i = 0; i < 20; i++) {
      assertEquals("0x64", scene.result(BALANCE, AT_16));
    }
    assertEquals(1, liar.count(BALANCE), "it is out");
  }

  @Test
  void theFirstAnswerPassesByteForByteOnceAnotherDomainAgrees() throws IOException {
    StubNode cheap = scene.community("cheap", 0);
    StubNode witness = scene.trusted("witness", 1);
    says(cheap, "eth_getProof", "{ \"b\" : [1,2],\n\"a\":\"0xABCDEF\" }");
    says(witness, "eth_getProof", "{\"a\":\"0xabcdef\",\"b\":[1,2]}");
    scene.start("{ quorum: 2 }");
    Answer answer = scene.call("eth_getProof", "[\"0x1\",[],\"0x10\"]");
    assertTrue(answer.text().contains("{ \"b\" : [1,2],\n\"a\":\"0xABCDEF\" }"), answer.text());
    assertEquals("cheap", answer.header("x-fairlead-upstream"));
    assertEquals(1, witness.count("eth_getProof"));
    assertEquals(1, scene.verifications("agreed"));
    assertEquals(List.of(), scene.lies());
  }

  @Test
  void aTrustedUpstreamIsNotCrossChecked() throws IOException {
    StubNode trusted = scene.trusted("trusted", 0);
    StubNode cheap = scene.community("cheap", 1);
    scene.trusted("other", 1);
    says(trusted, BALANCE, "\"0x1\"");
    scene.start("{ quorum: 2 }");
    for (int i = 0; i < 20; i++) {
      assertEquals("0x1", scene.result(BALANCE, AT_16));
    }
    assertEquals(20, trusted.count(BALANCE));
    assertEquals(0, cheap.count(BALANCE));
  }

  @Test
  void withoutAQuorumTheClientIsToldSoAndNobodyIsPutOut() throws IOException {
    for (String id : List.of("a", "b", "c")) {
      says(scene.community(id, 0), BALANCE, "\"0x" + id + "\"");
    }
    scene.start("{ quorum: 2 }");
    Answer answer = scene.call(BALANCE, AT_16);
    assertEquals(503, answer.status(), answer.text());
    assertEquals(-32002, WireScene.json(answer).path("error").path("code").asInt());
    assertTrue(answer.text().contains("no 2 failure domains of ethereum agree"), answer.text());
    assertEquals(1, scene.verifications("refused"));
    assertEquals(List.of(), scene.lies());
  }

  @Test
  void anOperatorMayPreferAnUnconfirmedAnswerToNone() throws IOException {
    says(scene.community("a", 0), BALANCE, "\"0xa\"");
    says(scene.community("b", 1), BALANCE, "\"0xb\"");
    scene.start("{ quorum: 2, unconfirmed: answer }");
    assertEquals("0xa", scene.result(BALANCE, AT_16));
    assertEquals(1, scene.verifications("unconfirmed"));
  }

  @Test
  void betweenOneStrangerAndOneTrustedUpstreamTheTrustedIsBelieved() throws IOException {
    says(scene.community("stranger", 0), BALANCE, "\"0xbad\"");
    says(scene.trusted("trusted", 1), BALANCE, "\"0x64\"");
    scene.start("{ quorum: 2 }");
    assertEquals("0x64", scene.result(BALANCE, AT_16));
    assertEquals(1, scene.verifications("outvoted"));
    assertEquals(List.of(), scene.lies(), "one word against one is no proof");
  }

  @Test
  void neitherNullNorAnErrorIsALie() throws IOException {
    StubNode stranger = scene.community("stranger", 0);
    String receipt = "{\"transactionHash\":\"" + HASH + "\",\"status\":\"0x1\"}";
    says(stranger, "eth_getTransactionReceipt", "null");
    stranger.on(
        BALANCE,
        (call, reply) -> reply.json(call.error("{\"code\":3,\"message\":\"execution reverted\"}")));
    for (String id : List.of("first", "second")) {
      StubNode trusted = scene.trusted(id, 1);
      says(trusted, "eth_getTransactionReceipt", receipt);
      says(trusted, BALANCE, "\"0x64\"");
    }
    scene.start("{ quorum: 2 }");
    Answer answer = scene.call("eth_getTransactionReceipt", "[\"" + HASH + "\"]");
    assertTrue(answer.text().contains("status"), answer.text());
    assertEquals("0x64", scene.result(BALANCE, AT_16));
    assertEquals(2, scene.verifications("outvoted"));
    assertEquals(List.of(), scene.lies());
  }

  @Test
  void nearTheHeadAForkIsPossibleOnceButNotThreeTimes() throws IOException {
    says(scene.community("liar", 0), BALANCE, "\"0xbad\"");
    says(scene.trusted("first", 1), BALANCE, "\"0x64\"");
    says(scene.trusted("second", 1), BALANCE, "\"0x64\"");
    scene.start("{ quorum: 2 }");
    for (int block = 97; block < 99; block++) {
      String params = "[\"0x1\",\"0x" + Integer.toHexString(block) + "\"]";
      assertEquals("0x64", scene.result(BALANCE, params));
      assertEquals("0x64", scene.result(BALANCE, params));
      assertEquals(List.of(), scene.lies());
    }
    assertEquals("0x64", scene.result(BALANCE, "[\"0x1\",\"0x63\"]"));
    scene.awaitOut("liar");
  }

  @Test
  void aRecordThatIsNotTheOneAskedForIsRefusedThoughNothingIsCrossChecked() throws IOException {
    StubNode liar = scene.community("liar", 0);
    StubNode trusted = scene.trusted("trusted", 1);
    says(liar, "eth_getBlockByHash", "{\"hash\":\"" + OTHER_HASH + "\",\"number\":\"0x10\"}");
    says(trusted, "eth_getBlockByHash", "{\"hash\":\"" + HASH + "\",\"number\":\"0x10\"}");
    scene.start("{ methods: [] }");
    Answer answer = scene.call("eth_getBlockByHash", "[\"" + HASH + "\",false]");
    assertTrue(answer.text().contains(HASH), answer.text());
    assertEquals(1, scene.verifications("contradictory"));
    scene.awaitOut("liar");
    assertTrue(scene.lies().get(0).getReason().contains("hash"), scene.lies()::toString);
  }

  @Test
  void logsGoToTrustedUpstreamsWhileOneServesAndAreCrossCheckedElse() throws IOException {
    String query = "[{\"fromBlock\":\"0x1\",\"toBlock\":\"0x10\"}]";
    StubNode cheap = scene.community("cheap", 0);
    StubNode trusted = scene.trusted("trusted", 0);
    StubNode other = scene.community("other", 0);
    says(cheap, "eth_getLogs", "[{\"address\":\"0xbad\"}]");
    says(trusted, "eth_getLogs", "[]");
    says(other, "eth_getLogs", "[]");
    scene.start("{ quorum: 2 }");
    for (int i = 0; i < 20; i++) {
      assertTrue(scene.call("eth_getLogs", query).text().contains("[]"));
    }
    assertEquals(20, trusted.count("eth_getLogs"));
    assertEquals(0, cheap.count("eth_getLogs") + other.count("eth_getLogs"));
    trusted.refuse();
    for (int i = 0; i < 10; i++) {
      String text = scene.call("eth_getLogs", query).text();
      assertFalse(text.contains("0xbad"), text);
    }
  }

  @Test
  void inALongAnswerALieNeverArrivesWholeAndTheTruthDoes() throws IOException {
    String truth = longText('a');
    StubNode cheap = scene.community("cheap", 0);
    says(cheap, "eth_getCode", truth);
    for (String id : List.of("first", "second")) {
      says(scene.trusted(id, 1), "eth_getCode", truth);
    }
    scene.start("{ quorum: 2 }");
    try (RawClient client = scene.client()) {
      String body =
          "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_getCode\",\"params\":" + AT_16 + "}";
      Answer answer = client.call("/ethereum", body);
      assertTrue(answer.text().contains(truth.substring(1)), "the truth passes");
      assertEquals(1, scene.verifications("agreed"));
      says(cheap, "eth_getCode", longText('b'));
      assertThrows(IOException.class, () -> client.call("/ethereum", body));
    }
    scene.awaitOut("cheap");
  }

  @Test
  void ofALongLieTheEndIsMissing() throws IOException {
    says(scene.community("cheap", 0), "eth_getCode", longText('b'));
    for (String id : List.of("first", "second")) {
      says(scene.trusted(id, 1), "eth_getCode", longText('a'));
    }
    scene.start("{ quorum: 2 }");
    String arrived = scene.whateverArrives("eth_getCode", AT_16);
    assertTrue(arrived.contains("0".repeat(1000)), "it had begun");
    assertFalse(arrived.contains("b\""), "its end had not been let go");
  }

  /** Longer than what is held. */
  private static String longText(char last) {
    return "\"0x" + "0".repeat(3 << 20) + last + '"';
  }

  @Test
  void aLiarAmongStrangersNeverDeceivesAClient() throws IOException {
    long seed = RealTime.CLOCK.nanoTime();
    Random random = new Random(seed);
    List<StubNode> nodes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(scene.community("node-" + i, 0));
    }
    StubNode liar = nodes.get(random.nextInt(4));
    for (StubNode node : nodes) {
      node.on(
          BALANCE,
          (call, reply) -> {
            String truth = "\"0x" + call.json().path("params").path(0).asText().substring(2) + "\"";
            String lie = "\"0x" + Integer.toHexString(0x1000 + random.nextInt(4)) + "\"";
            reply.json(call.result(node == liar ? lie : truth));
          });
    }
    scene.start("{ quorum: 2 }");
    for (int i = 1; i <= 200; i++) {
      String account = String.format(Locale.ROOT, "0x%x", i);
      String block = "0x" + Integer.toHexString(random.nextInt(101));
      String params = "[\"" + account + "\",\"" + block + "\"]";
      assertEquals(account, scene.result(BALANCE, params), "seed " + seed + " call " + i);
    }
    assertFalse(scene.lies().isEmpty(), "seed " + seed);
    assertTrue(
        scene.lies().stream()
            .allMatch(event -> event.getSubject().equals("node-" + nodes.indexOf(liar))),
        () -> "seed " + seed + " " + scene.lies());
  }
}
