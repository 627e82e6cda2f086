package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Answers cut at every byte, without sockets. */
class AnswerFramingTest {
  private static final String CHUNKED =
      String.join(
          "\r\n",
          "HTTP/1.1 100 Continue",
          "",
          "HTTP/1.1 200 OK",
          "Transfer-Encoding: chunked",
          "X: y",
          "",
          "6",
          "hello ",
          "A",
          "0123456789",
          "0",
          "Trailer: t",
          "",
          "");
  private static final String SIZED =
      "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\nhello 0123456789";

  /** Never started; only its clock is used. */
  private static final EventLoops LOOPS = new EventLoops(Transport.NIO, 1, "unused");

  @AfterAll
  static void close() {
    LOOPS.close();
  }

  @Test
  void anAnswerIsTheSameHoweverItIsSplit() {
    for (String wire : new String[] {CHUNKED, SIZED}) {
      for (int first = 0; first <= wire.length(); first++) {
        for (int second = first; second <= wire.length(); second += 7) {
          Answer answer =
              play(wire.substring(0, first), wire.substring(first, second), wire.substring(second));
          assertEquals("hello 0123456789", answer.text(), "split at " + first + ", " + second);
        }
      }
    }
  }

  @Test
  void anAnswerIsNotWholeBeforeItsLastByte() {
    for (String wire : new String[] {CHUNKED, SIZED}) {
      for (int cut = 0; cut < wire.length(); cut++) {
        ExchangeFailure failure = play(wire.substring(0, cut)).awaitFailure();
        assertEquals(ExchangeFailure.Kind.CLOSED_EARLY, failure.kind(), "cut at " + cut);
      }
    }
  }

  @Test
  void anAnswerIsCompleteWithoutWaitingForMore() {
    Answer answer = new Answer();
    EmbeddedChannel channel = connect(answer);
    channel.writeInbound(bytes(SIZED));
    assertEquals("hello 0123456789", answer.text());
    assertNull(answer.failure);
    channel.finishAndReleaseAll();
  }

  /** Feeds the pieces one by one and closes. */
  private static Answer play(String... pieces) {
    Answer answer = new Answer();
    EmbeddedChannel channel = connect(answer);
    for (String piece : pieces) {
      if (!piece.isEmpty()) {
        channel.writeInbound(bytes(piece));
      }
    }
    channel.finishAndReleaseAll();
    return answer;
  }

  private static EmbeddedChannel connect(Answer answer) {
    UpstreamAddress address = UpstreamAddress.parse("http://node.example", Map.of());
    UpstreamNetwork network =
        new UpstreamNetwork(
            ConnectionPolicy.DEFAULT,
            new UpstreamTls(),
            loop -> new FakeResolver(),
            (s, o, n) -> {});
    Connector connector = new Connector(LOOPS.loop(0), address, network, new FakeResolver());
    UpstreamPool pool =
        new UpstreamPool(
            new PoolSpec(0, address, 1), connector, RandomGenerator.of("L64X128MixRandom"));
    Connection connection = new Connection(pool);
    EmbeddedChannel channel = new EmbeddedChannel(connection.decoder(), connection);
    pool.onConnected(
        connection,
        new Exchange(pool, Unpooled.buffer().writeBytes(new byte[] {'{', '}'}), false, answer));
    return channel;
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}
