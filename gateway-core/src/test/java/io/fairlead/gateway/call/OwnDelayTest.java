package io.fairlead.gateway.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.client.Client;
import io.fairlead.routing.control.LatencyRow;
import java.time.Duration;
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
    scene.pass(Duration.ofMillis(200));
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
}
