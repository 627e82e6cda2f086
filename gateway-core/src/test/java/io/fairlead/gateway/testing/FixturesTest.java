package io.fairlead.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The fixtures do what the proofs believe of them. */
@RequiresNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FixturesTest {
  private final Anvil anvil = Anvil.start();
  private final FaultProxy proxy = new FaultProxy(anvil.uri());
  private final JsonRpcClient client = new JsonRpcClient(proxy.uri());

  @BeforeAll
  void mineSomething() {
    anvil.mine(3);
  }

  @AfterAll
  void stop() {
    proxy.close();
    anvil.close();
  }

  @BeforeEach
  @AfterEach
  void heal() {
    proxy.heal();
  }

  @Test
  void passesAnswersThroughAndCountsMethods() {
    long before = proxy.count("net_version");
    assertEquals("31337", client.call("net_version").asText());
    assertEquals(before + 1, proxy.count("net_version"));
  }

  @Test
  void everyFaultLooksAsItsNameSays() throws IOException {
    byte[] body = JsonRpcClient.body("eth_blockNumber");
    proxy.set(Fault.of(Fault.Kind.REFUSE));
    assertThrows(IOException.class, () -> client.send(body));
    proxy.set(Fault.of(Fault.Kind.RESET));
    assertThrows(IOException.class, () -> client.send(body));
    proxy.set(Fault.of(Fault.Kind.CUT_BODY));
    assertThrows(IOException.class, () -> client.send(body));
    proxy.set(Fault.of(Fault.Kind.HTTP_500));
    assertEquals(500, client.send(body).statusCode());
    proxy.set(Fault.of(Fault.Kind.HTTP_503));
    assertEquals(503, client.send(body).statusCode());
    proxy.set(Fault.of(Fault.Kind.HTTP_429));
    HttpResponse<byte[]> limited = client.send(body);
    assertEquals(429, limited.statusCode());
    assertEquals("1", limited.headers().firstValue("Retry-After").orElseThrow());
    proxy.set(Fault.delay(1));
    assertEquals(200, client.send(body).statusCode());
  }

  @Test
  void staleHeadFreezesEveryViewOfTheChain() {
    proxy.set(Fault.of(Fault.Kind.STALE_HEAD));
    long frozen = anvil.blockNumber();
    anvil.mine(2);
    assertEquals(frozen, Long.decode(client.call("eth_blockNumber").asText()));
    assertEquals(
        frozen,
        Long.decode(client.call("eth_getBlockByNumber", "latest", false).get("number").asText()));
    assertTrue(
        client.call("eth_getBlockByNumber", "0x" + Long.toHexString(frozen + 1), false).isNull());
    proxy.heal();
    assertEquals(frozen + 2, Long.decode(client.call("eth_blockNumber").asText()));
  }

  @Test
  void blackHoleSwallowsAndAnswersLateWhenItHeals() throws IOException {
    proxy.set(Fault.of(Fault.Kind.BLACK_HOLE));
    try (RawClient raw = new RawClient(proxy.uri())) {
      long before = proxy.requests();
      raw.post("/", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_chainId\"}");
      Eventually.holds("swallowed", Duration.ofSeconds(5), () -> proxy.requests() > before);
      assertTrue(raw.isSilent());
      proxy.heal();
      assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"0x7a69\"}", raw.read().text());
    }
  }

  @Test
  void scriptsOfRealClientsRunARound() {
    try (ScriptClient ethers =
            new ScriptClient("ethers.mjs", proxy.uri(), Anvil.CHAIN_ID, Anvil.key(0));
        ScriptClient viem =
            new ScriptClient("viem.mjs", proxy.uri(), Anvil.CHAIN_ID, Anvil.key(1))) {
      assertEquals(3, ethers.round().get("count").asInt());
      assertEquals(3, viem.round().get("count").asInt());
    }
  }

  @Test
  void theCountersSourceIsTheSameForAllClients() {
    assertTrue(Counter.bytecode().startsWith("0x61"));
  }
}
