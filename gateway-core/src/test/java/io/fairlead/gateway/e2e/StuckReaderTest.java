package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.RawWebSocket;
import io.fairlead.gateway.testing.WebSocketClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that stops reading costs a bounded amount of memory and nobody else anything. */
final class StuckReaderTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int OTHERS = 1000;
  private static final int SUBSCRIPTIONS = 40;
  private static final int LOG_BYTES = 48 * 1024;
  private static final int BLOCKS = 12;

  /** Twelve blocks are about 47 MB for the stuck reader; kernels keep some of it. */
  private static final long BOUND_BYTES = 24L << 20;

  @Test
  void aReaderThatStopsIsLetGoWhileAThousandOthersAreToldEverything() throws IOException {
    AtomicInteger told = new AtomicInteger();
    HttpClient http = HttpClient.newHttpClient();
    List<WebSocketClient> others = new ArrayList<>();
    try (PushNode node = new PushNode(1, LOG_BYTES);
        GatewayFixture gateway = GatewayFixture.start(yaml(node));
        RawWebSocket stuck = RawWebSocket.open(gateway.client(), "/ethereum")) {
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        stuck.send(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\",{}]}");
        stuck.read();
      }
      for (int i = 0; i < OTHERS; i++) {
        WebSocketClient client =
            new WebSocketClient(
                http, gateway.webSocket("/ethereum"), news -> told.incrementAndGet());
        client.subscribe("newHeads");
        others.add(client);
      }
      long before = bufferBytes(gateway);
      long most = 0;
      for (int block = 1; block <= BLOCKS; block++) {
        node.push();
        int due = block * OTHERS;
        Eventually.holds(
            () -> told.get() + " of " + due + " are told", SOON, () -> told.get() == due);
        most = Math.max(most, bufferBytes(gateway));
      }
      long grown = most - before;
      assertTrue(grown < BOUND_BYTES, () -> "buffers grew by " + grown + " bytes");
      Eventually.holds("the stuck one is let go", SOON, () -> connections(gateway) == OTHERS);
      assertEquals(0, others.stream().filter(other -> other.ending().isDone()).count());
    } finally {
      others.forEach(WebSocketClient::close);
    }
  }

  private static String yaml(PushNode node) {
    return String.format(
        Locale.ROOT,
        """
        limits: { websocketBuffer: 1MiB }
        chains:
          ethereum:
            chainId: 1
            upstreams: [ { id: u, url: "%s", ws: "%s" } ]
        """,
        node.uri(),
        node.webSocketUri());
  }

  private static long bufferBytes(GatewayFixture gateway) {
    return metric(gateway, "fairlead_direct_memory_bytes");
  }

  private static long connections(GatewayFixture gateway) {
    return metric(gateway, "fairlead_websocket_connections");
  }

  private static long metric(GatewayFixture gateway, String name) {
    return gateway
        .ops("/metrics")
        .lines()
        .filter(line -> line.startsWith(name) && !line.contains("_total"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
