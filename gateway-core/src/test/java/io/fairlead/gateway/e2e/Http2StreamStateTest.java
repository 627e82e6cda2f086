package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.testing.RawHttp2.DATA;
import static io.fairlead.gateway.testing.RawHttp2.END_HEADERS;
import static io.fairlead.gateway.testing.RawHttp2.END_STREAM;
import static io.fairlead.gateway.testing.RawHttp2.GOAWAY;
import static io.fairlead.gateway.testing.RawHttp2.HEADERS;
import static io.fairlead.gateway.testing.RawHttp2.RST_STREAM;
import static io.fairlead.gateway.testing.RawHttp2.frame;
import static io.fairlead.gateway.testing.RawHttp2.head;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.gateway.testing.RawHttp2;
import io.fairlead.gateway.testing.StubNode;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of frames for streams that are over, or never were. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Http2StreamStateTest {
  private static final byte[] GET =
      head(":method", "GET", ":scheme", "http", ":path", "/ethereum", ":authority", "gateway");
  private static final byte[] PATHLESS = head(":method", "POST", ":scheme", "http");
  private static final int WHOLE = END_HEADERS | END_STREAM;

  private final StubNode node = new StubNode("node", 1);
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              "chains: { ethereum: { chainId: 1, upstreams: [ { id: one, url: \"%s\" } ] } }",
              node.uri()));

  @AfterAll
  void stop() {
    gateway.close();
    node.close();
  }

  @Test
  void aStreamThatBothSidesHaveEndedIsNotBegunAgain() throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      ask(client, 1);
      client.send(frame(HEADERS, WHOLE, 1, GET));
      assertEndsWith(client, Http2Error.STREAM_CLOSED);
    }
  }

  @Test
  void nothingFollowsTheEndOfAStream() throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      ask(client, 1);
      client.send(frame(DATA, 0, 1, (byte) 'x'));
      assertEndsWith(client, Http2Error.STREAM_CLOSED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {END_HEADERS, WHOLE})
  void aSecondHeadInOnePieceWithTheFirstFindsItsStreamClosed(int flags) throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      client.send(frame(HEADERS, WHOLE, 1, GET), frame(HEADERS, flags, 1, GET));
      assertReset(client, Http2Error.STREAM_CLOSED);
    }
  }

  @Test
  void aRequestShorterThanItSaysIsNoRequest() throws IOException {
    byte[] longer =
        head(":method", "POST", ":scheme", "http", ":path", "/ethereum", "content-length", "5");
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      client.send(frame(HEADERS, WHOLE, 1, longer));
      assertReset(client, Http2Error.PROTOCOL_ERROR);
    }
  }

  private static void assertReset(RawHttp2 client, Http2Error error) throws IOException {
    byte[] why = client.readUntil(RST_STREAM).payload();
    assertEquals(error, Http2Error.valueOf(ByteBuffer.wrap(why).getInt()));
  }

  @Test
  void aStreamBelowAnotherIsNotBegun() throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      ask(client, 5);
      client.send(frame(HEADERS, WHOLE, 3, GET));
      assertEndsWith(client, Http2Error.STREAM_CLOSED);
    }
  }

  @Test
  void whatWasOnItsWayToAStreamThatWeResetHarmsNoOther() throws IOException {
    try (RawHttp2 client = new RawHttp2(gateway.rpcAddress())) {
      client.send(frame(HEADERS, END_HEADERS, 1, PATHLESS));
      assertEquals(1, client.readUntil(RST_STREAM).stream());
      client.send(frame(DATA, 0, 1, (byte) 'x'));
      client.send(frame(HEADERS, WHOLE, 1, head("grpc-status", "0")));
      ask(client, 3);
    }
  }

  private static void ask(RawHttp2 client, int stream) throws IOException {
    client.send(frame(HEADERS, WHOLE, stream, GET));
    assertEquals(stream, client.readUntil(HEADERS).stream());
  }

  private static void assertEndsWith(RawHttp2 client, Http2Error error) throws IOException {
    byte[] last = client.readUntil(GOAWAY).payload();
    assertEquals(error, Http2Error.valueOf(ByteBuffer.wrap(last).getInt(4)));
  }
}
