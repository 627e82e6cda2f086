package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A 50 MB trace passes through the gateway, not into it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BigAnswerTest {
  private static final int SIZE = 50_000_000;
  private static final String TRACE =
      "{\"jsonrpc\":\"2.0\",\"id\":\"big\",\"method\":\"debug_traceTransaction\",\"params\":[\"0x1\"]}";
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";
  private static final long MOST_DIRECT_BYTES = 16_000_000;

  private final AtomicLong sent = new AtomicLong();
  private final StubNode node = new StubNode("node", 1);
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              chains:
                ethereum:
                  chainId: 1
                  methods: { allow: ["debug_*"] }
                  upstreams: [ { id: one, url: "%s" } ]
              """,
              node.uri()));

  BigAnswerTest() {
    node.on(
        "debug_traceTransaction",
        (call, reply) -> {
          byte[] start =
              "{\"jsonrpc\":\"2.0\",\"id\":\"big\",\"result\":\"".getBytes(StandardCharsets.UTF_8);
          byte[] end = "\"}".getBytes(StandardCharsets.UTF_8);
          reply.head(
              200, Map.of("Content-Type", "application/json"), start.length + SIZE + end.length);
          reply.write(start, start.length);
          byte[] chunk = new byte[50_000];
          Arrays.fill(chunk, (byte) 'a');
          for (int at = 0; at < SIZE; at += chunk.length) {
            reply.write(chunk, chunk.length);
            sent.addAndGet(chunk.length);
          }
          reply.write(end, end.length);
        });
  }

  @AfterAll
  void stop() {
    gateway.close();
    node.close();
  }

  @Test
  void aSlowReaderHoldsUpTheNodeAndNobodyElse() throws IOException {
    try (RawClient slow = gateway.client();
        RawClient quick = gateway.client()) {
      quick.call("/ethereum", BALANCE);
      long directBefore = PlatformDependent.usedDirectMemory();
      sent.set(0);
      slow.post("/ethereum", TRACE);
      awaitStandstill();
      assertTrue(sent.get() < SIZE / 2, "the node could send " + sent + " bytes");
      for (int i = 0; i < 100; i++) {
        assertEquals(200, quick.call("/ethereum", BALANCE).status());
      }
      long direct = PlatformDependent.usedDirectMemory() - directBefore;
      assertTrue(direct < MOST_DIRECT_BYTES, direct + " bytes of direct memory");
      readWhole(slow);
      long after = PlatformDependent.usedDirectMemory() - directBefore;
      assertTrue(after < MOST_DIRECT_BYTES, after + " bytes of direct memory");
    }
  }

  @Test
  void memoryStaysFlatWhateverPasses() throws IOException {
    try (RawClient client = gateway.client()) {
      client.post("/ethereum", TRACE);
      readWhole(client);
      long heap = usedHeap();
      long direct = PlatformDependent.usedDirectMemory();
      for (int i = 0; i < 4; i++) {
        client.post("/ethereum", TRACE);
        readWhole(client);
        assertTrue(PlatformDependent.usedDirectMemory() - direct < MOST_DIRECT_BYTES);
      }
      assertTrue(usedHeap() - heap < SIZE / 2, "the heap grew by " + (usedHeap() - heap));
    }
  }

  /** Reads an answer of the trace without keeping it. */
  private static void readWhole(RawClient client) throws IOException {
    Answer head = client.readHead();
    assertEquals(200, head.status());
    InputStream body = client.body(head);
    byte[] buffer = new byte[1 << 16];
    String start = new String(body.readNBytes(60), StandardCharsets.UTF_8);
    assertTrue(start.contains("\"id\":\"big\""), start);
    long letters = start.chars().filter(c -> c == 'a').count();
    for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
      for (int i = 0; i < count; i++) {
        letters += buffer[i] == 'a' ? 1 : 0;
      }
    }
    assertEquals(SIZE, letters);
  }

  /** Waits until the node cannot send any more. */
  private void awaitStandstill() {
    AtomicLong seen = new AtomicLong(-1);
    AtomicLong still = new AtomicLong();
    Eventually.holds(
        "the node stands still",
        Duration.ofSeconds(20),
        () -> {
          long now = sent.get();
          still.set(now > 0 && seen.getAndSet(now) == now ? still.get() + 1 : 0);
          return still.get() > 60;
        });
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
