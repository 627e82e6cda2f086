package io.fairlead.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingStreamsTest {
  private static final String HASHES = "newPendingTransactions";
  private static final String BODIES = "newPendingTransactions full";
  private static final StreamWants WANT_HASHES = new StreamWants(false, true, false);
  private static final StreamWants WANT_BODIES = new StreamWants(false, true, true);
  private static final int TOO_FEW = 1_000;

  private static StreamScene scene() {
    return new StreamScene(Duration.ofSeconds(12));
  }

  private static String hash(int i) {
    return VirtualNode.hash(i, "");
  }

  private static String quoted(int i) {
    return "\"" + hash(i) + "\"";
  }

  private static String body(int i) {
    return "{\"nonce\":\"0x1\",\"hash\":" + quoted(i) + "}";
  }

  @Test
  void nobodyIsAskedWhileNobodyWantsThem() {
    StreamScene scene = scene().with("a", "aws/1").polled("b", "gcp/1").start(TOO_FEW);

    scene.pass(Duration.ofMinutes(1));

    assertTrue(scene.node("a").connectsNanos.isEmpty());
    assertEquals(0, scene.node("b").polls);
  }

  @Test
  void whatTwoUpstreamsAnnounceIsToldOnce() {
    StreamScene scene =
        scene().with("a", "aws/1").with("b", "gcp/1").with("c", "azure/1").start(TOO_FEW);
    scene.streams.want(WANT_HASHES);
    scene.pass(Duration.ofSeconds(1));
    assertEquals(2, scene.nodes.values().stream().filter(n -> n.open(HASHES) == 1).count());

    for (int i = 0; i < 5; i++) {
      for (VirtualNode node : scene.nodes.values()) {
        node.onTransaction(HASHES, quoted(i));
      }
    }
    scene.pass(Duration.ofSeconds(1));

    assertEquals(List.of(hash(0), hash(1), hash(2), hash(3), hash(4)), scene.pending);
  }

  @Test
  void bodiesAreToldAsTheUpstreamWroteThem() {
    StreamScene scene = scene().with("a", "aws/1").start(TOO_FEW);
    scene.streams.want(WANT_BODIES);
    scene.pass(Duration.ofSeconds(1));

    scene.node("a").onTransaction(BODIES, body(1));
    scene.pass(Duration.ofSeconds(1));

    assertEquals(List.of(body(1)), scene.pending);
  }

  @Test
  void bodiesAreAskedForWhereOnlyHashesAreAnnounced() {
    StreamScene scene = scene().polled("a", "aws/1").start(TOO_FEW);
    scene.streams.want(WANT_BODIES);
    scene.pass(Duration.ofSeconds(1));

    scene.node("a").onTransaction(BODIES, quoted(1));
    scene.pass(Duration.ofSeconds(1));

    assertEquals(List.of("{\"hash\":" + quoted(1) + "}"), scene.pending);
  }

  @Test
  void noDaySeesMoreBodiesAskedForThanItsBudget() {
    int perDay = 240;
    StreamScene scene = scene().polled("a", "aws/1").start(perDay);
    scene.streams.want(WANT_BODIES);
    scene.pass(Duration.ofSeconds(1));
    int i = 0;
    for (int minute = 0; minute < 24 * 60; minute++) {
      for (int n = 0; n < 3; n++) {
        scene.node("a").onTransaction(BODIES, quoted(i++));
      }
      scene.pass(Duration.ofMinutes(1));
    }

    long bodies = scene.node("a").asked.stream().filter("eth_getTransactionByHash"::equals).count();
    assertTrue(bodies <= perDay && bodies > perDay * 9 / 10, bodies + " of " + i);
    assertEquals(i, scene.pending.size(), "a hash is told without its body");
  }

  @Test
  void upstreamsWithoutWebSocketArePolledByAFilter() {
    StreamScene scene = scene().polled("a", "aws/1").polled("b", "gcp/1").start(TOO_FEW);
    scene.streams.want(WANT_HASHES);
    scene.pass(Duration.ofSeconds(1));

    for (int i = 0; i < 3; i++) {
      scene.node("a").onTransaction(HASHES, quoted(i));
      scene.node("b").onTransaction(HASHES, quoted(i));
      scene.pass(Duration.ofSeconds(1));
    }

    assertEquals(List.of(hash(0), hash(1), hash(2)), scene.pending);
    scene.streams.want(StreamWants.NOTHING);
    scene.pass(Duration.ofSeconds(1));
    assertTrue(scene.node("a").asked.contains("eth_uninstallFilter"));
    int polls = scene.node("a").polls;
    scene.pass(Duration.ofMinutes(1));
    assertEquals(polls, scene.node("a").polls);
  }

  @Test
  void anotherTakesTheDeadOnesPlace() {
    StreamScene scene =
        scene().with("a", "aws/1").with("b", "gcp/1").with("c", "azure/1").start(TOO_FEW);
    scene.streams.want(WANT_HASHES);
    scene.pass(Duration.ofSeconds(1));
    for (String id : List.of("a", "b")) {
      scene.node(id).isReachable = false;
      scene.node(id).answersHttp = false;
      scene.node(id).reset();
    }
    scene.pass(Duration.ofSeconds(12));

    scene.node("c").onTransaction(HASHES, quoted(7));
    scene.pass(Duration.ofSeconds(1));

    assertEquals(List.of(hash(7)), scene.pending);
  }

  @Test
  void aDrainedUpstreamIsLeft() {
    StreamScene scene =
        scene().with("a", "aws/1").with("b", "gcp/1").with("c", "azure/1").start(TOO_FEW);
    scene.streams.want(WANT_HASHES);
    scene.pass(Duration.ofSeconds(1));
    String used = scene.node("a").open(HASHES) == 1 ? "a" : "b";

    scene.drain(used);
    scene.pass(Duration.ofSeconds(1));

    assertEquals(0, scene.node(used).open(HASHES));
    assertFalse(scene.node(used).isConnected());
    assertEquals(1, scene.node("c").open(HASHES));
  }

  @Test
  void rubbishIsNotTold() {
    StreamScene scene = scene().with("a", "aws/1").start(TOO_FEW);
    scene.streams.want(WANT_HASHES);
    scene.pass(Duration.ofSeconds(1));

    for (String rubbish : List.of("1", "null", "[]", "{}", "\"0x12\"", "{\"hash\":1}", "true")) {
      scene.node("a").onTransaction(HASHES, rubbish);
    }
    scene.pass(Duration.ofSeconds(1));

    assertTrue(scene.pending.isEmpty(), scene.pending.toString());
  }

  @Test
  void theSetOfToldHashesIsBounded() {
    SeenHashes seen = new SeenHashes();
    for (int i = 0; i < 2 * SeenHashes.MOST; i++) {
      assertTrue(seen.add("h" + i));
      assertFalse(seen.add("h" + i));
    }

    assertEquals(SeenHashes.MOST, seen.size());
    assertTrue(seen.add("h0"));
  }

  @Test
  void hashesAreComparedInLowerCase() {
    String upper = "\"" + hash(1).replace("a", "A") + "\"";

    assertEquals(hash(1), JsonArray.hash(upper));
    assertEquals(hash(1), JsonArray.hash("{\"hash\":" + upper + "}"));
    assertNull(JsonArray.hash("\"0x" + "g".repeat(64) + "\""));
  }
}
