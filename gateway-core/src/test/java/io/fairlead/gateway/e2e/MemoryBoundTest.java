package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
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

/** With sockets: clients that fill memory do not get past its bound, and others are served. */
@Timeout(120)
final class MemoryBoundTest {
  private static final long BOUND_BYTES = 64L << 20;
  private static final int UPLOADS = 120;
  private static final int SENT_BYTES = 768 << 10;
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"0x1\"]}";

  private final StubNode node = new StubNode("node", 1);
  private final List<Upload> uploads = new ArrayList<>();
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              limits: { memory: 64MiB }
              chains:
                c:
                  chainId: 1
                  upstreams: [ { id: one, url: "%s" } ]
              """,
              node.uri()));

  @AfterEach
  void stop() throws IOException {
    for (Upload upload : uploads) {
      upload.channel.close();
    }
    gateway.close();
    node.close();
  }

  /** A request of 1 MiB of which three quarters come, as far as they are taken. */
  private static final class Upload {
    private final SocketChannel channel;
    private final ByteBuffer rest = ByteBuffer.allocate(256 + SENT_BYTES);
    private final ByteBuffer answer = ByteBuffer.allocate(12);

    Upload(InetSocketAddress gateway) throws IOException {
      channel = SocketChannel.open(gateway);
      channel.configureBlocking(false);
      String head =
          "POST /c HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: "
              + (1 << 20)
              + "\r\n\r\n";
      rest.put(head.getBytes(StandardCharsets.US_ASCII));
      rest.limit(rest.position() + SENT_BYTES).rewind();
    }

    /** Sends what is taken; the gateway may have ended the connection. */
    void push() {
      try {
        channel.read(answer);
        channel.write(rest);
      } catch (IOException e) {
        rest.position(rest.limit());
      }
    }

    boolean isTold(String status) {
      return new String(answer.array(), StandardCharsets.US_ASCII).endsWith(status);
    }
  }

  private long metric(String name) {
    return gateway
        .ops("/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void unfinishedUploadsStayUnderTheBoundAndOthersAreServed() throws IOException {
    for (int i = 0; i < UPLOADS; i++) {
      uploads.add(new Upload(gateway.rpcAddress()));
    }
    long most = 0;
    for (int i = 0; i < 20; i++) {
      uploads.forEach(Upload::push);
      try (RawClient other = gateway.client()) {
        assertEquals(200, other.call("/c", CALL).status());
      }
      most = Math.max(most, metric("fairlead_direct_memory_used_bytes"));
    }
    long held = most;
    assertTrue(held < BOUND_BYTES, () -> "buffers held " + held + " bytes");
    Eventually.holds(
        "a large unfinished request is given up and its client told",
        Duration.ofSeconds(30),
        () -> {
          uploads.forEach(Upload::push);
          return uploads.stream().anyMatch(upload -> upload.isTold("429"));
        });
    assertTrue(metric("fairlead_refused_total{reason=\"no_memory\"") > 0);
    for (Upload upload : uploads) {
      upload.channel.close();
    }
    Eventually.holds(
        "all is well again", Duration.ofSeconds(30), () -> metric("fairlead_memory_stage") == 0);
    Eventually.holds(
        "nobody is connected", Duration.ofSeconds(30), () -> metric("fairlead_connections{") == 0);
  }
}
