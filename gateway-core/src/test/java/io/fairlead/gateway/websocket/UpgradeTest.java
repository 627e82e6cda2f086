package io.fairlead.gateway.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.RawWebSocket;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which requests go on as WebSocket, and what the others are told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UpgradeTest {
  private final SocketScene scene = SocketScene.ofEcho(SocketScene.LIMITS);

  @AfterAll
  void stop() {
    scene.close();
  }

  private Answer ask(String request) throws IOException {
    try (RawClient client = new RawClient(scene.server.address())) {
      client.send(request);
      return client.read();
    }
  }

  static Stream<Arguments> refusals() {
    String good = RawWebSocket.request("/ethereum");
    return Stream.of(
        Arguments.of("another version", 426, good.replace("Version: 13", "Version: 8")),
        Arguments.of("no version", 426, good.replace("Sec-WebSocket-Version: 13\r\n", "")),
        Arguments.of("no key", 400, good.replaceAll("Sec-WebSocket-Key: .*\r\n", "")),
        Arguments.of("a short key", 400, good.replace("Q==", "")),
        Arguments.of(
            "two keys", 400, good.replace("\r\n\r\n", "\r\nSec-WebSocket-Key: AAAA\r\n\r\n")),
        Arguments.of("no connection field", 400, good.replace("keep-alive, Upgrade", "keep-alive")),
        Arguments.of("HTTP/1.0", 400, good.replace("HTTP/1.1", "HTTP/1.0")),
        Arguments.of("a body", 400, good.replace("\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n{}")),
        Arguments.of("a broken preface of HTTP/2", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r "),
        Arguments.of("no such chain", 404, good.replace("/ethereum", "/solana")),
        Arguments.of("no upgrade", 405, good.replaceAll("Upgrade: websocket\r\n", "")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aBadRequestIsRefused(String what, int status, String request) throws IOException {
    Answer answer = ask(request);
    assertEquals(status, answer.status(), what);
    assertEquals("*", answer.header("access-control-allow-origin"), what);
    assertEquals(status == 426 ? "13" : "", answer.header("sec-websocket-version"), what);
  }

  @Test
  void namesAndWordsMayBeInAnyCaseAndOriginsAreFree() throws IOException {
    String request =
        RawWebSocket.request("/ethereum", "Origin: null")
            .replace("Upgrade: websocket", "uPGRADE: foo, WebSocket")
            .replace("keep-alive, Upgrade", "UPGRADE");
    assertEquals(101, ask(request).status());
  }

  @Test
  void aPostThatOffersAnUpgradeIsAnsweredAsAPost() throws IOException {
    try (RawClient client = new RawClient(scene.server.address())) {
      Answer answer = client.call("/ethereum", "[]", "Upgrade: websocket", "Connection: Upgrade");
      assertEquals(200, answer.status());
    }
  }

  @Test
  void anUpgradeBehindAnUnansweredRequestIsRefused() throws Exception {
    try (SocketScene calls = SocketScene.ofCalls(SocketScene.LIMITS);
        RawClient client = new RawClient(calls.server.address())) {
      client.post("/ethereum", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\"}");
      HeldCalls.Held held = calls.calls.next();
      client.send(RawWebSocket.request("/ethereum"));
      assertTrue(client.isSilent());
      held.answer("1");
      assertEquals(200, client.read().status());
      assertEquals(400, client.read().status());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate | ''",
        "permessage-deflate; client_max_window_bits | ''",
        "foo, Permessage-Deflate; client_max_window_bits=10; server_no_context_takeover | ''",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate | ''",
        "permessage-deflate; server_max_window_bits=\"15\" | '; server_max_window_bits=15'"
      })
  void compressionIsAgreedWithoutContext(String offer, String more) {
    assertEquals(
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + more,
        DeflateOffer.agree(List.of(offer)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "x-webkit-deflate-frame",
        "permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; unknown",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover=1"
      })
  void anOfferThatCannotBeMetIsPassedOver(String offer) {
    assertEquals("", DeflateOffer.agree(List.of(offer)));
  }
}
