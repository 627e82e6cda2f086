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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pool promises, over real sockets; each transport is held to it. */
abstract class UpstreamPoolLaws extends ReuseLaws {
  UpstreamPoolLaws(Transport transport) {
    super(transport);
  }

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

  @Test
  void aCancelWhileConnectingKeepsTheConnectionForTheNext() {
    ScriptedServer server = open(ScriptedServer.answering(ok("{}")));
    PoolFixture fixture = poolFor(server);
    UpstreamPool pool = fixture.pool();
    Answer cancelled = new Answer();
    fixture.run(
        () -> {
          UpstreamExchange exchange = pool.post(fixture.body("x"), false, cancelled);
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
    fixture.run(() -> pool.post(fixture.body("x"), false, late));
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
