package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * With sockets: a burst beyond the upstreams' room waits for it; a call for which nobody gets room
 * is refused, and says why.
 */
@Timeout(120)
final class SheddingTest {
  private static final int ROOM = 2;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final StubNode one = new StubNode("one", 1);
  private final StubNode two = new StubNode("two", 1);
  private final List<RawClient> clients = new ArrayList<>();
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              routing: { bias: 0, timeout: 60s, hedge: off }
              chains:
                c:
                  chainId: 1
                  upstreams:
                    - { id: one, url: "%s", cloud: aws, region: a, maxConcurrency: %d }
                    - { id: two, url: "%s", cloud: gcp, region: b, maxConcurrency: %d }
              """,
              one.uri(),
              ROOM,
              two.uri(),
              ROOM));

  @AfterEach
  void stop() throws IOException {
    ended.countDown();
    for (RawClient client : clients) {
      client.close();
    }
    gateway.close();
    one.close();
    two.close();
  }

  private RawClient ask(int id) throws IOException {
    RawClient client = gateway.client();
    clients.add(client);
    client.post(
        "/c",
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\"eth_getBalance\",\"params\":[\"0x"
            + id
            + "\",\"0x1\"]}");
    return client;
  }

  private static void keep(StubNode node, CountDownLatch until) {
    node.on(
        "eth_getBalance",
        (c, reply) -> {
          GatewayFixture.await(until);
          reply.json(c.result("\"0x5\""));
        });
  }

  @Test
  void aCallForWhichNobodyGetsRoomIsRefusedAndTheOthersAreAnswered() throws IOException {
    gateway.awaitServing("c", 2, Duration.ofSeconds(30));
    CountDownLatch held = new CountDownLatch(1);
    keep(one, held);
    keep(two, held);
    List<RawClient> served = new ArrayList<>();
    for (int i = 0; i < 2 * ROOM; i++) {
      served.add(ask(i));
    }
    Eventually.holds(
        "both are full",
        Duration.ofSeconds(30),
        () -> one.count("eth_getBalance") == ROOM && two.count("eth_getBalance") == ROOM);
    Answer refused = ask(99).read();
    assertEquals(503, refused.status());
    assertTrue(refused.text().contains("-32002"), refused.text());
    assertTrue(refused.text().contains("at their limits"), refused.text());
    assertTrue(Integer.parseInt(refused.header("retry-after")) > 0);
    held.countDown();
    for (RawClient client : served) {
      assertTrue(client.read().text().contains("0x5"));
    }
    assertEquals(200, ask(100).read().status());
  }

  @Test
  void aBatchLargerThanTheRoomIsAnsweredWhole() throws IOException {
    gateway.awaitServing("c", 2, Duration.ofSeconds(30));
    List<String> calls = new ArrayList<>();
    for (int id = 0; id < 100; id++) {
      calls.add(
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + id
              + ",\"method\":\"eth_getBalance\",\"params\":[\"0x"
              + id
              + "\",\"0x1\"]}");
    }
    try (RawClient client = gateway.client()) {
      Answer answer = client.call("/c", "[" + String.join(",", calls) + "]");
      assertEquals(200, answer.status());
      assertFalse(answer.text().contains("error"), answer.text());
    }
  }
}
