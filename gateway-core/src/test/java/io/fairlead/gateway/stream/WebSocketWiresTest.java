package io.fairlead.gateway.stream;

import static io.fairlead.gateway.stream.RawWebSocketServer.frame;
import static io.fairlead.gateway.stream.RawWebSocketServer.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.LoopResolver;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.stream.RawWebSocketServer.Script;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.upstream.ConnectionPolicy;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.gateway.upstream.UpstreamNetwork;
import io.fairlead.gateway.upstream.UpstreamPools;
import io.fairlead.gateway.upstream.UpstreamTls;
import io.fairlead.gateway.upstream.socket.SocketUpgrades;
import io.fairlead.gateway.upstream.socket.WireFailure;
import io.fairlead.gateway.upstream.socket.WireFailure.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketWiresTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private EventLoops loops;
  private UpstreamPools pools;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<WireFailure> ends = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() {
    loops = new EventLoops(Transport.NIO, 1, "wires-test");
    UpstreamNetwork network =
        new UpstreamNetwork(
            new ConnectionPolicy(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofDays(1)),
            new UpstreamTls(),
            LoopResolver::new,
            (slot, source, rttNanos) -> {});
    pools = new UpstreamPools(loops.loop(0), network, new SplittableRandom(1));
  }

  @AfterEach
  void stop() {
    pools.close();
    loops.close();
  }

  private Wire open(String url, Map<String, String> headers, Duration handshakeTimeout)
      throws Exception {
    UpstreamAddress address = UpstreamAddress.parse(url, headers);
    return loops
        .at(0)
        .submit(
            () ->
                new WebSocketWires(
                        new SocketUpgrades(
                            pools.dialer(address), loops.loop(0), handshakeTimeout.toNanos()),
                        address.toString())
                    .open(new Ear()))
        .get();
  }

  private Wire open(RawWebSocketServer server) throws Exception {
    return open(server.url(), Map.of(), Duration.ofSeconds(20));
  }

  private void onLoop(Runnable task) throws Exception {
    loops.at(0).submit(task).get();
  }

  private String hear() throws InterruptedException {
    String next = heard.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing heard; ended: " + ends);
    }
    return next;
  }

  private WireFailure end() throws InterruptedException {
    WireFailure end = ends.poll(20, TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("it did not end; heard: " + heard);
    }
    assertFalse(end.text().contains("secret-"), end.text());
    return end;
  }

  private WireFailure endAfter(Script script) throws Exception {
    try (RawWebSocketServer server = new RawWebSocketServer(script)) {
      open(server);
      return end();
    }
  }

  /** Writes down what it hears. */
  private final class Ear implements WireListener {
    @Override
    public void onOpen() {
      heard.add("open");
    }

    @Override
    public void onMessage(byte[] text) {
      heard.add(
          text.length > 1000 ? text.length + " bytes" : new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public void onSign() {
      heard.add("sign");
    }

    @Override
    public void onEnd(WireFailure failure) {
      ends.add(failure);
    }
  }

  @Test
  void messagesPassBothWays() throws Exception {
    try (RawWebSocketServer server = new RawWebSocketServer(RawWebSocketServer.node())) {
      Wire wire = open(server);
      assertEquals("open", hear());

      onLoop(() -> wire.send("{\"id\":5}"));

      assertEquals("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":\"0xab\"}", hear());
      onLoop(wire::close);
    }
    assertTrue(ends.isEmpty());
  }

  @Test
  void headersGoWithTheUpgradeAndNoOrigin() throws Exception {
    try (RawWebSocketServer server = new RawWebSocketServer(RawWebSocketServer.node())) {
      open(server.url(), Map.of("Authorization", "Bearer t"), Duration.ofSeconds(20));
      assertEquals("open", hear());

      String request = server.requests.get(0).toLowerCase(Locale.ROOT);
      assertTrue(request.startsWith("get /secret-path?key=secret-key http/1.1\r\n"), request);
      assertTrue(request.contains("authorization: bearer t\r\n"), request);
      assertTrue(request.contains("host: 127.0.0.1:"), request);
      assertFalse(request.contains("origin:"), request);
      assertFalse(request.contains("sec-websocket-extensions"), request);
    }
  }

  @Test
  void whatComesRightBehindTheUpgradeIsHeard() throws Exception {
    Script script =
        peer -> {
          peer.upgrade(text("early"));
          peer.awaitEnd();
        };
    try (RawWebSocketServer server = new RawWebSocketServer(script)) {
      open(server);

      assertEquals("open", hear());
      assertEquals("early", hear());
    }
  }

  @Test
  void aMessageInPiecesIsHeardWhole() throws Exception {
    Script script =
        peer -> {
          peer.upgrade();
          peer.send(frame(0x01, (byte) 'a'));
          peer.send(frame(0x89));
          peer.send(frame(0x00, (byte) 'b'));
          peer.send(frame(0x80, (byte) 'c'));
          peer.awaitEnd();
        };
    try (RawWebSocketServer server = new RawWebSocketServer(script)) {
      open(server);

      assertEquals("open", hear());
      assertEquals("sign", hear());
      assertEquals("abc", hear());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"200 OK", "401 Unauthorized", "403 Forbidden", "503 Busy"})
  void anotherAnswerThanAnUpgradeIsARefusal(String status) throws Exception {
    WireFailure end =
        endAfter(
            peer -> {
              peer.request();
              peer.send(http(status, ""));
            });

    assertEquals(Kind.REFUSED, end.kind());
    assertTrue(
        end.text().endsWith(": HTTP " + status.substring(0, 3) + " to the upgrade"), end.text());
    assertEquals(0, end.retryAfterSeconds());
  }

  private static byte[] http(String status, String header) {
    return ("HTTP/1.1 " + status + "\r\n" + header + "Content-Length: 9\r\n\r\nno secret")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aRefusalSaysWhenToComeAgain() throws Exception {
    WireFailure end =
        endAfter(
            peer -> {
              peer.request();
              peer.send(http("429 Slow", "Retry-After: 17\r\n"));
            });

    assertEquals(17, end.retryAfterSeconds());
  }

  @Test
  void rubbishInRetryAfterIsPassedOver() throws Exception {
    WireFailure end =
        endAfter(
            peer -> {
              peer.request();
              peer.send(http("429 Slow", "Retry-After: 99999999999999999999\r\n"));
            });

    assertEquals(0, end.retryAfterSeconds());
  }

  @Test
  void anUpgradeWithAWrongKeyIsARefusal() throws Exception {
    String accept = "Sec-WebSocket-Accept: bm9uc2Vuc2U=\r\n";
    String upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
    WireFailure end =
        endAfter(
            peer -> {
              peer.request();
              peer.send(http("101 Go", upgrade + accept));
              peer.awaitEnd();
            });

    assertEquals(Kind.REFUSED, end.kind());
  }

  @Test
  void anAnswerThatIsNoHttpEndsIt() throws Exception {
    WireFailure end =
        endAfter(
            peer -> {
              peer.request();
              peer.send("SSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
              peer.awaitEnd();
            });

    assertEquals(Kind.MALFORMED, end.kind());
  }

  @Test
  void aHandshakeThatIsNeverAnsweredIsGivenUp() throws Exception {
    Script frozen =
        peer -> {
          peer.request();
          peer.awaitEnd();
        };
    try (RawWebSocketServer server = new RawWebSocketServer(frozen)) {
      open(server.url(), Map.of(), SHORT);

      WireFailure end = end();
      assertEquals(Kind.UNREACHABLE, end.kind());
      assertTrue(end.text().endsWith("no answer to the upgrade in time"), end.text());
    }
  }

  @Test
  void aPortWhereNobodyListensIsUnreachable() throws Exception {
    RawWebSocketServer server = new RawWebSocketServer(RawWebSocketServer.node());
    server.close();

    open(server);

    assertEquals(Kind.UNREACHABLE, end().kind());
  }

  @Test
  void aNameWithoutAddressIsUnreachable() throws Exception {
    open("ws://no-such-host.invalid:1/secret-path", Map.of(), SHORT);

    assertEquals(Kind.UNREACHABLE, end().kind());
  }

  @Test
  void aConnectionThatEndsBeforeTheUpgradeIsUnreachable() throws Exception {
    assertEquals(Kind.UNREACHABLE, endAfter(RawWebSocketServer.Peer::request).kind());
    assertEquals(Kind.UNREACHABLE, endAfter(RawWebSocketServer.Peer::reset).kind());
  }

  @Test
  void aResetEndsIt() throws Exception {
    WireFailure end =
        endAfter(
            peer -> {
              peer.upgrade();
              peer.reset();
            });

    assertEquals("open", hear());
    assertEquals(Kind.ENDED, end.kind());
  }

  @Test
  void aCloseFrameEndsItWithItsCode() throws Exception {
    WireFailure end =
        endAfter(
            peer -> {
              peer.upgrade();
              peer.send(frame(0x88, (byte) 0x03, (byte) 0xe9, (byte) 's'));
              peer.awaitEnd();
            });

    assertTrue(end.text().endsWith("closed by the upstream with 1001"), end.text());
  }

  @Test
  void pingsAreAnswered() throws Exception {
    BlockingQueue<Integer> pongs = new LinkedBlockingQueue<>();
    Script script =
        peer -> {
          peer.upgrade();
          peer.send(frame(0x89, (byte) 7));
          pongs.add(peer.readByte());
          peer.awaitEnd();
        };
    try (RawWebSocketServer server = new RawWebSocketServer(script)) {
      open(server);

      assertEquals(0x8a, pongs.poll(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void garbageInsteadOfFramesEndsIt() throws Exception {
    for (int first : new int[] {0x83, 0xf1, 0x8b, 0x09, 0x80}) {
      WireFailure end =
          endAfter(
              peer -> {
                peer.upgrade();
                peer.send(frame(first, (byte) 'x'));
                peer.awaitEnd();
              });

      assertEquals(Kind.MALFORMED, end.kind(), () -> first + " " + end.text());
    }
  }

  @Test
  void aMaskedFrameEndsIt() throws Exception {
    WireFailure end =
        endAfter(
            peer -> {
              peer.upgrade();
              peer.send((byte) 0x81, (byte) 0x81, (byte) 1, (byte) 1, (byte) 1, (byte) 1, (byte) 1);
              peer.awaitEnd();
            });

    assertEquals(Kind.MALFORMED, end.kind());
  }

  @Test
  void messagesAreTakenUpToTheLimit() throws Exception {
    int most = SocketUpgrades.MAX_MESSAGE_BYTES;
    Script script =
        peer -> {
          peer.upgrade();
          peer.send(frame(0x81, new byte[most]));
          sendHugeHead(peer, most + 1L);
          peer.awaitEnd();
        };
    try (RawWebSocketServer server = new RawWebSocketServer(script)) {
      open(server);

      assertEquals("open", hear());
      assertEquals(most + " bytes", hear());
      assertEquals(Kind.MALFORMED, end().kind());
    }
  }

  private static void sendHugeHead(RawWebSocketServer.Peer peer, long bytes) throws IOException {
    byte[] head = new byte[10];
    ByteBuffer.wrap(head).put((byte) 0x81).put((byte) 127).putLong(bytes);
    peer.send(head);
  }

  @Test
  void piecesThatGrowBeyondTheLimitEndIt() throws Exception {
    byte[] piece = new byte[SocketUpgrades.MAX_MESSAGE_BYTES / 2 + 1];
    WireFailure end =
        endAfter(
            peer -> {
              peer.upgrade();
              peer.send(frame(0x01, piece));
              peer.send(frame(0x80, piece));
              peer.awaitEnd();
            });

    assertEquals(Kind.MALFORMED, end.kind());
  }

  @Test
  void closingSaysGoodbye() throws Exception {
    try (RawWebSocketServer server = new RawWebSocketServer(RawWebSocketServer.node())) {
      Wire wire = open(server);
      assertEquals("open", hear());

      onLoop(wire::close);

      Eventually.holds(
          "a close", Duration.ofSeconds(20), () -> server.requests.contains("close 1000"));
    }
    assertTrue(ends.isEmpty());
  }

  @Test
  void oneThatIsClosedOnItsWayIsNeverHeard() throws Exception {
    try (RawWebSocketServer server = new RawWebSocketServer(RawWebSocketServer.node())) {
      Wire wire = open(server);
      onLoop(wire::close);
      Wire second = open(server);
      assertEquals("open", hear());
      onLoop(second::close);
    }
    assertTrue(ends.isEmpty());
    assertTrue(heard.isEmpty() || heard.size() == 1, heard.toString());
  }
}
