package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawHttp2;
import io.fairlead.gateway.testing.RawHttp2.Frame;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers on a stream are taken, and what a bad server can do to its connection. */
class StreamRulesTest extends Http2Scene {
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int PRIORITY = 2;
  private static final int PUSH_PROMISE = 5;
  private static final int WINDOW_UPDATE = 8;
  private static final int UNKNOWN = 0x20;

  /** A head, or several, and what follows it. */
  private record Wrong(String name, Answering answering) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  private interface Answering {
    void on(FramePeer peer, int stream) throws IOException;
  }

  private static Wrong head(String name, String... fields) {
    return new Wrong(
        name,
        (peer, stream) -> {
          peer.head(stream, fields);
          peer.data(stream, "hello", true);
        });
  }

  private static Wrong only(String name, String... fields) {
    return new Wrong(name, (peer, stream) -> peer.onlyHead(stream, fields));
  }

  private static String[] manyFields(int count, int valueChars) {
    List<String> fields = new ArrayList<>(List.of(":status", "200"));
    for (int i = 0; i < count; i++) {
      fields.add("f" + i);
      fields.add("v".repeat(valueChars));
    }
    return fields.toArray(String[]::new);
  }

  private static void longHead(FramePeer peer, int stream) throws IOException {
    byte[] head = RawHttp2.head(manyFields(90, 370));
    byte[] rest = Arrays.copyOfRange(head, 16_000, 32_000);
    byte[] last = Arrays.copyOfRange(head, 32_000, head.length);
    peer.send(RawHttp2.frame(RawHttp2.HEADERS, 0, stream, Arrays.copyOf(head, 16_000)));
    peer.send(RawHttp2.frame(RawHttp2.CONTINUATION, 0, stream, rest));
    peer.send(RawHttp2.frame(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, stream, last));
  }

