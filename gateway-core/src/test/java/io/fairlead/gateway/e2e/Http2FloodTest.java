package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.testing.RawHttp2.CONTINUATION;
import static io.fairlead.gateway.testing.RawHttp2.DATA;
import static io.fairlead.gateway.testing.RawHttp2.END_HEADERS;
import static io.fairlead.gateway.testing.RawHttp2.END_STREAM;
import static io.fairlead.gateway.testing.RawHttp2.GOAWAY;
import static io.fairlead.gateway.testing.RawHttp2.HEADERS;
import static io.fairlead.gateway.testing.RawHttp2.PING;
import static io.fairlead.gateway.testing.RawHttp2.RST_STREAM;
import static io.fairlead.gateway.testing.RawHttp2.SETTINGS;
import static io.fairlead.gateway.testing.RawHttp2.frame;
import static io.fairlead.gateway.testing.RawHttp2.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawHttp2;
import io.netty.handler.codec.http2.Http2Error;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that flood an HTTP/2 connection with what is cheap for them lose it, and nobody else
 * anything.
 *
 * <p>Sources: CVE-2019-9512 (PING), 9515 (SETTINGS) and 9518 (empty frames), CVE-2023-44487 (rapid
 * reset), CVE-2024-27316 (CONTINUATION), CVE-2025-8671 (resets that the server is made to send).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class Http2FloodTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Http2Error CALM = Http2Error.ENHANCE_YOUR_CALM;
  private static final String CHAIN_ID =
      "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_chainId\"}";

  /** How much of a flood is sent at the most; it has to be over long before. */
  private static final int MOST_BYTES = 64 << 20;

  private static final int MOST_GROWN_BYTES = 16 << 20;

  private static final byte[] CALL =
      head(":method", "POST", ":scheme", "http", ":path", "/ethereum", ":authority", "gateway");
  private static final byte[] PATHLESS = head(":method", "POST", ":scheme", "http");
  private static final byte[] WEB_SOCKET =
      head(
          ":method", "CONNECT",
          ":protocol", "websocket",
          ":scheme", "http",
          ":path", "/ethereum",
          ":authority", "gateway",
          "sec-websocket-version", "13");

  private final PushNode node = new PushNode(1, 64);
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              chains:
                ethereum: { chainId: 1, upstreams: [ { id: u, url: "%s" } ] }
              """,
              node.uri()));

  @AfterAll
  void stop() {
    gateway.close();
    node.close();
  }

  /**
   * What is sent again and again.
   *
   * @param name what it is
   * @param first what comes before
   * @param next the n-th of it, n from 0
   * @param enough how many are too many, if they are not taken one by one
   * @param code what the client is told
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Flood(
      String name, byte[] first, IntFunction<byte[]> next, int enough, Http2Error code) {
    /** Enough of them in one piece, from the n-th on. */
    byte[] piece(int from) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int i = from; i < from + enough; i++) {
        bytes.writeBytes(next.apply(i));
      }
      return bytes.toByteArray();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Flood> floods() {
    byte[] none = {};
    byte[] begun = frame(HEADERS, 0, 1, CALL);
    byte[] webSocket = open(1, WEB_SOCKET);
    return List.of(
        new Flood("small CONTINUATIONs", begun, n -> frame(CONTINUATION, 0, 1), 18, CALM),
        new Flood("large CONTINUATIONs", begun, Http2FloodTest::more, 4, Http2Error.PROTOCOL_ERROR),
        new Flood("streams called off", none, n -> calledOff(2 * n + 1), 220, CALM),
        new Flood("streams to be reset", none, n -> open(2 * n + 1, PATHLESS), 220, CALM),
        new Flood("too many streams", none, n -> open(2 * n + 1, WEB_SOCKET), 350, CALM),
        new Flood("empty DATA", webSocket, n -> frame(DATA, 0, 1), 4, CALM));
  }

  /** What is answered, so that it is too much only for a client that does not take the answers. */
  static List<Flood> floodsOfQuestions() {
    byte[] none = {};
    return List.of(
        new Flood("SETTINGS", none, n -> frame(SETTINGS, 0, 0), 4000, CALM),
        new Flood("PINGs", none, n -> frame(PING, 0, 0, new byte[8]), 4000, CALM));
  }

  /** A frame of the largest size. */
  private static byte[] more(int number) {
    return frame(CONTINUATION, 0, 1, field(number));
  }

  private static byte[] field(int number) {
    return head("x-" + number, "y".repeat(16_370));
  }

  private static byte[] open(int stream, byte[] head) {
    return frame(HEADERS, END_HEADERS, stream, head);
  }

  private static byte[] calledOff(int stream) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(open(stream, CALL));
    bytes.writeBytes(frame(RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8));
    return bytes.toByteArray();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void whoeverFloodsIsToldToCalmDownAndLosesTheConnection(Flood flood) throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      client.send(flood.first());
      client.send(flood.piece(0));
      byte[] last = client.readUntil(GOAWAY).payload();
      assertEquals(flood.code(), Http2Error.valueOf(ByteBuffer.wrap(last).getInt(4)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"floods", "floodsOfQuestions"})
  void whoeverFloodsOnWithoutReadingCostsABoundedAmountOfMemoryAndNobodyElseAnything(Flood flood)
      throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      assertOthersAreServed();
      long before = bufferBytes();
      int sent = floodUntilItEnds(client, flood);
      assertTrue(sent < MOST_BYTES, () -> flood + ": still taken after " + sent + " bytes");
      long grown = bufferBytes() - before;
      assertTrue(grown < MOST_GROWN_BYTES, () -> flood + ": buffers grew by " + grown);
      assertOthersAreServed();
    }
    Eventually.holds("all are gone", SOON, () -> metric("fairlead_connections") == 0);
  }

  private void assertOthersAreServed() throws IOException {
    try (RawClient other = gateway.client()) {
      assertEquals(200, other.call("/ethereum", CHAIN_ID).status());
    }
  }

  private static int floodUntilItEnds(RawHttp2 client, Flood flood) {
    int sent = 0;
    try {
      client.send(flood.first());
      for (int i = 0; sent < MOST_BYTES; i += flood.enough()) {
        byte[] piece = flood.piece(i);
        client.send(piece);
        sent += piece.length;
      }
    } catch (IOException e) {
      return sent; // the connection has ended
    }
    return sent;
  }

  @Test
  void aClientThatIsWithinBoundsIsServed() throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      for (int round = 0; round < 20; round++) {
        client.send(frame(SETTINGS, 0, 0));
        for (int i = 0; i < 100; i++) {
          client.send(frame(PING, 0, 0, new byte[8]));
        }
        for (int i = 0; i < 100; i++) {
          client.readUntil(PING);
        }
      }
      for (int i = 0; i < 90; i++) {
        client.send(calledOff(2 * i + 1));
      }
      client.send(frame(HEADERS, 0, 201, WEB_SOCKET));
      client.send(frame(CONTINUATION, 0, 201, field(1)));
      client.send(frame(CONTINUATION, END_HEADERS, 201));
      assertEquals(201, client.readUntil(HEADERS).stream());
      client.send(frame(DATA, 0, 201));
      client.send(frame(DATA, END_STREAM, 201));
      assertEquals(201, client.readUntil(DATA).stream());
    }
  }

  private long bufferBytes() {
    return metric("fairlead_direct_memory_bytes");
  }

  private long metric(String name) {
    return gateway
        .ops("/metrics")
        .lines()
        .filter(line -> line.startsWith(name) && !line.contains("_total"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
