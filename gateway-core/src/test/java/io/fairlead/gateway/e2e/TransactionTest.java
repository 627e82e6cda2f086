package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.StubServer;
import io.fairlead.gateway.transaction.Signed;
import io.fairlead.gateway.transaction.SignedTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wallet may rely on when it sends a transaction. */
final class TransactionTest {
  private static final String SEND = "eth_sendRawTransaction";
  private static final String FIND = "eth_getTransactionByHash";
  private static final String RECEIPT = "eth_getTransactionReceipt";
  private static final String COUNT = "eth_getTransactionCount";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String PATIENT = "routing: { timeout: 60s }\n";
  private static final String KNOWN = "{\"code\":-32000,\"message\":\"already known\"}";
  private static final String LOW = "{\"code\":-32000,\"message\":\"nonce too low\"}";
  private static final String FULL = "{\"code\":-32000,\"message\":\"txpool is full\"}";
  private static final String POOR =
      "{ \"message\":\"insufficient funds for gas * price + value\" ,\"code\": -32000,\"data\":[1]"
          + " }";

  private final StubNode aws = new StubNode("aws", 1);
  private final StubNode sibling = new StubNode("sibling", 1);
  private final StubNode gcp = new StubNode("gcp", 1);
  private final StubNode hetzner = new StubNode("hetzner", 1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final byte[] raw = Signed.gift(Signed.ACCOUNT, 1, 7);
  private final String hash = hash(raw);

  @AfterEach
  void stop() {
    ended.countDown();
    nodes().forEach(StubNode::close);
  }

  private Stream<StubNode> nodes() {
    return Stream.of(aws, sibling, gcp, hetzner);
  }

  private static String hash(byte[] raw) {
    SignedTransaction transaction = SignedTransaction.parse(raw);
    assertNotNull(transaction);
    return transaction.hash();
  }

  private GatewayFixture gateway(String more) {
    GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                %s
                chains:
                  ethereum:
                    chainId: 1
                    blockTime: 500ms
                    upstreams:
                      - { id: aws, url: "%s", cloud: aws, region: a }
                      - { id: gcp, url: "%s", cloud: gcp, region: b }
                      - { id: hetzner, url: "%s", cloud: hetzner, region: c }
                """,
                more,
                aws.uri(),
                gcp.uri(),
                hetzner.uri()));
    gateway.awaitServing("ethereum", 3, SOON);
    return gateway;
  }

  private static String send(byte[] raw) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"method\":\""
        + SEND
        + "\",\"params\":[\"0x"
        + HexFormat.of().formatHex(raw)
        + "\"]}";
  }

  private static String result(String json) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"result\":" + json + "}";
  }

  private static void answers(String method, String result, StubNode... nodes) {
    for (StubNode node : nodes) {
      node.on(method, (call, reply) -> reply.json(call.result(result)));
    }
  }

  private static void refuses(String method, String error, StubNode... nodes) {
    for (StubNode node : nodes) {
      node.on(method, (call, reply) -> reply.json(call.error(error)));
    }
  }

  private void isMute(String method, StubNode... nodes) {
    for (StubNode node : nodes) {
      node.on(method, (call, reply) -> GatewayFixture.await(ended));
    }
  }

  private RawClient.Answer sent(GatewayFixture gateway) throws IOException {
    try (RawClient client = gateway.client()) {
      return client.call("/ethereum", send(raw));
    }
  }

  @Test
  void aTransactionGoesToAsManyFailureDomainsAsAreToGetIt() throws IOException {
    try (GatewayFixture gateway =
            GatewayFixture.start(
                String.format(
                    Locale.ROOT,
                    """
                    chains:
                      ethereum:
                        chainId: 1
                        upstreams:
                          - { id: aws, url: "%s", cloud: aws, region: a }
                          - { id: sibling, url: "%s", cloud: aws, region: a }
                          - { id: gcp, url: "%s", cloud: gcp, region: b }
                          - { id: hetzner, url: "%s", cloud: hetzner, region: c }
                    """,
                    aws.uri(),
                    sibling.uri(),
                    gcp.uri(),
                    hetzner.uri()));
        RawClient client = gateway.client()) {
      gateway.awaitServing("ethereum", 4, SOON);
      for (int i = 0; i < 20; i++) {
        client.call("/ethereum", send(Signed.gift(Signed.ACCOUNT, 1, i)));
      }
      Eventually.holds("gcp has all", SOON, () -> gcp.count(SEND) == 20);
      Eventually.holds("hetzner has all", SOON, () -> hetzner.count(SEND) == 20);
      assertEquals(20, aws.count(SEND) + sibling.count(SEND));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        KNOWN,
        "{\"code\":-32000,\"message\":\"known transaction: 00\"}",
        "{\"code\":-32010,\"message\":\"Transaction with the same hash was already imported.\"}",
        "{\"code\":-32603,\"message\":\"tx already in mempool\"}",
        "{\"code\":-32000,\"message\":\"ALREADY_EXISTS: already known\"}"
      })
  void whoHasItAlreadyHasIt(String error) throws IOException {
    refuses(SEND, error, aws, gcp, hetzner);
    try (GatewayFixture gateway = gateway("")) {
      RawClient.Answer answer = sent(gateway);
      assertEquals(result('"' + hash + '"'), answer.text());
      assertTrue(List.of("aws", "gcp", "hetzner").contains(answer.header("x-fairlead-upstream")));
    }
  }

  @Test
  void aLowNonceOfThisVeryTransactionIsSuccess() throws IOException {
    refuses(SEND, LOW, aws, gcp, hetzner);
    answers(FIND, "null", aws, gcp);
    answers(FIND, "{\"hash\":\"" + hash + "\"}", hetzner);
    try (GatewayFixture gateway = gateway("")) {
      assertEquals(result('"' + hash + '"'), sent(gateway).text());
    }
  }

  @Test
  void aLowNonceOfAnotherTransactionIsTheClientsError() throws IOException {
    refuses(SEND, LOW, aws, gcp, hetzner);
    answers(FIND, "null", aws, gcp, hetzner);
    try (GatewayFixture gateway = gateway("")) {
      assertTrue(sent(gateway).text().contains(LOW));
    }
  }

  @Test
  void ifAllRejectItTheErrorThatSaysMostPassesAsItCame() throws IOException {
    refuses(SEND, FULL, aws, hetzner);
    refuses(SEND, POOR, gcp);
    try (GatewayFixture gateway = gateway("")) {
      assertEquals(
          "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"error\":" + POOR + "}", sent(gateway).text());
    }
  }

  @Test
  void whatOnePoolDoesNotWantAnotherIsAsked() throws IOException {
    refuses(SEND, FULL, aws, gcp);
    answers(SEND, '"' + hash + '"', hetzner);
    try (GatewayFixture gateway = gateway("transactions: { broadcast: 2 }")) {
      for (int i = 0; i < 5; i++) {
        assertEquals(result('"' + hash + '"'), sent(gateway).text());
      }
    }
  }

  @Test
  void muteUpstreamsDelayNeitherAcceptanceNorRejection() throws IOException {
    isMute(SEND, gcp, hetzner);
    answers(SEND, '"' + hash + '"', aws);
    try (GatewayFixture gateway = gateway(PATIENT)) {
      assertEquals(result('"' + hash + '"'), sent(gateway).text());
      refuses(SEND, POOR, aws);
      assertTrue(sent(gateway).text().contains(POOR));
      assertNobodyWasWaitedFor(gateway);
    }
  }

  /** An attempt that held its call up would have been given up before the call could end. */
  private static void assertNobodyWasWaitedFor(GatewayFixture gateway) {
    List<String> waited =
        gateway
            .ops("/metrics")
            .lines()
            .filter(line -> line.startsWith("fairlead_upstream_requests_total"))
            .filter(line -> line.contains("timed_out") && !line.endsWith(" 0.0"))
            .toList();
    assertEquals(List.of(), waited);
  }

  @Test
  void aClientReadsItsReceiptWhereItsTransactionWasAccepted() throws IOException {
    answers(SEND, '"' + hash + '"', aws);
    refuses(SEND, FULL, gcp, hetzner);
    answers(RECEIPT, "{\"blockNumber\":null}", aws, gcp, hetzner);
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      client.call("/ethereum", send(raw));
      String receipt = send(raw).replace(SEND, RECEIPT).replaceAll("0x[0-9a-f]+", hash);
      for (int i = 0; i < 10; i++) {
        assertEquals("aws", client.call("/ethereum", receipt).header("x-fairlead-upstream"));
      }
    }
  }

  @Test
  void withoutAnOutboxAnOutageIsSaid() throws IOException {
    try (GatewayFixture gateway = gateway("")) {
      nodes().forEach(StubNode::refuse);
      RawClient.Answer answer = sent(gateway);
      assertEquals(503, answer.status());
      assertTrue(answer.text().contains("-32002"), answer.text());
    }
  }

  @Test
  void withAnOutboxATransactionOutlivesAnOutage() throws IOException {
    try (GatewayFixture gateway = gateway("transactions: { outbox: on }")) {
      answers(FIND, "null", aws, gcp, hetzner);
      nodes().forEach(StubNode::refuse);
      assertEquals(result('"' + hash + '"'), sent(gateway).text());
      long before = nodes().mapToLong(n -> n.count(SEND)).sum();
      nodes().forEach(StubNode::listen);
      Eventually.holds(
          "it is sent", SOON, () -> nodes().mapToLong(n -> n.count(SEND)).sum() > before);
      assertTrue(nodes().flatMap(n -> n.calls(SEND).stream()).allMatch(this::isOurs));
    }
  }

  private boolean isOurs(StubServer.Request request) {
    return request.text().contains("[\"0x" + HexFormat.of().formatHex(raw) + "\"]");
  }

  @Test
  void withAnOutboxMuteUpstreamsHoldNoTransactionUp() throws IOException {
    isMute(SEND, aws, gcp, hetzner);
    try (GatewayFixture gateway =
        gateway("transactions: { outbox: on }\nrouting: { timeout: 8s }")) {
      assertEquals(result('"' + hash + '"'), sent(gateway).text());
    }
  }

  @Test
  void theOutboxTakesNothingInAnOutageThatNoNodeWouldTake() throws IOException {
    byte[] elsewhere = Signed.gift(Signed.ACCOUNT, 5, 7);
    byte[] unsigned = raw.clone();
    unsigned[unsigned.length - 32] |= (byte) 0x80;
    try (GatewayFixture gateway = gateway("transactions: { outbox: on }");
        RawClient client = gateway.client()) {
      nodes().forEach(StubNode::refuse);
      for (byte[] wrong : List.of(elsewhere, unsigned, new byte[] {0x7e, 1, 2})) {
        assertEquals(503, client.call("/ethereum", send(wrong)).status());
      }
    }
  }

  @Test
  void aFullOutboxTakesNothingAndAnUpstreamsWordIsNeededAgain() throws IOException {
    String small = PATIENT + "transactions: { outbox: on, outboxSize: 1MiB }";
    try (GatewayFixture gateway = gateway(small);
        RawClient client = gateway.client()) {
      nodes().forEach(StubNode::refuse);
      int kept = 0;
      RawClient.Answer answer = client.call("/ethereum", send(large(0)));
      for (; answer.status() == 200 && kept < 20; kept++) {
        answer = client.call("/ethereum", send(large(kept + 1)));
      }
      assertEquals(10, kept);
      assertEquals(429, answer.status());
      assertTrue(answer.text().contains("-32005"), answer.text());
      answers(SEND, '"' + hash + '"', aws, gcp, hetzner);
      nodes().forEach(StubNode::listen);
      Eventually.holds("somebody serves", SOON, () -> isTaken(client, large(30)));
    }
  }

  private static byte[] large(int nonce) {
    return Signed.withData(1, nonce, 100_000);
  }

  private static boolean isTaken(RawClient client, byte[] raw) {
    try {
      return client.call("/ethereum", send(raw)).status() == 200;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theOutboxDoesNotOverruleARejection() throws IOException {
    refuses(SEND, POOR, aws);
    gcp.refuse();
    hetzner.refuse();
    try (GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                transactions: { outbox: on }
                chains:
                  ethereum: { chainId: 1, upstreams: [ { id: aws, url: "%s" }, { url: "%s" } ] }
                """,
                aws.uri(),
                gcp.uri()))) {
      assertTrue(sent(gateway).text().contains(POOR));
    }
  }

  @Test
  void privateTransactionsGoToPrivateUpstreamsAndNothingElseDoes() throws IOException {
    answers(SEND, '"' + hash + '"', aws, gcp, hetzner);
    try (GatewayFixture gateway =
            GatewayFixture.start(
                String.format(
                    Locale.ROOT,
                    """
                    transactions: { private: on }
                    chains:
                      ethereum:
                        chainId: 1
                        upstreams:
                          - { id: aws, url: "%s", cloud: aws, region: a }
                          - { id: gcp, url: "%s", cloud: gcp, region: b }
                          - { id: relay, url: "%s", cloud: flash, tags: [private] }
                    """,
                    aws.uri(),
                    gcp.uri(),
                    hetzner.uri()));
        RawClient client = gateway.client()) {
      gateway.awaitServing("ethereum", 3, SOON);
      for (int i = 0; i < 10; i++) {
        assertEquals("relay", client.call("/ethereum", send(raw)).header("x-fairlead-upstream"));
        client.call("/ethereum", send(raw).replace(SEND, SEND + "Sync"));
        client.call(
            "/ethereum",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_gasPrice\",\"params\":[]}");
      }
      assertEquals(0, aws.count(SEND) + gcp.count(SEND));
      assertEquals(0, aws.count(SEND + "Sync") + gcp.count(SEND + "Sync"));
      assertEquals(10, hetzner.count(SEND));
      assertEquals(0, hetzner.count("eth_gasPrice"));
      assertEquals(10, aws.count("eth_gasPrice") + gcp.count("eth_gasPrice"));
    }
  }

  private static String pending(String address) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"method\":\""
        + COUNT
        + "\",\"params\":[\""
        + address
        + "\",\"pending\"]}";
  }

  @Test
  void thePendingCountKnowsWhatWaitsInTheOutbox() throws IOException {
    answers(COUNT, "\"0x7\"", aws, gcp, hetzner);
    answers(FIND, "null", aws, gcp, hetzner);
    try (GatewayFixture gateway = gateway("transactions: { outbox: on }")) {
      assertEquals(result("\"0x7\""), pendingCount(gateway));
      sent(gateway);
      Eventually.holds("it counts", SOON, () -> pendingCount(gateway).equals(result("\"0x8\"")));
    }
  }

  private static String pendingCount(GatewayFixture gateway) {
    try (RawClient client = gateway.client()) {
      String address = "0x" + Signed.ACCOUNT.getAddress().substring(2).toUpperCase(Locale.ROOT);
      return client.call("/ethereum", pending(address)).text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
