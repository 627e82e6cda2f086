package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.StubNode.Call;
import io.fairlead.gateway.testing.StubServer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A node that gives the logs of a ledger, within limits such as providers have. */
final class LogNode implements AutoCloseable {
  final StubNode stub;
  final AtomicInteger refusals = new AtomicInteger();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  volatile int mostBlocks = Integer.MAX_VALUE;
  volatile int mostResults = Integer.MAX_VALUE;
  volatile int mostAddresses = Integer.MAX_VALUE;
  volatile int failPercent;
  volatile long deadFrom = Long.MAX_VALUE;
  volatile Words words = Words.TOLD;
  volatile int latencyMillis;
  private final AtomicInteger atOnce = new AtomicInteger();
  private final LogLedger ledger;
  private final long head;
  private final Random random;

  /** How it refuses. */
  enum Words {
    TOLD,
    UNTOLD,
    SUGGESTS
  }

  LogNode(String name, LogLedger ledger, long head, long seed) {
    this.ledger = ledger;
    this.head = head;
    this.random = new Random(seed);
    this.stub = new StubNode(name, 1);
    stub.head(head);
    stub.on("eth_getLogs", this::answer);
  }

  private void answer(Call call, Reply reply) throws IOException {
    int now = atOnce.incrementAndGet();
    mostAtOnce.accumulateAndGet(now, Math::max);
    try {
      tryAnswer(call, reply);
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private void tryAnswer(Call call, Reply reply) throws IOException {
    pause();
    JsonNode filter = call.json().get("params").get(0);
    long from = LogLedger.bound(filter.path("fromBlock"), head);
    long blocks = LogLedger.bound(filter.path("toBlock"), head) - from + 1;
    List<String> logs = ledger.answer(filter, head);
    if (blocks > mostBlocks) {
      refuse(call, reply, tooWide());
    } else if (filter.path("address").size() > mostAddresses) {
      refuse(call, reply, "please specify less number of addresses");
    } else if (logs.size() > mostResults && blocks > 1) {
      refuse(call, reply, tooMany(from, blocks));
    } else if (from >= deadFrom) {
      reply.send(503, Map.of(), new byte[0]);
    } else if (fails()) {
      fail(call, reply, logs);
    } else {
      reply.json(call.result("[" + String.join(",", logs) + "]"));
    }
  }

  private void pause() throws IOException {
    try {
      if (latencyMillis > 0 && new CountDownLatch(1).await(latencyMillis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody opens it");
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private String tooWide() {
    return words == Words.TOLD
        ? "exceed maximum block range: " + mostBlocks
        : "block range is too wide";
  }

  private String tooMany(long from, long blocks) {
    String text = "query returned more than " + mostResults + " results";
    return words == Words.SUGGESTS
        ? String.format(
            Locale.ROOT,
            "%s. Try with this block range [0x%x, 0x%x].",
            text,
            from,
            from + Math.max(1, blocks / 3) - 1)
        : text;
  }

  private void refuse(Call call, Reply reply, String text) throws IOException {
    refusals.incrementAndGet();
    reply.json(call.error("{\"code\":-32005,\"message\":\"" + text + "\"}"));
  }

  private synchronized boolean fails() {
    return random.nextInt(100) < failPercent;
  }

  private synchronized int kind() {
    return random.nextInt(3);
  }

  private void fail(Call call, Reply reply, List<String> logs) throws IOException {
    switch (kind()) {
      case 0 -> reply.send(503, Map.of(), new byte[0]);
      case 1 -> reply.reset();
      default -> {
        byte[] whole =
            call.result("[" + String.join(",", logs) + "]").getBytes(StandardCharsets.UTF_8);
        reply.head(200, Map.of("Content-Type", "application/json"), whole.length);
        reply.write(whole, whole.length / 2);
        reply.close();
      }
    }
  }

  /** Log queries that it got. */
  long queries() {
    return stub.count("eth_getLogs");
  }

  @Override
  public void close() {
    stub.close();
  }
}