  static Stream<Wrong> wrongAnswers() {
    return Stream.of(
        head("no status", "content-type", "a/b"),
        head("two states", ":status", "200", ":status", "200"),
        head("a short status", ":status", "20"),
        head("a status of letters", ":status", "2x0"),
        head("a status too high", ":status", "600"),
        head("switching protocols", ":status", "101"),
        head("a field of requests", ":status", "200", ":path", "/"),
        head("an unknown pseudo-field", ":status", "200", ":what", "x"),
        head("a pseudo-field behind others", "x", "y", ":status", "200"),
        head("upper case", ":status", "200", "X-Upper", "y"),
        head("a name that is no token", ":status", "200", "a b", "y"),
        head("connection", ":status", "200", "connection", "close"),
        head("keep-alive", ":status", "200", "keep-alive", "x"),
        head("transfer-encoding", ":status", "200", "transfer-encoding", "chunked"),
        head("upgrade", ":status", "200", "upgrade", "x"),
        head("LF in a value", ":status", "200", "x", "a\nb"),
        head("CR in a value", ":status", "200", "x", "a\rb"),
        head("NUL in a value", ":status", "200", "x", "a\0b"),
        head("spaces around a value", ":status", "200", "x", " a"),
        head("content-encoding", ":status", "200", "content-encoding", "gzip"),
        head("longer than it said", ":status", "200", "content-length", "4"),
        head("shorter than it said", ":status", "200", "content-length", "6"),
        head("two lengths", ":status", "200", "content-length", "5", "content-length", "6"),
        head("a length that is none", ":status", "200", "content-length", "+5"),
        head("too many fields", manyFields(101, 1)),
        new Wrong("a head too long", (peer, stream) -> longHead(peer, stream)),
        head("a body behind 204", ":status", "204"),
        head("a body behind 304", ":status", "304"),
        only("nothing of the length that it said", ":status", "200", "content-length", "5"),
        only("an interim answer as the last", ":status", "103"),
        new Wrong("a body without a head", (peer, stream) -> peer.data(stream, "x", true)),
        new Wrong(
            "too many interim answers",
            (peer, stream) -> {
              for (int i = 0; i < 9; i++) {
                peer.head(stream, ":status", "103");
              }
            }),
        new Wrong(
            "two heads",
            (peer, stream) -> {
              peer.head(stream, ":status", "200");
              peer.head(stream, ":status", "200");
            }),
        new Wrong(
            "a pseudo-field in trailers",
            (peer, stream) -> {
              peer.head(stream, ":status", "200");
              peer.onlyHead(stream, ":status", "200");
            }));
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void anAnswerThatIsWrongEndsItsStreamAndNoOther(Wrong wrong) {
    BlockingQueue<Frame> resets = new LinkedBlockingQueue<>();
    ScriptedServer server =
        serveFrames(
            peer -> {
              wrong.answering().on(peer, peer.request().stream());
              resets.add(peer.readUntil(RawHttp2.RST_STREAM));
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.MALFORMED, failure.kind(), failure::text);
    assertTrue(failure.maybeProcessed());
    assertEquals("y", fixture.post("y").text());
    Frame reset = resets.remove();
    assertEquals(FramePeer.FIRST_STREAM, reset.stream());
    assertEquals(Http2Error.PROTOCOL_ERROR.code(), ByteBuffer.wrap(reset.payload()).getInt());
    assertEquals(1, server.connections());
  }

  static Stream<Wrong> strangeAnswers() {
    return Stream.of(
        head("without a length", ":status", "200"),
        head("of the length it said", ":status", "200", "content-length", "5"),
        head("with identity", ":status", "200", "content-encoding", "identity"),
        head("as many fields as may be", manyFields(100, 1)),
        new Wrong(
            "behind interim answers",
            (peer, stream) -> {
              for (int i = 0; i < 8; i++) {
                peer.head(stream, ":status", "103");
              }
              peer.head(stream, ":status", "200");
              peer.data(stream, "hello", true);
            }),
        new Wrong(
            "with trailers",
            (peer, stream) -> {
              peer.head(stream, ":status", "200", "content-length", "5");
              peer.data(stream, "hello", false);
              peer.onlyHead(stream, "x-sum", "1");
            }),
        new Wrong(
            "in pieces, one of them empty",
            (peer, stream) -> {
              peer.head(stream, ":status", "200", "content-length", "5");
              peer.data(stream, "hel", false);
              peer.data(stream, "lo", false);
              peer.data(stream, "", true);
            }));
  }

  @ParameterizedTest
  @MethodSource("strangeAnswers")
  void anAnswerThatIsOnlyStrangeIsTaken(Wrong strange) {
    ScriptedServer server =
        serveFrames(
            peer -> {
              strange.answering().on(peer, peer.request().stream());
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    assertEquals("hello", fixture.post("x").text());
    assertEquals("y", fixture.post("y").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"204", "304", "200", "503"})
  void anAnswerMayBeAHeadAlone(String status) {
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.onlyHead(peer.request().stream(), ":status", status, "retry-after", "7");
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    Answer answer = fixture.post("x");
    assertEquals("", answer.text());
    assertEquals(Integer.parseInt(status), answer.status());
    assertEquals("7", answer.field("Retry-After"));
  }

  /** Frames that no well-behaved server sends, at least not so many. */
  static Stream<Wrong> floods() {
    return Stream.of(
        flood("SETTINGS", RawHttp2.frame(RawHttp2.SETTINGS, 0, 0)),
        flood("acknowledged SETTINGS", RawHttp2.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0)),
        flood("PING", RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8])),
        flood("answers to no PING", RawHttp2.frame(RawHttp2.PING, RawHttp2.ACK, 0, new byte[8])),
        flood("PRIORITY", RawHttp2.frame(PRIORITY, 0, 3, new byte[] {0, 0, 0, 0, 1})),
        flood("WINDOW_UPDATE", RawHttp2.frame(WINDOW_UPDATE, 0, 0, FramePeer.ints(1))),
        flood("unknown frames", RawHttp2.frame(UNKNOWN, 0, 0)),
        new Wrong(
            "empty DATA",
            (peer, stream) -> {
              peer.head(stream, ":status", "200");
              repeat(peer, RawHttp2.frame(RawHttp2.DATA, 0, stream));
            }),
        new Wrong(
            "DATA for a stream that is over",
            (peer, stream) -> {
              peer.answer(stream, "x");
              repeat(peer, RawHttp2.frame(RawHttp2.DATA, 0, stream, (byte) 1));
            }),
        new Wrong(
            "CONTINUATION",
            (peer, stream) -> {
              byte[] head = RawHttp2.head(":status", "200");
              peer.send(RawHttp2.frame(RawHttp2.HEADERS, 0, stream, head));
              repeat(peer, RawHttp2.frame(RawHttp2.CONTINUATION, 0, stream));
            }));
  }

  private static Wrong flood(String name, byte[] frame) {
    return new Wrong(name, (peer, stream) -> repeat(peer, frame));
  }

  private static void repeat(FramePeer peer, byte[] frame) throws IOException {
    ByteBuffer many = ByteBuffer.allocate(3000 * frame.length);
    while (many.hasRemaining()) {
      many.put(frame);
    }
    peer.send(many.array());
  }

  @ParameterizedTest
  @MethodSource("floods")
  void aFloodEndsTheConnection(Wrong flood) {
    ScriptedServer server =
        serveFrames(
            peer -> {
              if (peer.number() > 0) {
                peer.echo();
              }
              flood.answering().on(peer, peer.request().stream());
              peer.readUntil(RawHttp2.GOAWAY);
            });
    PoolFixture fixture = http2PoolFor(server);
    Answer answer = fixture.post("x");
    answer.await();
    Eventually.holds("closed", LIMIT, () -> fixture.connections() == 0);
    assertEquals("y", fixture.post("y").text());
    assertEquals(2, server.connections());
  }

  @Test
  void aFloodIsToldToCalmDown() throws InterruptedException {
    BlockingQueue<Frame> goodbyes = new LinkedBlockingQueue<>();
    ScriptedServer server =
        serveFrames(
            peer -> {
              repeat(peer, RawHttp2.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0));
              goodbyes.add(peer.readUntil(RawHttp2.GOAWAY));
              while (true) {
                peer.read();
              }
            });
    PoolFixture fixture = http2PoolFor(server);
    assertEquals(Kind.MALFORMED, fixture.post("x").awaitFailure().kind());
    Frame goodbye = goodbyes.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertEquals(ENHANCE_YOUR_CALM, ByteBuffer.wrap(goodbye.payload()).getInt(4));
  }

