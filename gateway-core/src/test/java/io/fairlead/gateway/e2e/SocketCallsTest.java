package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.metrics.Scrape;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.JsonRpcClient;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.WireFault;
import io.fairlead.gateway.testing.WireProxy;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls over the WebSocket of a real node whose wire fails, while its HTTP is sound. */
@RequiresNode
@Timeout(120)
final class SocketCallsTest {
  private static final int CLIENTS = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private volatile boolean isOver;
  private final AtomicLong answered = new AtomicLong();

  @Test
  void whateverBefallsTheWebSocketNoCallFailsAndNobodyIsConvicted() throws Exception {
    try (Anvil node = Anvil.start();
        WireProxy wire = new WireProxy(node.uri());
        GatewayFixture gateway = gateway(node.uri(), wire.webSocketUri())) {
      gateway.awaitServing("c", 1, Duration.ofSeconds(30));
      ExecutorService clients =
          Executors.newFixedThreadPool(CLIENTS, new DefaultThreadFactory("clients", true));
      List<Future<?>> loads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        loads.add(clients.submit(() -> ask(gateway.rpc("/c"), client)));
      }
      for (WireFault.Kind kind :
          List.of(WireFault.Kind.FREEZE, WireFault.Kind.RESET, WireFault.Kind.DROP)) {
        awaitMore(gateway, "carrier=\"websocket\"", 200);
        wire.set(WireFault.of(kind));
        awaitMore(gateway, "carrier=\"http\"", 200);
        wire.heal();
      }
      awaitMore(gateway, "carrier=\"websocket\"", 200);
      isOver = true;
      for (Future<?> load : loads) {
        load.get();
      }
      clients.shutdown();
      assertTrue(sum(gateway, "fairlead_upstream_moved_total") > 0);
      assertEquals(0, sum(gateway, "fairlead_ejections_total"), gateway.ops("/metrics"));
      assertEquals(0, sum(gateway, "fairlead_retries_total"));
    }
  }

  private static GatewayFixture gateway(URI http, URI ws) {
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            """
            chains:
              c:
                chainId: 31337
                blockTime: 1s
                upstreams:
                  - { id: one, url: "%s", ws: "%s", cloud: aws, region: a }
            """,
            http,
            ws));
  }

  /** Asks for the balances of accounts that nobody else asks for, one call after another. */
  private void ask(URI rpc, int client) {
    JsonRpcClient asked = new JsonRpcClient(rpc);
    for (int i = 0; !isOver; i++) {
      String account = String.format(Locale.ROOT, "0x%020x%020x", client + 1, i);
      JsonNode balance = asked.call("eth_getBalance", account, "latest");
      assertEquals("0x0", balance.asText());
      answered.incrementAndGet();
    }
  }

  /** Waits until so many more calls have been sent one way. */
  private void awaitMore(GatewayFixture gateway, String label, int more) {
    double before = carried(gateway, label);
    Eventually.holds(
        () -> more + " more calls with " + label + "; answered: " + answered,
        PATIENCE,
        () -> carried(gateway, label) >= before + more);
  }

  private static double carried(GatewayFixture gateway, String label) {
    return Scrape.parse(gateway.ops("/metrics")).samples.entrySet().stream()
        .filter(e -> e.getKey().startsWith("fairlead_upstream_carried_total"))
        .filter(e -> e.getKey().contains(label))
        .mapToDouble(e -> e.getValue())
        .sum();
  }

  private static double sum(GatewayFixture gateway, String name) {
    return Scrape.parse(gateway.ops("/metrics")).samples.entrySet().stream()
        .filter(e -> e.getKey().startsWith(name))
        .mapToDouble(e -> e.getValue())
        .sum();
  }
}
