package io.fairlead.gateway.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of what a simulated node answers. */
class EvmAnswersTest {
  private static final long HEAD = SimulatedChain.FIRST_HEAD;
  private final AtomicLong nanos = new AtomicLong(-5);
  private final SimulatedChain chain = chain(7);
  private final EvmAnswers answers = new EvmAnswers(chain);

  private SimulatedChain chain(long seed) {
    Instant start = Instant.ofEpochSecond(1_700_000_000);
    return new SimulatedChain(seed, 1337, Duration.ofSeconds(2), start, nanos::get);
  }

  private String ask(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new String(answers.answer(answers.parse(bytes), HEAD), StandardCharsets.UTF_8);
  }

  private String result(String method, String params) {
    String answer =
        ask(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
                + method
                + "\",\"params\":"
                + params
                + "}");
    String start = "{\"jsonrpc\":\"2.0\",\"id\":1,";
    assertTrue(answer.startsWith(start), answer);
    return answer.substring(start.length(), answer.length() - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "-0",
        "1.50e+3",
        "123456789012345678901234567890",
        "\"a\\u0041\\n\\\"é\"",
        "null",
        "[1, 2]",
        "{\"a\" : 1}"
      })
  void idIsEchoedByteForByte(String id) {
    assertEquals(
        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"0x539\"}",
        ask("{ \"method\" :\"eth_chainId\", \"id\" : " + id + " ,\"jsonrpc\":\"2.0\"}"));
    assertEquals(
        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"0x539\"}",
        ask("{\"method\":\"eth_chainId\",\"params\":[],\"id\":" + id + "}"));
  }

  @Test
  void batchKeepsOrderAndLeavesNotificationsOut() {
    assertEquals(
        "[{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"result\":\"1337\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1406f40\"}]",
        ask(
            "[{\"id\":\"b\",\"method\":\"net_version\"},{\"method\":\"eth_blockNumber\"},"
                + "{\"id\":1,\"method\":\"eth_blockNumber\"}]"));
    assertEquals("", ask("{\"jsonrpc\":\"2.0\",\"method\":\"eth_blockNumber\"}"));
  }

  @Test
  void rubbishIsRefusedWithTheRightCode() {
    assertTrue(ask("{\"id\":1,").contains("-32700"));
    assertTrue(ask("{\"id\":1} x").contains("-32700"));
    assertTrue(ask("{\"id\":1}").contains("\"id\":1,\"error\":{\"code\":-32600"));
    assertTrue(ask("[1]").contains("-32600"));
    assertTrue(result("eth_mining", "[]").contains("-32601"));
    assertTrue(result("eth_getBalance", "[]").contains("-32602"));
    assertTrue(result("eth_getBalance", "[\"0x1\",\"zz\"]").contains("-32602"));
  }

  @Test
  void blockIsTheSameByNumberAndByHash() {
    String byNumber = result("eth_getBlockByNumber", "[\"latest\",false]");
    assertTrue(byNumber.contains("\"number\":\"0x1406f40\""));
    assertTrue(byNumber.contains("\"timestamp\":\"0x6553f100\""));
    String hash = chain.blockHash(HEAD);
    assertEquals(byNumber, result("eth_getBlockByHash", "[\"" + hash + "\",false]"));
    assertTrue(result("eth_getBlockByNumber", "[\"0x1406f40\",true]").contains("\"nonce\":"));
    assertEquals("\"result\":null", result("eth_getBlockByNumber", "[\"0x1406f41\",false]"));
    assertTrue(
        chain.block(HEAD + 1, false).contains("\"parentHash\":\"" + hash), "parents must link");
  }

  @Test
  void unknownHashIsNoBlock() {
    String none = "0x" + "12".repeat(32);
    assertEquals("\"result\":null", result("eth_getBlockByHash", "[\"" + none + "\",false]"));
    assertEquals("\"result\":null", result("eth_getTransactionReceipt", "[\"" + none + "\"]"));
  }

  @Test
  void receiptNamesTheBlockOfItsTransaction() {
    String hash = chain.transactionHash(HEAD - 3, 2);
    String receipt = result("eth_getTransactionReceipt", "[\"" + hash + "\"]");
    assertTrue(receipt.contains("\"blockHash\":\"" + chain.blockHash(HEAD - 3)));
    assertEquals("null", chain.receipt(chain.transactionHash(HEAD + 1, 0), HEAD));
  }

  @Test
  void balanceIsAFunctionOfSeedAddressAndBlock() {
    String address = chain.account(3);
    String then = result("eth_getBalance", "[\"" + address + "\",\"0x1406f30\"]");
    assertEquals("\"result\":" + chain(7).balance(address, 0x1406f30), then);
    assertNotEquals(then, result("eth_getBalance", "[\"" + address + "\",\"latest\"]"));
    assertNotEquals(chain(8).balance(address, 0x1406f30), chain.balance(address, 0x1406f30));
    assertTrue(
        result("eth_getBalance", "[\"" + address + "\",\"0x1406f41\"]").contains("header not"));
  }

  @Test
  void logsCoverTheRangeAndTheAddressAsked() {
    String range = "\"fromBlock\":\"0x1406f30\",\"toBlock\":\"0x1406f31\"";
    assertEquals(
        "\"result\":" + chain.logs(0x1406f30, 0x1406f31, null),
        result("eth_getLogs", "[{" + range + "}]"));
    String one =
        result("eth_getLogs", "[{" + range + ",\"address\":\"" + chain.account(1) + "\"}]");
    assertEquals(2, one.split("logIndex", -1).length - 1);
    assertTrue(
        result("eth_getLogs", "[{\"fromBlock\":\"0x0\",\"toBlock\":\"latest\"}]")
            .contains("too wide"));
  }

  @Test
  void aTransactionIsNewOnce() {
    assertEquals(
        "\"result\":\"0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a\"",
        result("eth_sendRawTransaction", "[\"0x00\"]"));
    assertTrue(result("eth_sendRawTransaction", "[\"0x00\"]").contains("already known"));
    assertTrue(result("eth_sendRawTransaction", "[\"0xzz\"]").contains("rlp"));
  }

  @Test
  void headGrowsWithTime() {
    nanos.set(-5 + 2_000_000_000L - 1);
    assertEquals(HEAD, chain.head());
    nanos.set(-5 + 2_000_000_000L);
    assertEquals(HEAD + 1, chain.head());
    assertEquals(HEAD, chain.headBefore(1));
  }
}
