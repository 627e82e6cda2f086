package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.StubServer.Reply;
import io.fairlead.gateway.testing.StubServer.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One address of a node, through which it can be made to fail: a "region" of the tests.
 *
 * <p>A fault begins and ends for every connection at once. Requests that a black hole has swallowed
 * are answered, late, when it heals.
 *
 * <p>Thread-safety: safe.
 */
public final class FaultProxy implements AutoCloseable {
  private static final long FOREVER_MILLIS = 3_600_000;

  private final JsonRpcClient node;
  private final StubServer server;
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private volatile Phase phase = new Phase(Fault.NONE, 0);

  /** The time from one fault to the next. */
  private record Phase(Fault fault, long headBlocks, CountDownLatch ended) {
    Phase(Fault fault, long headBlocks) {
      this(fault, headBlocks, new CountDownLatch(1));
    }
  }

  /**
   * A proxy without a fault.
   *
   * @param node the node behind it
   */
  public FaultProxy(URI node) {
    this.node = new JsonRpcClient(node);
    this.server = new StubServer(this::handle);
  }

  /**
   * Where it listens.
   *
   * @return its URL
   */
  public URI uri() {
    return server.uri();
  }

  /**
   * Begins a fault, and ends the one before.
   *
   * @param fault what happens from now on
   */
  public void set(Fault fault) {
    long head =
        fault.kind() == Fault.Kind.STALE_HEAD
            ? Long.decode(node.call("eth_blockNumber").asText())
            : 0;
    Phase before = phase;
    phase = new Phase(fault, head);
    if (fault.kind() == Fault.Kind.REFUSE) {
      server.refuse();
    } else {
      server.listen();
    }
    if (fault.kind() == Fault.Kind.RESET) {
      server.resetAll();
    }
    before.ended.countDown();
  }

  /** Ends the fault. */
  public void heal() {
    set(Fault.NONE);
  }

  /**
   * Calls that came for a method, members of batches included.
   *
   * @param method the method
   * @return how many since the start
   */
  public long count(String method) {
    AtomicLong count = counts.get(method);
    return count == null ? 0 : count.get();
  }

  /**
   * HTTP requests that came.
   *
   * @return how many since the start
   */
  public long requests() {
    return requests.get();
  }

  @Override
  public void close() {
    phase.ended.countDown();
    server.close();
  }

  private void handle(Request request, Reply reply) throws IOException {
    JsonNode body = JsonRpcClient.parse(request.body());
    requests.incrementAndGet();
    count(body);
    Phase now = phase;
    switch (now.fault.kind()) {
      case DELAY -> {
        Eventually.await(now.ended, now.fault.millis());
        forward(request, reply);
      }
      case BLACK_HOLE -> {
        Eventually.await(now.ended, FOREVER_MILLIS);
        forward(request, reply);
      }
      case REFUSE, RESET -> reply.reset();
      case HTTP_500 -> reply.send(500, Map.of("Content-Type", "text/html"), html("500"));
      case HTTP_503 -> reply.send(503, Map.of(), new byte[0]);
      case HTTP_429 -> reply.send(429, Map.of("Retry-After", "1"), html("429"));
      case CUT_BODY -> cut(request, reply);
      case STALE_HEAD ->
          reply.json(JsonRpcClient.write(new LaggingNode(node, now.headBlocks).answer(body)));
      case NONE -> forward(request, reply);
    }
  }

  private void forward(Request request, Reply reply) throws IOException {
    HttpResponse<byte[]> answer = node.send(request.body());
    reply.send(answer.statusCode(), Map.of("Content-Type", "application/json"), answer.body());
  }

  private void cut(Request request, Reply reply) throws IOException {
    byte[] answer = node.send(request.body()).body();
    reply.head(200, Map.of("Content-Type", "application/json"), answer.length);
    reply.write(answer, answer.length / 2);
    reply.close();
  }

  private void count(JsonNode body) {
    if (body.isArray()) {
      body.forEach(this::count);
    } else {
      counts.computeIfAbsent(body.path("method").asText(), m -> new AtomicLong()).incrementAndGet();
    }
  }

  private static byte[] html(String text) {
    return ("<html><body>" + text + "</body></html>").getBytes(StandardCharsets.UTF_8);
  }
}
