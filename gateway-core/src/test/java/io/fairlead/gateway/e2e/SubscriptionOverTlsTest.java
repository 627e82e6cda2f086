package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.TestPki;
import io.fairlead.gateway.testing.WebSocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What subscribers are told over a rpc port that speaks TLS: notifications must be encrypted in the
 * order of everything else on their connection, however they are sent elsewhere.
 */
final class SubscriptionOverTlsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int BLOCKS = 30;

  /** A log of several TLS records. */
  private static final int LOG_BYTES = 24 * 1024;

  @TempDir private Path folder;

  @Test
  void notificationsComeWholeAndInOrderBetweenAnswers() throws IOException {
    TestPki authority = new TestPki("servers");
    TestPki.write(folder, "rpc", authority.issue("rpc"));
    List<JsonNode> news = new CopyOnWriteArrayList<>();
    HttpClient http = HttpClient.newBuilder().sslContext(authority.client()).build();
    try (PushNode node = new PushNode(1, LOG_BYTES);
        GatewayFixture gateway = GatewayFixture.start(chain(node), tls());
        WebSocketClient client = new WebSocketClient(http, uri(gateway), news::add)) {
      String heads = client.subscribe("newHeads");
      String logs = client.subscribe("logs", Map.of());
      long first = node.head() + 1;
      for (int i = 0; i < BLOCKS; i++) {
        node.push();
        assertEquals("0x1", client.call("eth_chainId").asText());
      }
      Eventually.holds(() -> news.size() + " are told", SOON, () -> news.size() >= 2 * BLOCKS);
      assertEquals(numbersFrom(first), told(news, heads, "number"));
      assertEquals(numbersFrom(first), told(news, logs, "blockNumber"));
      assertEquals(2 * BLOCKS, news.size());
      assertFalse(client.ending().isDone());
    }
  }

  private static String chain(PushNode node) {
    return String.format(
        Locale.ROOT,
        """
        chains:
          ethereum:
            chainId: 1
            blockTime: 1s
            upstreams: [ { id: u, url: "%s", ws: "%s" } ]
        """,
        node.uri(),
        node.webSocketUri());
  }

  private String tls() {
    return String.format(
        Locale.ROOT, ", tls: { certificate: %1$s/rpc.crt, key: %1$s/rpc.key }", folder);
  }

  private static URI uri(GatewayFixture gateway) {
    return URI.create("wss://127.0.0.1:" + gateway.rpcAddress().getPort() + "/ethereum");
  }

  private static List<Long> numbersFrom(long first) {
    return LongStream.range(first, first + BLOCKS).boxed().toList();
  }

  private static List<Long> told(List<JsonNode> news, String subscription, String field) {
    return news.stream()
        .filter(each -> each.get("subscription").asText().equals(subscription))
        .map(each -> Long.decode(each.get("result").get(field).asText()))
        .toList();
  }
}
