package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log queries that no upstream answers whole, through sockets. */
final class LogsTest {
  private static final int HEAD = 3000;
  private static final List<LogNode.Words> WORDS = List.of(LogNode.Words.values());
  private final List<LogNode> nodes = new ArrayList<>();
  private final List<GatewayFixture> gateways = new ArrayList<>();

  @AfterEach
  void stop() {
    gateways.forEach(GatewayFixture::close);
    nodes.forEach(LogNode::close);
  }

  private GatewayFixture start(LogLedger ledger, int count, String more) {
    for (int i = 0; i < count; i++) {
      nodes.add(new LogNode("node" + i, ledger, HEAD, i));
    }
    return serve(count, more);
  }

  private GatewayFixture serve(int count, String more) {
    String upstreams =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    String.format(
                        Locale.ROOT,
                        "{ id: n%d, url: \"%s\", cloud: c%d }",
                        i,
                        nodes.get(i).stub.uri(),
                        i))
            .collect(Collectors.joining(", "));
    GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                %s
                chains:
                  ethereum:
                    chainId: 1
                    upstreams: [ %s ]
                """,
                more,
                upstreams));
    gateways.add(gateway);
    gateway.awaitServing("ethereum", count, Duration.ofSeconds(20));
    return gateway;
  }

  @Test
  void noLogIsMissingBecauseANodeIsBehind() throws IOException {
    LogLedger ledger = new LogLedger(new Random(4), HEAD, 2, 4);
    nodes.add(new LogNode("behind", ledger, HEAD - 2, 0));
    nodes.add(new LogNode("there", ledger, HEAD, 0));
    nodes.add(new LogNode("there too", ledger, HEAD, 0));
    GatewayFixture gateway = serve(3, "");
    nodes.forEach(node -> node.mostBlocks = 2000);
    try (RawClient client = gateway.client()) {
      for (int i = 0; i < 20; i++) {
        Answer whole = client.call("/", query("1", HEAD - 40, hex(HEAD), ""));
        assertEquals(truth("1", ledger, HEAD - 40, HEAD), whole.text());
        Answer split = client.call("/", query("1", 1 + i, hex(HEAD), ""));
        assertEquals(truth("1", ledger, 1 + i, HEAD), split.text());
      }
    }
  }

  private static String query(String id, long from, String to, String more) {
    return String.format(
        Locale.ROOT,
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x%x\",\"toBlock\":\"%s\"%s}]}",
        id,
        from,
        to,
        more);
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  private static String truth(String id, LogLedger ledger, long from, long to) {
    String filter = "{\"fromBlock\":\"" + hex(from) + "\",\"toBlock\":\"" + hex(to) + "\"}";
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"result\":"
        + ledger.answer(LogLedger.parse(filter), HEAD).stream()
            .collect(Collectors.joining(",", "[", "]"))
        + "}";
  }

  @Test
  void aLimitIsLearntOnceAndHeededFromThenOn() throws IOException {
    LogLedger ledger = new LogLedger(new Random(1), HEAD, 2, 4);
    GatewayFixture gateway = start(ledger, 1, "");
    nodes.get(0).mostBlocks = 500;
    try (RawClient client = gateway.client()) {
      Answer first = client.call("/", query("\"a\"", 1, hex(HEAD), ""));
      assertEquals(truth("\"a\"", ledger, 1, HEAD), first.text());
      assertEquals(1, nodes.get(0).refusals.get());
      Answer second = client.call("/", query("2", 7, "latest", ""));
      assertEquals(truth("2", ledger, 7, HEAD), second.text());
      assertEquals(1, nodes.get(0).refusals.get());
      assertEquals(1 + 6 + 6, nodes.get(0).queries());
    }
  }

  @Test
  void aRefusalCostsTheUpstreamNothingAndGoesNowhereElse() throws IOException {
    LogLedger ledger = new LogLedger(new Random(2), HEAD, 2, 4);
    GatewayFixture gateway = start(ledger, 2, "");
    nodes.forEach(node -> node.mostBlocks = 1000);
    try (RawClient client = gateway.client()) {
      for (int i = 0; i < 30; i++) {
        Answer answer = client.call("/", query("1", 1, hex(HEAD), ""));
        assertEquals(truth("1", ledger, 1, HEAD), answer.text());
      }
    }
    assertEquals(2, nodes.get(0).refusals.get() + nodes.get(1).refusals.get());
    gateway.awaitServing("ethereum", 2, Duration.ofMillis(100));
  }

  @Test
  void partsRunBesideEachOtherWithinTheBudget() throws IOException {
    LogLedger ledger = new LogLedger(new Random(3), HEAD, 2, 4);
    GatewayFixture gateway = start(ledger, 1, "");
    nodes.get(0).mostBlocks = 100;
    nodes.get(0).latencyMillis = 200;
    try (RawClient client = gateway.client()) {
      assertEquals(
          truth("1", ledger, 1, HEAD), client.call("/", query("1", 1, hex(HEAD), "")).text());
    }
    int most = nodes.get(0).mostAtOnce.get();
    assertTrue(most > 3 && most <= 12, most + " parts at the same time");
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void whateverIsRefusedOrFailsTheLogsAreTheSame(long seed) throws IOException {
    Random random = new Random(seed);
    LogLedger ledger = new LogLedger(random, HEAD, 4, 16);
    GatewayFixture gateway = start(ledger, 3, "routing: { retry: { budget: 100% } }");
    for (LogNode node : nodes) {
      node.words = WORDS.get(random.nextInt(3));
      node.mostBlocks = 150 + random.nextInt(2000);
      node.mostResults = 200 + random.nextInt(4000);
      node.mostAddresses = 1 + random.nextInt(LogLedger.ADDRESSES);
    }
    nodes.get(0).failPercent = 10;
    for (int i = 0; i < 12; i++) {
      long from = 1L + random.nextInt(HEAD);
      long to = from + random.nextInt((int) (HEAD - from + 1));
      List<Integer> chosen =
          IntStream.range(0, LogLedger.ADDRESSES)
              .filter(a -> random.nextBoolean())
              .boxed()
              .toList();
      String addresses =
          chosen.isEmpty()
              ? ""
              : ",\"address\":["
                  + chosen.stream()
                      .map(a -> '"' + LogLedger.address(a) + '"')
                      .collect(Collectors.joining(","))
                  + "]";
      String filter =
          "{\"fromBlock\":\"" + hex(from) + "\",\"toBlock\":\"" + hex(to) + "\"" + addresses + "}";
      String expected =
          "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":["
              + String.join(",", ledger.answer(LogLedger.parse(filter), HEAD))
              + "]}";
      Answer answer = wholeAnswer(gateway, query("9", from, hex(to), addresses));
      String got = answer.text();
      assertEquals(expected, got, () -> "seed " + seed + " " + filter);
    }
  }

  @Test
  void partsThatAreRefusedSideBySideForTheirAddressesAreCutFurther() throws IOException {
    LogLedger ledger = new LogLedger(new Random(6), HEAD, 2, 4);
    GatewayFixture gateway = start(ledger, 1, "");
    LogNode node = nodes.get(0);
    node.words = WORDS.get(0);
    node.mostBlocks = 200;
    node.mostAddresses = 1;
    String addresses =
        ",\"address\":["
            + IntStream.range(0, LogLedger.ADDRESSES)
                .mapToObj(a -> '"' + LogLedger.address(a) + '"')
                .collect(Collectors.joining(","))
            + "]";
    String filter = "{\"fromBlock\":\"0x1\",\"toBlock\":\"" + hex(HEAD) + "\"" + addresses + "}";
    String expected =
        "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":["
            + String.join(",", ledger.answer(LogLedger.parse(filter), HEAD))
            + "]}";
    assertEquals(expected, wholeAnswer(gateway, query("9", 1, hex(HEAD), addresses)).text());
  }

  /** An answer may break off, visibly, when a node does so after its beginning; then once more. */
  private static Answer wholeAnswer(GatewayFixture gateway, String query) throws IOException {
    IOException broken = new IOException("never asked");
    for (int i = 0; i < 10; i++) {
      try (RawClient client = gateway.client()) {
        return client.call("/", query);
      } catch (IOException e) {
        broken = e;
      }
    }
    throw broken;
  }

  @Test
  void aBlockThatIsTooMuchByItselfIsTheUpstreamsWord() throws IOException {
    LogLedger ledger = new LogLedger(new Random(5), HEAD, 2, 4);
    GatewayFixture gateway = start(ledger, 1, "");
    nodes
        .get(0)
        .stub
        .on(
            "eth_getLogs",
            (call, reply) ->
                reply.json(
                    call.error(
                        "{\"code\":-32005,\"message\":\"query returned more than 1 results\"}")));
    try (RawClient client = gateway.client()) {
      String answer = client.call("/", query("1", 1, hex(64), "")).text();
      assertEquals(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32005,\"message\":\"query returned"
              + " more than 1 results\"}}",
          answer);
    }
  }

  @Test
  void aRangeBeyondTheBudgetIsToldWhatToAskInstead() throws IOException {
    LogLedger ledger = new LogLedger(new Random(6), HEAD, 0, 4);
    GatewayFixture gateway = start(ledger, 1, "");
    nodes.get(0).mostBlocks = 2;
    try (RawClient client = gateway.client()) {
      Answer answer = client.call("/", query("5", 1, hex(HEAD), ""));
      assertTrue(answer.text().contains("\"id\":5,\"error\":{\"code\":-32005"), answer.text());
      assertTrue(answer.text().contains("ask for at most"), answer.text());
      assertTrue(answer.text().contains("Try with this block range [0x1, 0x"), answer.text());
      assertTrue(nodes.get(0).queries() < 3, "it asked on");
      String range = answer.text().substring(answer.text().indexOf("[0x1, ") + 6);
      String to = range.substring(0, range.indexOf(']'));
      Answer then = client.call("/", query("6", 1, to, ""));
      assertEquals(truth("6", ledger, 1, Long.decode(to)), then.text());
    }
  }

  @Test
  void aRangeBeyondTheDeadlineIsToldWhatToAskInstead() throws IOException {
    LogLedger ledger = new LogLedger(new Random(7), HEAD, 1, 4);
    GatewayFixture gateway = start(ledger, 1, "routing: { timeout: 3s }");
    nodes.get(0).mostBlocks = 20;
    nodes.get(0).latencyMillis = 500;
    try (RawClient client = gateway.client()) {
      Answer answer = client.call("/", query("5", 1, hex(HEAD), ""));
      assertTrue(
          answer.text().contains("was not answered in time: ask for at most"), answer.text());
    }
  }

  @Test
  void aPartThatIsLostAfterTheBeginningBreaksTheAnswerVisibly() throws IOException {
    LogLedger ledger = new LogLedger(new Random(8), HEAD, 3, 200);
    GatewayFixture gateway = start(ledger, 1, "routing: { timeout: 4s }");
    LogNode node = nodes.get(0);
    node.mostBlocks = 300;
    node.deadFrom = 2500;
    try (RawClient client = gateway.client()) {
      client.post("/", query("1", 1, hex(HEAD), ""));
      Answer head = client.readHead();
      assertEquals(200, head.status());
      InputStream body = client.body(head);
      boolean broken = false;
      try {
        body.readAllBytes();
      } catch (IOException e) {
        broken = true;
      }
      assertTrue(broken, "the answer seems whole");
    }
  }

  @Test
  void aLargeAnswerStreamsWithFlatMemoryAndWaitsForItsReader() throws IOException {
    LogLedger ledger = new LogLedger(new Random(9), HEAD, 8, 2000);
    GatewayFixture gateway = start(ledger, 1, "");
    LogNode node = nodes.get(0);
    node.mostBlocks = 600;
    String expected = truth("1", ledger, 1, HEAD);
    assertTrue(expected.length() > 40_000_000, "only " + expected.length());
    try (RawClient client = gateway.client()) {
      client.call("/", query("0", 1, hex(200), ""));
      long before = PlatformDependent.usedDirectMemory();
      client.post("/", query("1", 1, hex(HEAD), ""));
      Answer head = client.readHead();
      long most = awaitStandstill() - before;
      assertNotNull(head);
      InputStream body = client.body(head);
      byte[] buffer = new byte[1 << 16];
      int at = 0;
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        String text = new String(buffer, 0, count, StandardCharsets.US_ASCII);
        assertTrue(expected.startsWith(text, at), "differs after " + at);
        at += text.length();
        most = Math.max(most, PlatformDependent.usedDirectMemory() - before);
      }
      assertEquals(expected.length(), at);
      assertTrue(most < 24_000_000, most + " bytes of direct memory");
    }
  }

  /** Waits until the gateway takes nothing more, as nobody reads; how much it holds then. */
  private static long awaitStandstill() {
    AtomicLong seen = new AtomicLong(-1);
    AtomicLong still = new AtomicLong();
    Eventually.holds(
        "the gateway takes nothing more",
        Duration.ofSeconds(20),
        () -> {
          long now = PlatformDependent.usedDirectMemory();
          still.set(seen.getAndSet(now) == now ? still.get() + 1 : 0);
          return still.get() > 60;
        });
    return seen.get();
  }
}