  /** What ends a connection at once. */
  static Stream<Wrong> violations() {
    byte[] promise = new byte[64];
    promise[3] = 2;
    byte[] head = RawHttp2.head(":status", "200");
    System.arraycopy(head, 0, promise, 4, head.length);
    byte[] promised = Arrays.copyOf(promise, 4 + head.length);
    return Stream.of(
        violation("a push", RawHttp2.frame(PUSH_PROMISE, RawHttp2.END_HEADERS, 3, promised)),
        violation("a head of a stream that is not ours", headers(2)),
        violation("a head of a stream that was not begun", headers(101)),
        violation("DATA of a stream that was not begun", RawHttp2.frame(RawHttp2.DATA, 0, 101)),
        violation("a reset of a stream that was not begun", reset(101)),
        violation("a frame too long", new byte[] {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 3}),
        violation("fields that cannot be read", fields((byte) 0xff, (byte) 0xff)),
        violation(
            "leave to push",
            RawHttp2.frame(
                RawHttp2.SETTINGS,
                0,
                0,
                (byte) 0,
                (byte) 2,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 1)),
        violation(
            "no more window than 2^31",
            RawHttp2.frame(WINDOW_UPDATE, 0, 0, FramePeer.ints(Integer.MAX_VALUE))));
  }

