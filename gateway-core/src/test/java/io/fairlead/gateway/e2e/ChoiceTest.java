package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.Upstream.Freshness;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which node answers, and what the client gets when none can. */
final class ChoiceTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";
  private static final String CHAIN_ID =
      "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"method\":\"eth_chainId\"}";

  private final StubNode first = new StubNode("first", 1);
  private final CountDownLatch ended = new CountDownLatch(1);

  @AfterEach
  void stop() {
    ended.countDown();
    first.close();
  }

  private GatewayFixture gateway(StubNode second, String more) {
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            """
            %s
            chains:
              ethereum:
                chainId: 1
                upstreams:
                  - { id: first, url: "%s", cloud: aws, region: a }
                  - { id: second, url: "%s", cloud: gcp, region: b }
            """,
            more,
            first.uri(),
            second.uri()));
  }

  @Test
  void anUpstreamOfAnotherChainIsNeverUsed() throws IOException {
    try (StubNode other = new StubNode("other", 5);
        GatewayFixture gateway = gateway(other, "")) {
      try (Admin admin = gateway.admin()) {
        Eventually.holds(
            "the wrong chain is noticed",
            SOON,
            () -> admin.upstream("second").getFreshness() == Freshness.WRONG_CHAIN);
      }
      try (RawClient client = gateway.client()) {
        for (int i = 0; i < 200; i++) {
          assertTrue(client.call("/ethereum", BALANCE).text().contains("first"));
        }
        first.refuse();
        assertEquals(503, client.call("/ethereum", BALANCE).status());
      }
      assertEquals(0, other.organicCount());
    }
  }

  @Test
  void anUpstreamThatLagsGetsNoHeadSensitiveCallUntilItHasCaughtUp() throws IOException {
    try (StubNode lagging = new StubNode("lagging", 1);
        StubNode third = new StubNode("third", 1);
        GatewayFixture gateway =
            GatewayFixture.start(
                String.format(
                    Locale.ROOT,
                    """
                    probes: { interval: 100ms, dailyBudget: 10000000 }
                    chains:
                      ethereum:
                        chainId: 1
                        blockTime: 500ms
                        upstreams:
                          - { id: first, url: "%s", cloud: aws, region: a }
                          - { id: lagging, url: "%s", cloud: gcp, region: b }
                          - { id: third, url: "%s", cloud: hetzner, region: c }
                    """,
                    first.uri(),
                    lagging.uri(),
                    third.uri()));
        Admin admin = gateway.admin();
        RawClient client = gateway.client()) {
      gateway.awaitServing("ethereum", 3, SOON);
      first.head(110);
      third.head(110);
      Eventually.holds(
          "the lag is noticed",
          SOON,
          () -> admin.upstream("lagging").getFreshness() == Freshness.LAGGING);
      long before = lagging.organicCount();
      for (int i = 0; i < 200; i++) {
        assertFalse(client.call("/ethereum", BALANCE).text().contains("lagging"));
      }
      assertEquals(before, lagging.organicCount());
      lagging.head(110);
      Eventually.holds(
          "it serves again", SOON, () -> call(client, BALANCE).text().contains("lagging"));
    }
  }

  @Test
  void withEveryUpstreamDownTheClientIsToldAtOnceAndChainIdStillAnswers() throws IOException {
    try (StubNode second = new StubNode("second", 1);
        GatewayFixture gateway = gateway(second, "")) {
      gateway.awaitServing("ethereum", 2, SOON);
      first.refuse();
      second.refuse();
      try (RawClient client = gateway.client()) {
        for (int i = 0; i < 20; i++) {
          Answer answer = client.call("/ethereum", BALANCE, "Origin: https://app.example");
          assertEquals(503, answer.status(), answer.text());
          assertTrue(answer.text().contains("\"id\":\"k\""), answer.text());
          assertTrue(answer.text().contains("-32002"), answer.text());
          assertEquals(1, answer.all("access-control-allow-origin").size());
        }
        assertTrue(client.call("/ethereum", CHAIN_ID).text().contains("\"0x1\""));
        first.listen();
        Eventually.holds("it serves again", SOON, () -> call(client, BALANCE).status() == 200);
      }
    }
  }

  @Test
  void aCallThatNobodyAnswersInTimeIsToldSo() throws IOException {
    try (StubNode second = new StubNode("second", 1);
        GatewayFixture gateway = gateway(second, "routing: { timeout: 700ms }")) {
      gateway.awaitServing("ethereum", 2, SOON);
      first.on("eth_getBalance", (call, reply) -> GatewayFixture.await(ended));
      second.on("eth_getBalance", (call, reply) -> GatewayFixture.await(ended));
      try (RawClient client = gateway.client()) {
        Answer answer = client.call("/ethereum", BALANCE);
        assertEquals(504, answer.status(), answer.text());
        assertTrue(answer.text().contains("\"id\":\"k\""), answer.text());
        assertTrue(answer.text().contains("-32003"), answer.text());
        assertEquals(200, client.call("/ethereum", CHAIN_ID).status());
      }
    }
  }

  @Test
  void anErrorThatIsTheNodesFaultIsAskedElsewhere() throws IOException {
    try (StubNode second = new StubNode("second", 1);
        GatewayFixture gateway = gateway(second, "")) {
      gateway.awaitServing("ethereum", 2, SOON);
      first.on(
          "eth_getBalance",
          (call, reply) ->
              reply.json(call.error("{\"code\":-32603,\"message\":\"Internal error\"}")));
      try (RawClient client = gateway.client()) {
        for (int i = 0; i < 50; i++) {
          Answer answer = client.call("/ethereum", BALANCE);
          assertTrue(answer.text().contains("second"), answer.text());
        }
      }
    }
  }

  @Test
  void aCallThatMayNotBeRepeatedReachesOneNodeOnceThoughItFails() throws IOException {
    String method = "acme_doSomething";
    int calls = 10;
    try (StubNode second = new StubNode("second", 1);
        GatewayFixture gateway = gateway(second, "")) {
      gateway.awaitServing("ethereum", 2, SOON);
      for (StubNode node : List.of(first, second)) {
        node.on(
            method,
            (call, reply) ->
                reply.json(call.error("{\"code\":-32603,\"message\":\"Internal error\"}")));
      }
      try (RawClient client = gateway.client()) {
        for (int i = 0; i < calls; i++) {
          Answer answer =
              client.call(
                  "/ethereum",
                  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":[]}");
          assertTrue(answer.text().contains("-32603"), answer.text());
        }
      }
      assertEquals(calls, first.count(method) + second.count(method));
    }
  }

  @Test
  void debugHeadersCanBeTurnedOff() throws IOException {
    try (StubNode second = new StubNode("second", 1);
        GatewayFixture gateway =
            GatewayFixture.start(
                String.format(
                    Locale.ROOT,
                    """
                    chains: { c: { chainId: 1, upstreams: [ { id: u, url: "%s" } ] } }
                    """,
                    second.uri()),
                ", debugHeaders: false");
        RawClient client = gateway.client()) {
      Answer answer = client.call("/", BALANCE);
      assertEquals(200, answer.status());
      assertTrue(answer.headers().stream().noneMatch(h -> h.getKey().startsWith("x-fairlead")));
    }
  }

  private static Answer call(RawClient client, String body) {
    try {
      return client.call("/ethereum", body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
