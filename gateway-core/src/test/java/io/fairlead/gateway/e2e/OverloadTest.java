package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With sockets: what a client sees of an event loop that has more calls than it can carry. */
@Timeout(120)
final class OverloadTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int FLOODS = 4;
  private static final int CALLS = 100;
  private static final String TRACE =
      "{\"jsonrpc\":\"2.0\",\"id\":\"mine\",\"method\":\"debug_traceTransaction\",\"params\":[\"0x1\"]}";

  private final StubNode node = new StubNode("node", 1);
  private final List<Flood> floods = new ArrayList<>();
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              limits: { loopDelay: 1ms }
              chains:
                c:
                  chainId: 1
                  upstreams: [ { id: one, url: "%s" } ]
              """,
              node.uri()),
          ", loops: 1");

  @AfterEach
  void stop() throws IOException {
    endFloods();
    gateway.close();
    node.close();
  }

  private void endFloods() throws IOException {
    for (Flood flood : floods) {
      flood.channel.close();
    }
    floods.clear();
  }

  /** Batches that the gateway answers by itself, as many as are taken, one behind the other. */
  private static final class Flood {
    private final SocketChannel channel;
    private final ByteBuffer batches = ByteBuffer.allocate(1 << 18);
    private final ByteBuffer answers = ByteBuffer.allocate(1 << 18);

    Flood(InetSocketAddress gateway) {
      try {
        channel = SocketChannel.open(gateway);
        channel.configureBlocking(false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      byte[] batch = batch().getBytes(StandardCharsets.US_ASCII);
      while (batches.remaining() >= batch.length) {
        batches.put(batch);
      }
      batches.flip();
    }

    private static String batch() {
      String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";
      String body = "[" + (call + ",").repeat(CALLS - 1) + call + "]";
      return "POST /c HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: "
          + body.length()
          + "\r\n\r\n"
          + body;
    }

    void push() {
      try {
        channel.write(batches);
        if (!batches.hasRemaining()) {
          batches.rewind();
        }
        channel.read(answers.clear());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Answer trace() {
    try (RawClient client = gateway.client()) {
      client.post("/c", TRACE);
      for (int i = 0; i < 200; i++) {
        floods.forEach(Flood::push);
      }
      return client.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCallThatCannotBeCarriedIsRefusedWithItsIdAndATimeToComeBack() throws IOException {
    node.on("debug_traceTransaction", (call, reply) -> reply.json(call.result("{}")));
    for (int i = 0; i < FLOODS; i++) {
      floods.add(new Flood(gateway.rpcAddress()));
    }
    List<Answer> refused = new ArrayList<>();
    Eventually.holds(
        "a trace is refused",
        SOON,
        () -> {
          Answer answer = trace();
          if (answer.status() == 429) {
            refused.add(answer);
          }
          return !refused.isEmpty();
        });
    Answer answer = refused.get(0);
    assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
    assertTrue(answer.text().contains("\"id\":\"mine\""), answer.text());
    assertTrue(answer.text().contains("-32005"), answer.text());
    assertTrue(gateway.ops("/metrics").contains("class=\"trace\",outcome=\"shed\""));
    endFloods();
    Eventually.holds("a trace is answered again", SOON, () -> trace().status() == 200);
  }
}