  private static byte[] headers(int stream) {
    byte[] head = RawHttp2.head(":status", "200");
    return RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, head);
  }

  private static byte[] reset(int stream) {
    return RawHttp2.frame(RawHttp2.RST_STREAM, 0, stream, FramePeer.ints(8));
  }

  private static byte[] fields(byte... block) {
    return RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 3, block);
  }

  private static Wrong violation(String name, byte[] frame) {
    return new Wrong(name, (peer, stream) -> peer.send(frame));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void aViolationEndsTheConnection(Wrong violation) {
    ScriptedServer server =
        serveFrames(
            peer -> {
              violation.answering().on(peer, peer.request().stream());
              peer.readUntil(RawHttp2.GOAWAY);
            });
    PoolFixture fixture = http2PoolFor(server);
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.MALFORMED, failure.kind(), failure::text);
    Eventually.holds("closed", LIMIT, () -> fixture.connections() == 0);
  }

  // ---- what we send

  @Test
  void theHeadIsWholeAndShortAndItsSecretsAreKeptByNobody() {
    String key = "0123456789abcdef";
    BlockingQueue<byte[]> heads = new LinkedBlockingQueue<>();
    BlockingQueue<Http2Headers> fields = new LinkedBlockingQueue<>();
    ScriptedServer server = serveFrames(peer -> recordHeads(peer, heads, fields));
    UpstreamAddress address =
        UpstreamAddress.parse(
            "http://127.0.0.1:" + server.port() + "/v2/" + key, Map.of("Authorization", key));
    PoolFixture fixture = http2PoolFor(server);
    fixture.apply(List.of(new PoolSpec(0, address, 9, false, Http2Use.PRIOR_KNOWLEDGE)));
    for (int i = 0; i < 3; i++) {
      assertEquals("body", fixture.post("body").text());
    }
    byte[] first = heads.remove();
    byte[] second = heads.remove();
    assertArrayEquals(second, heads.remove());
    assertTrue(second.length < 48, () -> "bytes: " + second.length);
    assertTrue(first.length > second.length);
    assertTrue(isNeverIndexed(second, 4), "path");
    assertTrue(isNeverIndexed(second, 23), "authorization");
    for (Http2Headers each : fields) {
      assertEquals("POST", each.method().toString());
      assertEquals("http", each.scheme().toString());
      assertEquals("/v2/" + key, each.path().toString());
      assertEquals("127.0.0.1:" + server.port(), each.authority().toString());
      assertEquals(key, each.get("authorization").toString());
      assertEquals("4", each.get("content-length").toString());
      assertEquals("application/json", each.get("content-type").toString());
      assertEquals("application/json", each.get("accept").toString());
      assertEquals("fairlead", each.get("user-agent").toString());
      assertEquals(9, each.size());
    }
  }

  private static void recordHeads(
      FramePeer peer, BlockingQueue<byte[]> heads, BlockingQueue<Http2Headers> fields)
      throws IOException {
    while (true) {
      FramePeer.Request request = peer.request();
      heads.add(peer.lastHead());
      fields.add(request.headers());
      peer.answer(request.stream(), request.body());
    }
  }

  /** Whether a literal with an entry of the static table as its name says "never indexed". */
  private static boolean isNeverIndexed(byte[] block, int entry) {
    String bytes = new String(block, StandardCharsets.ISO_8859_1);
    String mark = entry < 15 ? "" + (char) (0x10 | entry) : "\u001f" + (char) (entry - 15);
    return bytes.contains(mark);
  }

  @Test
  void aServerWithoutATableGetsHeadsWithoutOne() {
    BlockingQueue<byte[]> heads = new LinkedBlockingQueue<>();
    BlockingQueue<Http2Headers> fields = new LinkedBlockingQueue<>();
    ScriptedServer server =
        serveFrames(peer -> recordHeads(peer, heads, fields), FramePeer.HEADER_TABLE_SIZE, 0);
    PoolFixture fixture = http2PoolFor(server);
    for (int i = 0; i < 4; i++) {
      assertEquals("body", fixture.post("body").text());
    }
    heads.remove();
    boolean isToldWithTheSecond = heads.remove()[0] == 0x20;
    byte[] third = heads.remove();
    assertFalse(third[0] == 0x20);
    assertArrayEquals(third, heads.remove());
    assertTrue(isToldWithTheSecond);
    fields.forEach(each -> assertEquals("fairlead", each.get("user-agent").toString()));
  }
}
