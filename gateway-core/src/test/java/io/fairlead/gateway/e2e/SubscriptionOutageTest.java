package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.Told;
import io.fairlead.gateway.testing.WebSocketClient;
import io.fairlead.gateway.testing.WireFault;
import io.fairlead.gateway.testing.WireFault.Kind;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every upstream is down at once while the chain goes on: what was missed is told in order when one
 * is back, as far as the promise goes, and beyond it the connection is closed with a reason.
 */
@RequiresNode
final class SubscriptionOutageTest {
  private static final long SEED = 20_261_121;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int TRY_AGAIN_LATER = 1013;
  private static final long OUTAGE_MILLIS = 2000;

  /** How many missing blocks are made up for. */
  private static final int PROMISED_BLOCKS = 1024;

  private final SubscriptionScene scene = new SubscriptionScene(SEED);

  @AfterEach
  void stop() {
    scene.close();
  }

  @Test
  void whatHappenedWhileEveryUpstreamWasDownIsToldOnceInOrder() {
    try (Watcher watcher = Watcher.plain(scene.url(), scene.chain.contract())) {
      block(watcher);
      for (Kind kind : List.of(Kind.FREEZE, Kind.RESET, Kind.DROP, Kind.REFUSE)) {
        fail(kind);
        for (int i = 0; i < 20; i++) {
          scene.chain.block(i % 3);
        }
        assertToldNothing(watcher.told());
        scene.heal();
        block(watcher);
      }
      assertToldAll(watcher.told());
    }
  }

  @Test
  void asManyBlocksAsArePromisedAreMadeUpForAfterAnOutage() {
    try (Watcher watcher = Watcher.plain(scene.url(), scene.chain.contract())) {
      block(watcher);
      fail(Kind.REFUSE);
      for (int i = 0; i < 8; i++) {
        scene.chain.block(2);
        scene.chain.anvil().mine(PROMISED_BLOCKS / 8 - 1);
      }
      scene.heal();
      scene.awaitHeads(watcher);
      block(watcher);
      assertToldAll(watcher.told());
    }
  }

  @Test
  void anOutageLongerThanPromisedEndsTheConnectionWithAReason() {
    List<JsonNode> news = new CopyOnWriteArrayList<>();
    try (WebSocketClient client =
        new WebSocketClient(HttpClient.newHttpClient(), scene.url(), news::add)) {
      client.subscribe("newHeads");
      scene.chain.block(0);
      Eventually.holds("a head is told", SOON, () -> !news.isEmpty());
      fail(Kind.REFUSE);
      scene.chain.anvil().mine(PROMISED_BLOCKS + 1);
      scene.heal();
      Eventually.holds("it ends", SOON, () -> client.ending().isDone());
      WebSocketClient.Ending ending = WebSocketClient.await(client.ending());
      assertEquals(TRY_AGAIN_LATER, ending.code());
      assertTrue(ending.reason().contains("could not be had"), ending::reason);
    }
  }

  /** A block with a log, of which the client is told. */
  private void block(Watcher watcher) {
    scene.chain.block(1);
    scene.awaitAllTold(List.of(watcher));
  }

  private void fail(Kind kind) {
    scene.ways.forEach(way -> way.set(WireFault.of(kind)));
  }

  /** Nobody can know of the newest blocks while the outage lasts, and nobody's connection ends. */
  private static void assertToldNothing(Told told) {
    int before = told.heads().size();
    SubscriptionScene.hold(OUTAGE_MILLIS);
    assertEquals(before, told.heads().size());
    assertEquals(List.of(), told.troubles());
  }

  private void assertToldAll(Told told) {
    ChainTruth truth = ChainTruth.of(scene.chain.anvil(), scene.chain.contract());
    ChainTruth.Findings findings = truth.check(told);
    assertTrue(findings.isClean(), findings::toString);
  }
}
