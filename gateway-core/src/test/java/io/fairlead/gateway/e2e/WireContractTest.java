package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.WireScene.BALANCE;
import static io.fairlead.gateway.e2e.WireScene.json;
import static io.fairlead.gateway.e2e.WireScene.rpc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's section 3, byte by byte, before one node that works. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WireContractTest {
  private final WireScene scene = new WireScene();

  @AfterAll
  void stop() {
    scene.close();
  }

  private Answer call(String body, String... fields) throws IOException {
    return callAt("/ethereum", body, fields);
  }

  private Answer callAt(String path, String body, String... fields) throws IOException {
    return scene.call(path, body, fields);
  }

  private static int code(Answer answer) throws IOException {
    return json(answer).path("error").path("code").asInt();
  }

  static List<String> ids() {
    return List.of(
        "1",
        "\"1\"",
        "null",
        "9007199254740993",
        "1e3",
        "1.0",
        "-0",
        "123456789012345678901234567890",
        "\"\\u0061\"",
        "\"\\ud83d\\ude00 \\/ \\\" é\"",
        "\"\"",
        "\"" + "x".repeat(20_000) + "\"");
  }

  @Test
  void idsComeBackByteForByteFromANodeThatManglesThem() throws IOException {
    scene.node.on(
        "eth_gasPrice",
        (c, reply) -> reply.json("{\"id\":7.0e1,\"result\":\"0x5\",\"jsonrpc\":\"2.0\"}"));
    for (String id : ids()) {
      Answer answer = call(rpc(id, "\"method\":\"eth_gasPrice\""));
      assertEquals(200, answer.status());
      assertTrue(answer.text().contains("\"id\":" + id), answer.text());
      assertEquals("0x5", json(answer).get("result").asText());
      assertEquals(3, json(answer).size(), answer.text());
    }
  }

  /** hardhat and anvil refuse some of them as no id at all. */
  @ParameterizedTest
  @ValueSource(strings = {"1.0", "-1", "1e3", "null", "123456789012345678901234567890"})
  void anIdThatNodesDisagreeOnIsNotShownToThem(String id) throws IOException {
    int before = scene.node.calls("eth_hashrate").size();
    Answer answer = call(rpc(id, "\"method\":\"eth_hashrate\",\"params\":[]"));
    assertTrue(answer.text().contains("\"id\":" + id), answer.text());
    byte[] seen = scene.node.calls("eth_hashrate").get(before).body();
    assertEquals(
        rpc("1", "\"method\":\"eth_hashrate\",\"params\":[]"),
        new String(seen, StandardCharsets.UTF_8));
  }

  @Test
  void idsComeBackByteForByteFromTheGatewayItself() throws IOException {
    for (String id : ids()) {
      Answer local = call(rpc(id, "\"method\":\"eth_chainId\""));
      assertTrue(local.text().contains("\"id\":" + id), local.text());
      assertEquals("0x1", json(local).get("result").asText());
      Answer refused = call(rpc(id, "\"method\":\"personal_sign\""));
      assertTrue(refused.text().contains("\"id\":" + id), refused.text());
      assertEquals(-32601, code(refused));
    }
  }

  @Test
  void resultsPassThroughByteForByte() throws IOException {
    String result =
        "{ \"a\" : [1.0e0, 1E400, -0 ,9007199254740993],\t\"\\u0061\":\"\\ud83d\\ude00\" ,"
            + " \"id\":5, \"error\":null}";
    scene.node.on("eth_getBlockByHash", (c, reply) -> reply.json(c.result(result)));
    Answer answer = call(rpc("1", "\"method\":\"eth_getBlockByHash\",\"params\":[\"0x1\",false]"));
    assertTrue(answer.text().contains(result), answer.text());
  }

  @Test
  void errorsOfTheClientPassThroughByteForByte() throws IOException {
    String error =
        "{\"code\":3, \"message\":\"execution reverted: \\u0061\",\"data\":\"0x08c379a0\" }";
    scene.node.on("eth_call", (c, reply) -> reply.json(c.error(error)));
    long before = scene.node.count("eth_call");
    Answer answer = call(rpc("1", "\"method\":\"eth_call\",\"params\":[{},\"latest\"]"));
    assertTrue(answer.text().contains(error), answer.text());
    assertEquals(1, scene.node.count("eth_call") - before);
  }

  @Test
  void notificationGetsNoContent() throws IOException {
    Answer answer = call("{\"jsonrpc\":\"2.0\"," + BALANCE + "}");
    assertEquals(204, answer.status());
    assertEquals("", answer.text());
  }

  @Test
  void batchKeepsItsOrderAndBadMembersSpoilNoOther() throws IOException {
    CountDownLatch late = new CountDownLatch(1);
    scene.node.on(
        "eth_getCode",
        (c, reply) -> {
          GatewayFixture.await(late);
          reply.json(c.result("\"late\""));
        });
    scene.node.on(
        "eth_getStorageAt",
        (c, reply) -> {
          late.countDown();
          reply.json(c.result("\"early\""));
        });
    Answer answer =
        call(
            String.format(
                Locale.ROOT,
                "[%s,%s,1,%s,%s,%s,{\"jsonrpc\":\"2.0\",\"id\":\"e\"}]",
                rpc("\"a\"", "\"method\":\"eth_getCode\",\"params\":[\"0x1\",\"latest\"]"),
                rpc(
                    "\"b\"",
                    "\"method\":\"eth_getStorageAt\",\"params\":[\"0x1\",\"0x0\",\"latest\"]"),
                "{\"jsonrpc\":\"2.0\"," + BALANCE + "}",
                rpc("\"c\"", "\"method\":\"admin_peers\""),
                rpc("\"d\"", "\"method\":\"eth_chainId\"")));
    assertEquals(200, answer.status());
    JsonNode members = json(answer);
    assertEquals(6, members.size(), answer.text());
    assertEquals("late", members.get(0).get("result").asText());
    assertEquals("early", members.get(1).get("result").asText());
    assertEquals(-32600, members.get(2).at("/error/code").asInt());
    assertTrue(members.get(2).get("id").isNull());
    assertEquals("\"c\"", members.get(3).get("id").toString());
    assertEquals(-32601, members.get(3).at("/error/code").asInt());
    assertEquals("0x1", members.get(4).get("result").asText());
    assertEquals("\"e\"", members.get(5).get("id").toString());
    assertEquals(-32600, members.get(5).at("/error/code").asInt());
  }

  @Test
  void batchOfNotificationsGetsNoContent() throws IOException {
    String notification = "{\"jsonrpc\":\"2.0\"," + BALANCE + "}";
    Answer answer = call("[" + notification + "," + notification + "]");
    assertEquals(204, answer.status());
    assertEquals("", answer.text());
  }

  @Test
  void emptyBatchIsOneInvalidCall() throws IOException {
    Answer answer = call("[]");
    assertEquals(-32600, code(answer));
    assertTrue(json(answer).get("id").isNull());
  }

  @Test
  void batchOverTheLimitIsRefusedWhole() throws IOException {
    String member = rpc("1", BALANCE);
    long before = scene.node.organicCount();
    Answer fits = call("[" + String.join(",", Collections.nCopies(100, member)) + "]");
    assertEquals(100, json(fits).size());
    assertEquals(100, scene.node.organicCount() - before);
    Answer tooMany = call("[" + String.join(",", Collections.nCopies(101, member)) + "]");
    assertTrue(tooMany.text().contains("\"error\""), tooMany.text());
    assertFalse(tooMany.text().contains("\"result\""), tooMany.text());
    assertEquals(100, scene.node.organicCount() - before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":",
        "",
        "{]",
        "{\"id\":01}",
        "[{\"id\":1},",
        "nul",
        "{\"a\":1}{\"b\":2}"
      })
  void malformedJsonIsAParseError(String body) throws IOException {
    Answer answer = call(body);
    assertEquals(-32700, code(answer), answer.text());
    assertTrue(json(answer).get("id").isNull());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "\"x\"", "null", "true", "{}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}"})
  void whatIsNoCallIsAnInvalidRequest(String body) throws IOException {
    assertEquals(-32600, code(call(body)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "personal_sign", "admin_peers", "miner_start", "engine_newPayloadV3", "clique_propose",
        "anvil_mine", "hardhat_mine", "evm_mine", "eth_sendTransaction", "eth_sign",
        "eth_signTransaction", "eth_signTypedData_v4"
      })
  void methodsThatActOnANodesOwnKeysNeverReachIt(String method) throws IOException {
    Answer answer = call(rpc("1", "\"method\":\"" + method + "\",\"params\":[]"));
    assertEquals(-32601, code(answer), answer.text());
    assertEquals(0, scene.node.count(method));
  }

  @Test
  void aMethodThatTheOperatorNamesIsOffered() throws IOException {
    Answer answer = call(rpc("1", "\"method\":\"anvil_nodeInfo\",\"params\":[]"));
    assertEquals("node", json(answer).get("result").asText());
  }

  @Test
  void subscriptionsOverHttpAreRefused() throws IOException {
    Answer answer = call(rpc("1", "\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]"));
    assertTrue(json(answer).has("error"), answer.text());
    assertEquals(0, scene.node.count("eth_subscribe"));
  }

  @Test
  void accountsAreNobodys() throws IOException {
    assertTrue(call(rpc("1", "\"method\":\"eth_accounts\"")).text().contains("\"result\":[]"));
    assertEquals(0, scene.node.count("eth_accounts"));
  }

  @Test
  void everyPathOfAChainServes() throws IOException {
    for (String path : List.of("/", "/ethereum", "/ethereum/", "/ethereum/some-key")) {
      assertEquals("node", json(callAt(path, rpc("1", BALANCE))).path("result").asText(), path);
    }
  }

  @Test
  void anUnknownChainIsNotFound() throws IOException {
    Answer answer = callAt("/etherium", rpc("1", BALANCE), "Origin: https://app.example");
    assertEquals(404, answer.status());
    assertTrue(json(answer).has("error"), answer.text());
    assertEquals(1, answer.all("access-control-allow-origin").size());
  }

  @Test
  void anotherVerbIsNotAllowed() throws IOException {
    try (RawClient client = scene.client()) {
      client.send("GET / HTTP/1.1\r\nHost: gateway.test\r\nOrigin: https://app.example\r\n\r\n");
      Answer answer = client.read();
      assertEquals(405, answer.status());
      assertTrue(answer.header("allow").contains("POST"));
      assertEquals(1, answer.all("access-control-allow-origin").size());
      assertEquals(-32600, json(answer).get("error").get("code").asInt());
      client.send("HEAD / HTTP/1.1\r\nHost: gateway.test\r\n\r\n");
      Answer bodyless = client.readHead();
      assertEquals(405, bodyless.status());
      assertEquals("0", bodyless.header("content-length"));
      assertEquals(200, client.call("/", rpc("1", "\"method\":\"eth_chainId\"")).status());
    }
  }

  @Test
  void aBodyOverTheLimitIsRefused() throws IOException {
    String big = rpc("1", "\"method\":\"eth_call\",\"params\":[\"" + "0".repeat(1 << 20) + "\"]");
    Answer answer = call(big, "Origin: https://app.example");
    assertEquals(413, answer.status());
    assertEquals(1, answer.all("access-control-allow-origin").size());
  }

  @Test
  void aBodyThatGrowsOverTheLimitWhenInflatedIsRefused() throws IOException {
    byte[] bomb =
        gzip(rpc("1", "\"method\":\"eth_call\",\"params\":[\"" + "0".repeat(4 << 20) + "\"]"));
    try (RawClient client = scene.client()) {
      client.post("/ethereum", bomb, "Content-Encoding: gzip");
      assertEquals(413, client.read().status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://app.example", "null"})
  void preflightAllowsWhatBrowsersSend(String origin) throws IOException {
    try (RawClient client = scene.client()) {
      client.send(
          "OPTIONS /ethereum HTTP/1.1\r\nHost: gateway.test\r\nOrigin: "
              + origin
              + "\r\nAccess-Control-Request-Method: POST\r\n"
              + "Access-Control-Request-Headers: content-type\r\n\r\n");
      Answer answer = client.read();
      assertTrue(answer.status() == 204 || answer.status() == 200, "" + answer.status());
      assertTrue(List.of("*", origin).contains(answer.header("access-control-allow-origin")));
      assertTrue(answer.header("access-control-allow-methods").contains("POST"));
      assertTrue(
          answer.header("access-control-allow-headers").matches("(?i).*(\\*|content-type).*"));
      assertFalse(answer.header("access-control-max-age").isEmpty());
      Answer served = client.call("/ethereum", rpc("1", BALANCE), "Origin: " + origin);
      assertTrue(List.of("*", origin).contains(served.header("access-control-allow-origin")));
      assertTrue(
          served
              .header("access-control-expose-headers")
              .toLowerCase(Locale.ROOT)
              .contains("x-fairlead-upstream"));
    }
  }

  @Test
  void gzipWorksBothWays() throws IOException {
    String large = "\"" + "ab".repeat(50_000) + "\"";
    scene.node.on("eth_getLogs", (c, reply) -> reply.json(c.result(large)));
    try (RawClient client = scene.client()) {
      String body = rpc("\"z\"", "\"method\":\"eth_getLogs\",\"params\":[{}]");
      client.post("/ethereum", gzip(body), "Content-Encoding: gzip", "Accept-Encoding: gzip");
      Answer answer = client.read();
      assertEquals("gzip", answer.header("content-encoding"));
      assertTrue(answer.unzipped().contains("\"id\":\"z\""));
      assertTrue(answer.unzipped().contains(large));
      assertTrue(answer.body().length < 10_000, "" + answer.body().length);
      Answer plain = client.call("/ethereum", body);
      assertEquals("", plain.header("content-encoding"));
      assertTrue(plain.text().contains(large));
    }
  }

  @Test
  void answersToASingleCallSayWhoGaveThem() throws IOException {
    Answer answer = call(rpc("1", BALANCE));
    assertEquals("one", answer.header("x-fairlead-upstream"));
    assertEquals("1", answer.header("x-fairlead-attempts"));
    assertTrue(
        List.of("hit", "miss", "coalesced", "bypass").contains(answer.header("x-fairlead-cache")));
  }

  @Test
  void nothingOfTheClientsHeadersReachesTheNode() throws IOException {
    call(
        rpc("1", "\"method\":\"eth_feeHistory\",\"params\":[]"),
        "Cookie: a=b",
        "X-Forwarded-For: 1.2.3.4",
        "Authorization: Basic x");
    String headers =
        scene.node.calls("eth_feeHistory").get(0).headers().keySet().stream()
            .collect(Collectors.joining(" "));
    assertFalse(headers.matches(".*(cookie|forwarded|authorization).*"), headers);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
