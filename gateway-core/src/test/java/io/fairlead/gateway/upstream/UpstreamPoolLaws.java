package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pool promises, over real sockets; each transport is held to it. */
abstract class UpstreamPoolLaws {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Transport transport;
  private final List<AutoCloseable> opened = new ArrayList<>();

  UpstreamPoolLaws(Transport transport) {
    this.transport = transport;
  }

  @BeforeEach
  void transportWorks() {
    Assumptions.assumeTrue(transport.isAvailable(), transport.label() + " does not work here");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  private ScriptedServer serve(ScriptedServer.Script script) {
    return open(new ScriptedServer(script));
  }

  private PoolFixture poolFor(ScriptedServer server) {
    return open(new PoolFixture(transport, "http://127.0.0.1:" + server.port() + "/"));
  }

  private PoolFixture poolFor(ScriptedServer server, PoolFixture.Options options) {
    return open(new PoolFixture(transport, "http://127.0.0.1:" + server.port() + "/", options));
  }

  private void awaitIdle(PoolFixture fixture, int count) {
    Eventually.holds(count + " idle connections", LIMIT, () -> fixture.idle() == count);
  }

  // ---- requests

  @Test
  void aRequestIsExactlyTheEncodedHeadAndTheBody() {
    CompletableFuture<String> request = new CompletableFuture<>();
    ScriptedServer server =
        serve(
            peer -> {
              request.complete(peer.request());
              peer.send(ok("{}"));
              peer.awaitEnd();
            });
    PoolFixture fixture =
        open(new PoolFixture(transport, "http://127.0.0.1:" + server.port() + "/k?a=b"));
    UpstreamAddress address =
        UpstreamAddress.parse(
            "http://127.0.0.1:" + server.port() + "/k?a=b", Map.of("Authorization", "Bearer t"));
    fixture.apply(List.of(new PoolSpec(0, address, 8)));
    Answer answer = fixture.post("{\"id\":1}");
    assertEquals("{}", answer.text());
    assertEquals(200, answer.status());
    assertEquals(2, answer.contentLength);
    assertEquals(
        "POST /k?a=b HTTP/1.1\r\nHost: 127.0.0.1:"
            + server.port()
            + "\r\nUser-Agent: fairlead\r\nAccept: application/json\r\n"
            + "Content-Type: application/json\r\nAuthorization: Bearer t\r\n"
            + "Content-Length: 8\r\n\r\n{\"id\":1}",
        request.join());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10, 1023, 1024, 1025, 65_535, 65_536, 65_537, 5_000_000})
  void aBodyOfAnySizeArrivesWholeAndIsNotTouched(int length) {
    ScriptedServer server =
        serve(
            peer -> {
              String request = peer.request();
              String body = request.substring(request.indexOf("\r\n\r\n") + 4);
              peer.send(ok(body.length() + ":" + body.hashCode()));
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server);
    String text = "0123456789".repeat(length / 10 + 1).substring(0, length);
    ByteBuf body = fixture.body(text);
    body.retain();
    UpstreamPool pool = fixture.pool();
    Answer answer = new Answer();
    fixture.call(() -> pool.post(body, answer));
    assertEquals(length + ":" + text.hashCode(), answer.text());
    assertEquals(0, body.readerIndex());
    assertEquals(length, body.readableBytes());
    assertEquals(1, body.refCnt());
    body.release();
  }

  // ---- answers

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 P\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
      })
  void anAnswerIsDeliveredByteForByteAndTheConnectionKept(String wire) {
    ScriptedServer server =
        serve(
            peer -> {
              while (peer.readRequest() != null) {
                for (int i = 0; i < wire.length(); i++) {
                  peer.send(wire.substring(i, i + 1));
                }
              }
            });
    PoolFixture fixture = poolFor(server);
    for (int i = 0; i < 3; i++) {
      Answer answer = fixture.post("{}");
      assertEquals("hello", answer.text());
      assertEquals(200, answer.status());
      awaitIdle(fixture, 1);
    }
    assertEquals(1, server.connections());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\n\r\nhello"
      })
  void anAnswerThatEndsTheConnectionIsWholeButTheConnectionIsNotReused(String wire) {
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(wire);
            });
    PoolFixture fixture = poolFor(server);
    assertEquals("hello", fixture.post("{}").text());
    assertEquals("hello", fixture.post("{}").text());
    assertEquals(2, server.connections());
    Eventually.holds("no connection", LIMIT, () -> fixture.connections() == 0);
  }

  @Test
  void anErrorStatusIsAnAnswer() {
    ScriptedServer server =
        open(ScriptedServer.answering("HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\nx"));
    PoolFixture fixture = poolFor(server);
    Answer answer = fixture.post("{}");
    assertEquals("x", answer.text());
    assertEquals(503, answer.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH_9.9\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n"
      })
  void anAnswerThatIsNotStrictHttpIsMalformed(String wire) {
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(wire);
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server);
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.MALFORMED, failure.kind(), failure::text);
    assertTrue(failure.maybeProcessed());
    Eventually.holds("no connection", LIMIT, () -> fixture.connections() == 0);
  }

  @Test
  void aHeadBeyondTheLimitsIsMalformed() {
    ScriptedServer server =
        serve(
            peer -> {
              String request = peer.request();
              if (request.endsWith("size")) {
                peer.send("HTTP/1.1 200 OK\r\nX: " + "x".repeat(33 * 1024) + "\r\n\r\n");
              } else if (request.endsWith("line")) {
                peer.send("HTTP/1.1 200 " + "x".repeat(9 * 1024) + "\r\n\r\n");
              } else if (request.endsWith("interim")) {
                peer.send("HTTP/1.1 100 Continue\r\n\r\n".repeat(9));
              } else {
                peer.send("HTTP/1.1 200 OK\r\n" + "X: x\r\n".repeat(101) + "\r\n");
              }
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server);
    for (String what : List.of("size", "line", "interim", "count")) {
      ExchangeFailure failure = fixture.post(what).awaitFailure();
      assertEquals(Kind.MALFORMED, failure.kind(), failure::text);
    }
  }

  // ---- reuse

  @Test
  void theConnectionUsedLastIsUsedNext() {
    CountDownLatch both = new CountDownLatch(2);
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              both.countDown();
              awaitLatch(both);
              peer.send(ok("" + peer.number()));
              while (peer.readRequest() != null) {
                peer.send(ok("" + peer.number()));
              }
            });
    PoolFixture fixture = poolFor(server);
    Answer first = fixture.post("{}");
    Answer second = fixture.post("{}");
    assertEquals("01", first.text() + second.text());
    awaitIdle(fixture, 2);
    String used = fixture.post("{}").text();
    for (int i = 0; i < 5; i++) {
      awaitIdle(fixture, 2);
      assertEquals(used, fixture.post("{}").text());
    }
    assertEquals(2, server.connections());
    assertEquals(2, fixture.rtts.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"})
  void aConnectionWithBytesBehindTheAnswerIsNotReused(String junk) {
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(ok("{}") + junk);
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server);
    assertEquals("{}", fixture.post("{}").text());
    Eventually.holds("closed", LIMIT, () -> fixture.connections() == 0);
    assertEquals("{}", fixture.post("{}").text());
    assertEquals(2, server.connections());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\r\n", "HTTP/1.1 408 Request Timeout\r\n\r\n"})
  void bytesOnAnIdleConnectionCloseIt(String junk) {
    CountDownLatch parked = new CountDownLatch(1);
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(ok("{}"));
              awaitLatch(parked);
              peer.send(junk);
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server);
    assertEquals("{}", fixture.post("{}").text());
    awaitIdle(fixture, 1);
    parked.countDown();
    Eventually.holds("closed", LIMIT, () -> fixture.connections() == 0);
  }

  @Test
  void aConnectionThatTheUpstreamClosesWhileIdleLeavesThePool() {
    CountDownLatch parked = new CountDownLatch(1);
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(ok("{}"));
              awaitLatch(parked);
            });
    PoolFixture fixture = poolFor(server);
    assertEquals("{}", fixture.post("{}").text());
    awaitIdle(fixture, 1);
    parked.countDown();
    Eventually.holds("gone", LIMIT, () -> fixture.connections() == 0);
    assertEquals(0, fixture.idle());
    assertEquals("{}", fixture.post("{}").text());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReusedConnectionThatEndsBeforeTheAnswerIsStale(boolean reset) {
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(ok("{}"));
              peer.readRequest();
              if (reset) {
                peer.reset();
              }
            });
    PoolFixture fixture = poolFor(server);
    assertEquals("{}", fixture.post("{}").text());
    awaitIdle(fixture, 1);
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.STALE_CONNECTION, failure.kind(), failure::text);
    assertEquals("{}", fixture.post("{}").text());
  }

  @Test
  void anAnswerBeforeTheRequestIsWholeEndsTheConnection() {
    ScriptedServer server =
        serve(
            peer -> {
              peer.readByte();
              peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
              awaitLatch(new CountDownLatch(1));
            });
    PoolFixture fixture = poolFor(server);
    Answer answer = fixture.post("x".repeat(20_000_000));
    assertEquals("no", answer.text());
    assertEquals(413, answer.status());
    Eventually.holds("closed", LIMIT, () -> fixture.connections() == 0);
  }

  // ---- early ends

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"
      })
  void anAnswerThatIsCutIsNeverWhole(String wire) {
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(wire);
            });
    PoolFixture fixture = poolFor(server);
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.CLOSED_EARLY, failure.kind(), failure::text);
    assertTrue(failure.maybeProcessed());
    Eventually.holds("no connection", LIMIT, () -> fixture.connections() == 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nh"
      })
  void aResetIsAFailureEvenWhereACloseWouldEndTheAnswer(String wire) {
    CountDownLatch seen = new CountDownLatch(wire.isEmpty() ? 0 : 1);
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(wire);
              awaitLatch(seen);
              peer.reset();
            });
    PoolFixture fixture = poolFor(server);
    Answer answer = fixture.post("{}");
    if (!wire.isEmpty()) {
      answer.awaitHead();
      seen.countDown();
    }
    ExchangeFailure failure = answer.awaitFailure();
    assertEquals(Kind.RESET, failure.kind(), failure::text);
  }

  // ---- connecting

  @Test
  void aRefusedConnectionSaysThatNothingWasProcessed() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    PoolFixture fixture = open(new PoolFixture(transport, "http://127.0.0.1:" + port + "/key-1"));
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.CONNECT_REFUSED, failure.kind(), failure::text);
    assertFalse(failure.maybeProcessed());
    assertFalse(failure.text().contains("key-1"), failure.text());
    assertEquals(0, fixture.connections());
  }

  @Test
  void aConnectionThatIsNotAnsweredTimesOut() throws Exception {
    try (BlackHole hole = new BlackHole()) {
      PoolFixture fixture =
          open(
              new PoolFixture(
                  transport,
                  "http://127.0.0.1:" + hole.port(),
                  PoolFixture.Options.DEFAULT.withPolicy(
                      new ConnectionPolicy(
                          Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(1)))));
      ExchangeFailure failure = fixture.post("{}").awaitFailure();
      assertEquals(Kind.CONNECT_TIMEOUT, failure.kind(), failure::text);
      assertFalse(failure.maybeProcessed());
      assertEquals(0, fixture.connections());
    }
  }

  @Test
  void beyondItsConnectionsAPoolFailsAtOnce() {
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server, PoolFixture.Options.DEFAULT.withMaxConnections(2));
    List<UpstreamExchange> held =
        List.of(fixture.post("{}", new Answer()), fixture.post("{}", new Answer()));
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.AT_CAPACITY, failure.kind());
    assertFalse(failure.maybeProcessed());
    fixture.run(() -> held.forEach(UpstreamExchange::cancel));
  }

  // ---- cancel

  @Test
  void aCancelWhileConnectingKeepsTheConnectionForTheNext() {
    ScriptedServer server = open(ScriptedServer.answering(ok("{}")));
    PoolFixture fixture = poolFor(server);
    UpstreamPool pool = fixture.pool();
    Answer cancelled = new Answer();
    fixture.run(
        () -> {
          UpstreamExchange exchange = pool.post(fixture.body("x"), cancelled);
          exchange.cancel();
          exchange.cancel();
          cancelled.mayBeCalled(false);
        });
    awaitIdle(fixture, 1);
    assertEquals("{}", fixture.post("{}").text());
    assertEquals(1, server.connections());
    assertEquals(0, cancelled.callbacks());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"
      })
  void aCancelClosesTheConnectionAndSilencesTheListener(String wire) {
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send(wire);
              sent.countDown();
              try {
                peer.awaitEnd();
              } finally {
                ended.countDown();
              }
            });
    PoolFixture fixture = poolFor(server);
    Answer answer = new Answer();
    UpstreamExchange exchange = fixture.post("x".repeat(2000), answer);
    awaitLatch(sent);
    if (wire.endsWith("\r\n\r\n") || wire.endsWith("hel")) {
      answer.awaitHead();
    }
    fixture.run(
        () -> {
          exchange.cancel();
          answer.mayBeCalled(false);
        });
    awaitLatch(ended);
    Eventually.holds("closed", LIMIT, () -> fixture.connections() == 0);
    fixture.run(exchange::cancel);
    assertEquals(null, answer.failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "content", "complete"})
  void aCallbackMayCancelItsExchange(String where) {
    ScriptedServer server = open(ScriptedServer.answering(ok("hello")));
    PoolFixture fixture = poolFor(server);
    AtomicReference<@Nullable UpstreamExchange> exchange = new AtomicReference<>();
    CompletableFuture<String> last = new CompletableFuture<>();
    Answer answer = new CancellingAnswer(where, exchange, last);
    fixture.run(() -> exchange.set(fixture.post0("x", answer)));
    assertEquals(where, last.join());
    assertEquals("hello", fixture.post("{}").text());
  }

  private static final class CancellingAnswer extends Answer {
    private final String where;
    private final AtomicReference<@Nullable UpstreamExchange> exchange;
    private final CompletableFuture<String> last;

    CancellingAnswer(
        String where,
        AtomicReference<@Nullable UpstreamExchange> exchange,
        CompletableFuture<String> last) {
      this.where = where;
      this.exchange = exchange;
      this.last = last;
    }

    private void at(String place) {
      if (place.equals(where)) {
        Objects.requireNonNull(exchange.get()).cancel();
        last.complete(place);
        mayBeCalled(false);
      }
    }

    @Override
    public void onHead(
        int status, io.netty.handler.codec.http.HttpHeaders headers, long contentLength) {
      super.onHead(status, headers, contentLength);
      at("head");
    }

    @Override
    public void onContent(ByteBuf chunk) {
      super.onContent(chunk);
      at("content");
    }

    @Override
    public void onComplete() {
      super.onComplete();
      at("complete");
    }
  }

  // ---- back-pressure

  @Test
  void aSlowReaderHoldsMemoryFlat() {
    int total = 50 * 1024 * 1024;
    ScriptedServer server =
        serve(
            peer -> {
              peer.readRequest();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + total + "\r\n\r\n");
              byte[] piece = new byte[64 * 1024];
              for (int sent = 0; sent < total; sent += piece.length) {
                peer.send(piece);
              }
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server);
    SlowAnswer answer = new SlowAnswer(fixture);
    fixture.run(() -> answer.exchange = fixture.post0("{}", answer));
    answer.awaitHead();
    for (int i = 0; i < 200; i++) {
      fixture.run(() -> {});
    }
    assertTrue(
        answer.receivedBytes() <= 2 * 1024 * 1024, () -> "stopped at " + answer.receivedBytes());
    fixture.run(answer::goOn);
    answer.await();
    assertEquals(total, answer.receivedBytes());
    assertTrue(answer.mostBytes <= 16 * 1024 * 1024, () -> "most: " + answer.mostBytes);
    awaitIdle(fixture, 1);
    assertEquals(1, server.connections());
  }

  /** Stops reading with each chunk and goes on a task later. */
  private static final class SlowAnswer extends Answer {
    private final PoolFixture fixture;
    private @Nullable UpstreamExchange exchange;
    private volatile boolean going;
    private volatile long mostBytes;

    SlowAnswer(PoolFixture fixture) {
      this.fixture = fixture;
    }

    @Override
    public void onContent(ByteBuf chunk) {
      mostBytes = Math.max(mostBytes, fixture.usedDirectBytes());
      setReading(false);
      super.onContent(chunk);
      if (going) {
        fixture.loop.eventLoop().execute(() -> setReading(true));
      }
    }

    void goOn() {
      going = true;
      setReading(true);
    }

    private void setReading(boolean on) {
      if (exchange != null) {
        exchange.setReading(on);
      }
    }

    @Override
    void keep(byte[] bytes) {}
  }

  // ---- reload

  @Test
  void aDroppedPoolClosesIdleConnectionsAndLetsActiveOnesFinish() {
    CountDownLatch dropped = new CountDownLatch(1);
    ScriptedServer server =
        serve(
            peer -> {
              String request = peer.request();
              if (request.endsWith("slow")) {
                awaitLatch(dropped);
              }
              peer.send(ok("{}"));
              peer.awaitEnd();
            });
    PoolFixture fixture = poolFor(server);
    Answer slow = fixture.post("slow");
    assertEquals("{}", fixture.post("{}").text());
    awaitIdle(fixture, 1);
    UpstreamPool pool = fixture.pool();
    fixture.apply(List.of());
    assertEquals(null, fixture.call(() -> fixture.pools.pool(0)));
    Eventually.holds("only the active one", LIMIT, () -> fixture.call(pool::connections) == 1);
    dropped.countDown();
    assertEquals("{}", slow.text());
    Eventually.holds("none", LIMIT, () -> fixture.call(pool::connections) == 0);
    Answer late = new Answer();
    fixture.run(() -> pool.post(fixture.body("x"), late));
    assertEquals(Kind.POOL_CLOSED, late.awaitFailure().kind());
  }

  @Test
  void aReloadKeepsThePoolOfAnUnchangedUpstream() {
    ScriptedServer server = open(ScriptedServer.answering(ok("{}")));
    PoolFixture fixture = poolFor(server);
    UpstreamPool pool = fixture.pool();
    UpstreamAddress same = PoolFixture.address("http://127.0.0.1:" + server.port() + "/");
    fixture.apply(List.of(new PoolSpec(0, same, Integer.MAX_VALUE), new PoolSpec(5, same, 1)));
    assertEquals(pool, fixture.pool());
    UpstreamAddress other = PoolFixture.address("http://127.0.0.1:" + server.port() + "/other");
    fixture.apply(List.of(new PoolSpec(0, other, Integer.MAX_VALUE)));
    assertFalse(pool == fixture.pool());
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("nothing happened within " + LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A port that completes no further connection: its queue of accepted ones is full. */
  private static final class BlackHole implements AutoCloseable {
    private final ServerSocket listener;
    private final List<SocketChannel> fill = new ArrayList<>();

    BlackHole() throws IOException {
      listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      for (int i = 0; i < 8; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
        fill.add(channel);
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel channel : fill) {
        channel.close();
      }
      listener.close();
    }
  }
}
