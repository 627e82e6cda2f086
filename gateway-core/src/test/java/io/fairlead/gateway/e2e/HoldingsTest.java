package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.Gap;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls go to upstreams that have what they need, after the first error has told who has not. */
final class HoldingsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int CALLS = 60;
  private static final Pattern HEIGHT = Pattern.compile("\"0x([0-9a-f]{1,8})\"");
  private static final String PRUNED = "{\"code\":-32000,\"message\":\"missing trie node 0xab\"}";
  private static final String NO_METHOD =
      "{\"code\":-32601,\"message\":\"the method does not exist/is not available\"}";

  private final StubNode pruned = new StubNode("pruned", 1);
  private final StubNode archive = new StubNode("archive", 1);

  @BeforeEach
  void grow() {
    pruned.head(10_000);
    archive.head(10_000);
  }

  @AfterEach
  void stop() {
    pruned.close();
    archive.close();
  }

  private GatewayFixture gateway() {
    return gateway("blockTime: 12s");
  }

  private GatewayFixture gateway(String more) {
    GatewayFixture gateway =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                cache: off
                routing: { bias: 0, hedge: off }
                probes: { interval: 100ms, dailyBudget: 10000000 }
                chains:
                  ethereum:
                    chainId: 1
                    %s
                    upstreams:
                      - { id: pruned, url: "%s", cloud: aws, region: a }
                      - { id: archive, url: "%s", cloud: gcp, region: b }
                """,
                more,
                pruned.uri(),
                archive.uri()));
    gateway.awaitServing("ethereum", 2, SOON);
    return gateway;
  }

  private static String call(String method, String params) {
    return ("{'jsonrpc':'2.0','id':'k','method':'" + method + "','params':" + params + "}")
        .replace('\'', '"');
  }

  /** Calls for balances that no probe makes. */
  private static long balances(StubNode node) {
    return node.calls("eth_getBalance").stream()
        .filter(request -> request.text().contains("\"0xa\""))
        .count();
  }

  /** Lacks whatever names this block in its parameters. */
  private static StubNode.Script lacking(String block, String name) {
    return (call, reply) ->
        reply.json(
            call.json().path("params").toString().contains("\"" + block + "\"")
                ? call.error(PRUNED)
                : call.result("\"" + name + "\""));
  }

  private static StubNode.Script error(String error) {
    return (call, reply) -> reply.json(call.error(error));
  }

  @Test
  void anUpstreamWithoutTheMethodIsAskedOnceAndNotAgainForAWhile() throws IOException {
    pruned.on("trace_block", error(NO_METHOD));
    pruned.on("acme_special", error(NO_METHOD));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS; i++) {
        for (String method : new String[] {"trace_block", "acme_special"}) {
          String text = client.call("/ethereum", call(method, "['0x10']")).text();
          assertTrue(text.contains("archive"), text);
        }
      }
      assertEquals(1, pruned.count("trace_block"));
      assertEquals(1, pruned.count("acme_special"));
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", call("acme_other", "[]"));
      }
      assertTrue(pruned.count("acme_other") > 0, "another unknown method is another method");
    }
  }

  @Test
  void operatorsSeeWhatAnUpstreamWasFoundToLack() throws IOException {
    pruned.on("eth_getBalance", lacking("0x100", "pruned"));
    pruned.on("trace_block", error(NO_METHOD));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client();
        Admin admin = gateway.admin()) {
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", call("eth_getBalance", "['0xa','0x100']"));
        client.call("/ethereum", call("trace_block", "['0x10']"));
      }
      List<Gap> gaps = admin.explain("pruned").getGapsList();
      Gap state =
          gaps.stream().filter(gap -> gap.getData().equals("state")).findFirst().orElseThrow();
      assertTrue(state.getOldestBlock() > 0x100, gaps.toString());
      assertTrue(state.getLeftSeconds() > 0, gaps.toString());
      assertTrue(
          gaps.stream().anyMatch(gap -> gap.getMethod().equals("trace_block")), gaps.toString());
      assertEquals(List.of(), admin.explain("archive").getGapsList());
    }
  }

  @Test
  void afterOneErrorOldStateIsReadWhereItIs() throws IOException {
    pruned.on("eth_getBalance", lacking("0x100", "pruned"));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS; i++) {
        String text = client.call("/ethereum", call("eth_getBalance", "['0xa','0x100']")).text();
        assertTrue(text.contains("archive"), text);
      }
      assertEquals(1, balances(pruned));
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", call("eth_call", "[{},'0xff']"));
      }
      assertEquals(0, pruned.count("eth_call"), "older state is not there either");
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", call("eth_getBalance", "['0xa','0x101']"));
        client.call("/ethereum", call("eth_getBalance", "['0xa','latest']"));
      }
      assertTrue(balances(pruned) > 10, "younger state is read there as before");
    }
  }

  @Test
  void logsAreReadWhereTheRangeBegins() throws IOException {
    pruned.on("eth_getLogs", lacking("0x100", "pruned"));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      String old = call("eth_getLogs", "[{'fromBlock':'0x100','toBlock':'0x200'}]");
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", old);
      }
      long asked =
          pruned.calls("eth_getLogs").stream()
              .filter(request -> request.text().contains("\"0x100\""))
              .count();
      assertTrue(asked >= 1 && asked < CALLS / 4, "asked " + asked + " times");
    }
  }

  @Test
  void aBlockThatIsNullWhereItMustBeTeaches() throws IOException {
    StubNode.Script blocks =
        (call, reply) ->
            reply.json(
                call.result(
                    call.json().path("params").path(0).asText().equals("0x100")
                        ? "null"
                        : "{\"number\":\"0x2710\",\"hash\":\"0x" + "1".repeat(64) + "\"}"));
    pruned.on("eth_getBlockByNumber", blocks);
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", call("eth_getBlockByNumber", "['0x100',false]"));
      }
      long old =
          pruned.calls("eth_getBlockByNumber").stream()
              .filter(request -> request.text().contains("0x100"))
              .count();
      assertTrue(old <= 1, "asked " + old + " times");
    }
  }

  @Test
  void whatNobodyHoldsIsSaidPreciselyAndAsksNobodyAgain() throws IOException {
    pruned.on("eth_getBalance", lacking("0x100", "pruned"));
    archive.on("eth_getBalance", lacking("0x100", "archive"));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS; i++) {
        Answer answer = client.call("/ethereum", call("eth_getBalance", "['0xa','0x100']"));
        assertEquals(503, answer.status());
        assertTrue(answer.text().contains("\"code\":-32002"), answer.text());
        assertTrue(
            answer
                .text()
                .contains(
                    "eth_getBalance at block 256 needs state that no upstream of ethereum holds"
                        + " (pruned from block 257, archive from block 257)"),
            answer.text());
      }
      assertEquals(1, balances(pruned));
      assertEquals(1, balances(archive));
    }
  }

  @Test
  void aKnownMethodThatNobodyHasIsAskedForAgainAndTheNodesOwnWordsPass() throws IOException {
    pruned.on("trace_block", error(NO_METHOD));
    archive.on("trace_block", error(NO_METHOD));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS; i++) {
        assertEquals(
            "{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"error\":" + NO_METHOD + "}",
            client.call("/ethereum", call("trace_block", "['0x10']")).text());
      }
    }
  }

  @Test
  void anUnknownMethodThatNobodyHasIsNotAskedForAgain() throws IOException {
    pruned.on("acme_thing", error(NO_METHOD));
    archive.on("acme_thing", error(NO_METHOD));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      String body = call("acme_thing", "[]");
      assertTrue(client.call("/ethereum", body).text().contains(NO_METHOD));
      Answer again = client.call("/ethereum", body);
      assertEquals(200, again.status());
      assertTrue(again.text().contains("\"code\":-32601"), again.text());
      assertTrue(again.text().contains("no upstream of ethereum has acme_thing"), again.text());
      assertEquals(1, pruned.count("acme_thing") * archive.count("acme_thing"));
    }
  }

  /** As hardhat answers a block that it cannot read. */
  @Test
  void oneClientsNonsenseTakesAMethodFromNobody() throws IOException {
    StubNode.Script asHardhat =
        (c, reply) -> {
          boolean isNonsense = c.json().path("params").path(1).asText().equals("nonsense");
          reply.json(
              isNonsense
                  ? c.error(
                      "{\"code\":-32004,\"message\":\"Method eth_getBalance is not supported\"}")
                  : c.result("\"0x5\""));
        };
    pruned.on("eth_getBalance", asHardhat);
    archive.on("eth_getBalance", asHardhat);
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", call("eth_getBalance", "['0xa','nonsense']"));
        Answer good = client.call("/ethereum", call("eth_getBalance", "['0xa','0x100']"));
        assertTrue(good.text().contains("0x5"), good.text());
      }
    }
  }

  @Test
  void afterOneErrorTheOldestBlockIsSearchedForAndFound() throws IOException {
    StubNode.Script state =
        (call, reply) -> {
          String params = call.json().path("params").toString();
          Matcher height = HEIGHT.matcher(params);
          boolean gone = height.find() && Long.parseLong(height.group(1), 16) < 5_000;
          reply.json(gone ? call.error(PRUNED) : call.result("\"pruned\""));
        };
    pruned.on("eth_getBalance", state);
    pruned.on("eth_call", state);
    try (GatewayFixture gateway = gateway("blockTime: 12s");
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS && pruned.count("eth_call") == 0; i++) {
        client.call("/ethereum", call("eth_call", "[{},'0x100']"));
      }
      Eventually.holds(
          "the oldest block is found",
          SOON,
          () -> {
            long before = pruned.count("eth_call");
            for (int i = 0; i < CALLS; i++) {
              askAt(client, 4_900);
            }
            return pruned.count("eth_call") == before && pruned.count("eth_getBalance") >= 9;
          });
      long before = pruned.count("eth_call");
      for (int i = 0; i < CALLS; i++) {
        askAt(client, 5_100);
      }
      assertTrue(pruned.count("eth_call") > before, "what it has it serves");
    }
  }

  private static void askAt(RawClient client, long block) {
    try {
      client.call("/ethereum", call("eth_call", "[{},'0x" + Long.toHexString(block) + "']"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aMethodThatTheOperatorDefinesIsRoutedAsDefined() throws IOException {
    pruned.on("acme_state", lacking("0x100", "pruned"));
    pruned.on("acme_other", lacking("0x100", "pruned"));
    try (GatewayFixture gateway =
            gateway("methods: { define: { acme_state: { head: \"block:0\", needs: state } } }");
        RawClient client = gateway.client()) {
      for (int i = 0; i < CALLS; i++) {
        client.call("/ethereum", call("acme_state", "['0x100']"));
        client.call("/ethereum", call("acme_other", "['0x100']"));
      }
      assertEquals(1, pruned.count("acme_state"));
      assertTrue(pruned.count("acme_other") > 1, "of others nothing is known");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'code':3,'message':'execution reverted: not found','data':'0x08c379a0'}",
        "{ 'code' : -32000, 'message' : 'Execution Reverted' }",
        "{'code':-32015,'message':'VM execution error.','data':'Reverted 0x'}",
        "{'code':-32602,'message':'invalid argument 0: hex string without 0x prefix'}",
        "{'code':-32000,'message':'insufficient funds for gas * price + value'}",
        "{'code':-32000,'message':'sender is over rate limit'}"
      })
  void aClientsOwnErrorPassesByteForByteAndIsAskedOnce(String error) throws IOException {
    String json = error.replace('\'', '"');
    pruned.on("eth_call", error(json));
    archive.on("eth_call", error(json));
    try (GatewayFixture gateway = gateway();
        RawClient client = gateway.client()) {
      for (int i = 1; i <= 10; i++) {
        Answer answer = client.call("/ethereum", call("eth_call", "[{},'latest']"));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"k\",\"error\":" + json + "}", answer.text());
        assertEquals(i, pruned.count("eth_call") + archive.count("eth_call"));
      }
    }
  }
}
