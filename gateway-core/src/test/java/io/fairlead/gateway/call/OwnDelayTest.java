package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.client.Client;
import io.fairlead.routing.control.LatencyRow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop so busy that what it asks leaves late. */
final class OwnDelayTest {
  private static final Duration TURN = Duration.ofMillis(20);

  @Test
  void whatTheLoopKeptWaitingIsNotHeldAgainstTheUpstream() {
    CallScene scene = new CallScene(CallHandler.UPSTREAMS, "node");
    CallScene.Node node = scene.node("node");
    node.standsAt(100);
    scene.agree(100);
    scene.pass(Duration.ofMillis(20));
    node.latency = TURN.plusMillis(5);
    Client client = new Client(Client.NOTHING);
    for (int i = 0; i < 50; i++) {
      scene.turns().watch(scene.nanoTime());
      scene.call(client, "eth_gasPrice", "[]");
      scene.pass(TURN);
      scene.turns().end(scene.nanoTime(), false);
      scene.pass(TURN);
    }
    LatencyRow row =
        scene.latency().stream().filter(r -> r.samples() > 0).findFirst().orElseThrow();
    assertEquals(5, Math.round(row.quantiles().p50Millis()));
  }

  @Test
  void nobodyElseIsAskedForWhatTheLoopKeepsWaiting() {
    CallScene scene = new CallScene(CallHandler.UPSTREAMS, true, "one", "other");
    CallScene.Node one = scene.node("one");
    CallScene.Node other = scene.node("other");
    List.of(one, other).forEach(node -> node.standsAt(100));
    scene.agree(100);
    Client client = new Client(Client.NOTHING);
    for (int i = 0; i < 2_000; i++) {
      scene.call(client, "eth_gasPrice", "[]");
      scene.pass(Duration.ofMillis(10));
    }
    List.of(one, other).forEach(node -> node.latency = TURN.plusMillis(5));
    int before = one.asked.size() + other.asked.size();
    for (int i = 0; i < 20; i++) {
      scene.turns().watch(scene.nanoTime());
      scene.call(client, "eth_gasPrice", "[]");
      scene.pass(TURN);
      scene.turns().end(scene.nanoTime(), false);
      scene.pass(TURN);
    }
    assertEquals(before + 20, one.asked.size() + other.asked.size());
  }
}
