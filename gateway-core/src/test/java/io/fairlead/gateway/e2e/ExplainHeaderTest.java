package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call that asks how it was decided hears it in one field; all others hear nothing. */
final class ExplainHeaderTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ASK = "X-Fairlead-Explain: 1";
  private static final String FIELD = "x-fairlead-explain";
  private static final String EXPOSED = "access-control-expose-headers";
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";

  private final StubNode first = new StubNode("first", 1);
  private final StubNode second = new StubNode("second", 1);

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private GatewayFixture gateway(String listen) {
    GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                routing: { bias: 0 }
                chains:
                  ethereum:
                    chainId: 1
                    upstreams:
                      - { id: first, url: "%s", cloud: aws, region: a, weight: 10000 }
                      - { id: second, url: "%s", cloud: gcp, region: b, weight: 1 }
                """,
                first.uri(),
                second.uri()),
            listen);
    gateway.awaitServing("ethereum", 2, SOON);
    return gateway;
  }

  private static JsonNode decision(Answer answer) throws IOException {
    String field = answer.header(FIELD);
    assertTrue(field.startsWith("{"), () -> "" + answer.headers());
    return new ObjectMapper().readTree(field);
  }

  @Test
  void theDecisionNamesCandidatesAndAttempts() throws IOException {
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      Answer answer = client.call("/ethereum", BALANCE, ASK);
      assertEquals(200, answer.status());
      JsonNode decision = decision(answer);
      assertEquals("ethereum", decision.path("chain").textValue());
      assertEquals("read", decision.path("class").textValue());
      assertTrue(decision.path("head").booleanValue());
      assertTrue(decision.path("table").longValue() > 0);
      assertEquals("first", decision.at("/candidates/0/id").textValue());
      assertEquals(1, decision.at("/candidates/0/share").doubleValue(), 0.001);
      assertFalse(decision.at("/candidates/0/hot").booleanValue());
      assertEquals("second", decision.at("/candidates/1/id").textValue());
      JsonNode attempt = decision.at("/attempts/0");
      assertEquals(answer.header("x-fairlead-upstream"), attempt.path("upstream").textValue());
      assertEquals("primary", attempt.path("kind").textValue());
      assertEquals("share", attempt.path("why").textValue());
      assertEquals("success", attempt.path("result").textValue());
      assertTrue(attempt.path("ms").doubleValue() <= decision.path("ms").doubleValue());
      assertEquals(1, decision.path("attempts").size());
      assertTrue(answer.header(EXPOSED).contains("X-Fairlead-Explain"));
    }
  }

  @Test
  void aRetrySaysWhyAndIsCountedByReason() throws IOException {
    first.on(
        "eth_getBalance",
        (call, reply) ->
            reply.json(call.error("{\"code\":-32603,\"message\":\"Internal error\"}")));
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      JsonNode decision = decision(client.call("/ethereum", BALANCE, ASK));
      assertEquals("first", decision.at("/attempts/0/upstream").textValue());
      assertEquals("failed", decision.at("/attempts/0/result").textValue());
      assertEquals("second", decision.at("/attempts/1/upstream").textValue());
      assertEquals("retry", decision.at("/attempts/1/kind").textValue());
      assertEquals("failed", decision.at("/attempts/1/why").textValue());
      assertEquals("success", decision.at("/attempts/1/result").textValue());
      first.refuse();
      JsonNode refused = decision(client.call("/ethereum", BALANCE, ASK));
      String counted = "reason=\"" + refused.at("/attempts/1/why").textValue() + "\"";
      String metrics = gateway.ops("/metrics");
      assertTrue(
          metrics.contains("fairlead_retries_total{chain=\"ethereum\",reason=\"failed\",} 1.0")
              || metrics.contains(
                  "fairlead_retries_total{chain=\"ethereum\",reason=\"failed\"} 1.0"),
          metrics);
      assertTrue(metrics.contains(counted), counted);
    }
  }

  @Test
  void whoDoesNotAskOrMayNotHearsNothing() throws IOException {
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      assertEquals("", client.call("/ethereum", BALANCE).header(FIELD));
      assertEquals("", client.call("/ethereum", BALANCE, "X-Fairlead-Explain: 0").header(FIELD));
      assertEquals("", client.call("/ethereum", "[" + BALANCE + "]", ASK).header(FIELD));
      assertEquals("", client.call("/ethereum", "{", ASK).header(FIELD));
      Answer plain = client.call("/ethereum", BALANCE);
      assertFalse(plain.header(EXPOSED).contains("X-Fairlead-Explain"));
    }
    try (GatewayFixture gateway = gateway(", explainFrom: [10.0.0.0/8, \"::1\"]");
        RawClient client = gateway.client()) {
      assertEquals("", client.call("/ethereum", BALANCE, ASK).header(FIELD));
    }
  }

  @Test
  void withoutDebugHeadersNoPageReadsIt() throws IOException {
    try (GatewayFixture gateway = gateway(", debugHeaders: false");
        RawClient client = gateway.client()) {
      Answer answer = client.call("/ethereum", BALANCE, ASK);
      assertEquals(1, decision(answer).path("attempts").size());
      assertFalse(answer.header(EXPOSED).contains("X-Fairlead-Explain"));
      assertEquals("", answer.header("x-fairlead-upstream"));
    }
  }

  @Test
  void theGatewaysOwnAnswersAreExplainedToo() throws IOException {
    String chainId = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      assertEquals(0, decision(client.call("/ethereum", chainId, ASK)).path("attempts").size());
      first.refuse();
      second.refuse();
      Answer nobody = client.call("/ethereum", BALANCE, ASK);
      assertEquals(503, nobody.status());
      JsonNode attempts = decision(nobody).path("attempts");
      assertTrue(attempts.size() >= 2, () -> "" + attempts);
      attempts.forEach(a -> assertFalse(a.path("result").textValue().equals("success"), "" + a));
    }
  }

  @Test
  void ofALongAnswerTheHeadTellsWhatIsKnownByThen() throws IOException {
    first.on("eth_getBalance", (call, reply) -> reply.json(call.result(long1Mib())));
    second.on("eth_getBalance", (call, reply) -> reply.json(call.result(long1Mib())));
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      Answer answer = client.call("/ethereum", BALANCE, ASK);
      assertTrue(answer.body().length > 1 << 20);
      assertEquals("under_way", decision(answer).at("/attempts/0/result").textValue());
    }
  }

  private static String long1Mib() {
    return "\"" + "a".repeat(1 << 20) + "\"";
  }
}
