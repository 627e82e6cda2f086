package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawHttp2;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What becomes of exchanges when their stream, or the connection they share, ends. */
class SharedConnectionEndsTest extends Http2Scene {
  private static final int FIRST = FramePeer.FIRST_STREAM;

  @Test
  void aRefusedStreamIsBegunAgain() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.reset(peer.request().stream(), 7);
              peer.reset(peer.request().stream(), 7);
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    assertEquals("body", fixture.post("body").text());
    assertEquals(1, server.connections());
  }

  @Test
  void aStreamThatIsAlwaysRefusedFailsAndWasNotProcessed() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              while (true) {
                peer.reset(peer.request().stream(), 7);
              }
            });
    PoolFixture fixture = http2PoolFor(server);
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.RESET, failure.kind());
    assertFalse(failure.maybeProcessed());
  }

  @Test
  void aStreamThatIsResetMayHaveBeenProcessed() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.reset(peer.request().stream(), 2);
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.RESET, failure.kind());
    assertTrue(failure.maybeProcessed());
    assertEquals("y", fixture.post("y").text());
    assertEquals(1, server.connections());
  }

  @Test
  void aRequestThatIsNotSentWholeIsNotProcessed() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.readUntil(RawHttp2.DATA);
              peer.reset(FIRST, 2);
              hold(peer);
            });
    PoolFixture fixture = http2PoolFor(server);
    ExchangeFailure failure = fixture.post("x".repeat(1_000_000)).awaitFailure();
    assertEquals(Kind.RESET, failure.kind());
    assertFalse(failure.maybeProcessed());
  }

  @Test
  void whatAGoAwayLeavesOutGoesToTheNextConnectionAndTheRestEnds() {
    CountDownLatch moved = new CountDownLatch(1);
    ScriptedServer server =
        serveFrames(
            peer -> {
              if (peer.number() == 1) {
                peer.answer(peer.request().stream(), "second");
                moved.countDown();
                peer.echo();
              }
              FramePeer.Request settling = peer.request();
              peer.answer(settling.stream(), "settle");
              peer.request();
              peer.request();
              peer.goAway(FIRST + 2, 0);
              awaitLatch(moved);
              peer.answer(FIRST + 2, "first");
              hold(peer);
            });
    PoolFixture fixture = http2PoolFor(server);
    settle(fixture);
    List<Answer> answers = postTogether(fixture, 2, "x");
    assertEquals("second", answers.get(1).text());
    assertEquals("first", answers.get(0).text());
    Eventually.holds("the first closed", LIMIT, () -> fixture.connections() == 1);
    assertEquals("y", fixture.post("y").text());
    assertEquals(2, server.connections());
  }

  @Test
  void noCallFailsThoughTheServerGoesAwayAllTheTime() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              for (int i = 0; i < 5; i++) {
                FramePeer.Request request = peer.request();
                peer.answer(request.stream(), request.body());
                if (i == 3) {
                  peer.goAway(request.stream(), 0);
                }
                if (i == 3) {
                  hold(peer);
                }
              }
            });
    PoolFixture fixture = http2PoolFor(server);
    for (int i = 0; i < 10; i++) {
      assertEquals("x" + i, fixture.post("x" + i).text());
    }
    for (int round = 0; round < 5; round++) {
      for (Answer answer : postTogether(fixture, 2, "y")) {
        assertEquals("y", answer.text());
      }
    }
    assertTrue(server.connections() >= 5, () -> "" + server.connections());
  }

  @Test
  void aConnectionThatEndsFailsItsCallsAndTheNextOpensAnother() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              if (peer.number() == 0) {
                peer.request();
              } else {
                peer.echo();
              }
            });
    PoolFixture fixture = http2PoolFor(server);
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.CLOSED_EARLY, failure.kind());
    assertTrue(failure.maybeProcessed());
    assertEquals("y", fixture.post("y").text());
    Eventually.holds("one connection", LIMIT, () -> fixture.connections() == 1);
  }

  @Test
  void aUsedConnectionThatEndsBeforeTheAnswerIsStale() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.answer(peer.request().stream(), "ok");
              peer.request();
            });
    PoolFixture fixture = http2PoolFor(server);
    assertEquals("ok", fixture.post("x").text());
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.STALE_CONNECTION, failure.kind(), failure::text);
  }

  @Test
  void callsThatWaitForAHandshakeThatFailsFailWithIt() throws Exception {
    int port;
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    PoolFixture fixture =
        open(new PoolFixture(transport, "http://127.0.0.1:" + port + "/", OPTIONS));
    for (Answer answer : postTogether(fixture, 3, "x")) {
      ExchangeFailure failure = answer.awaitFailure();
      assertEquals(Kind.CONNECT_REFUSED, failure.kind());
      assertFalse(failure.maybeProcessed());
    }
    assertEquals(0, fixture.connections());
  }

  @Test
  void aServerThatSpeaksNoHttp2IsRefused() {
    ScriptedServer server =
        serve(
            peer -> {
              peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
              while (!peer.awaitEnd()) {
                // Reads on, so that the end is no reset.
              }
            });
    PoolFixture fixture = http2PoolFor(server);
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.MALFORMED, failure.kind(), failure::text);
    Eventually.holds("closed", LIMIT, () -> fixture.connections() == 0);
  }

  @Test
  void aDroppedPoolLetsItsCallsEndAndThenCloses() {
    CountDownLatch dropped = new CountDownLatch(1);
    AtomicBoolean saidGoodbye = new AtomicBoolean();
    ScriptedServer server =
        serveFrames(
            peer -> {
              FramePeer.Request request = peer.request();
              awaitLatch(dropped);
              peer.answer(request.stream(), "late");
              peer.readUntil(RawHttp2.GOAWAY);
              saidGoodbye.set(true);
              hold(peer);
            });
    PoolFixture fixture = http2PoolFor(server);
    Answer answer = fixture.post("x");
    UpstreamPool pool = fixture.pool();
    fixture.apply(List.of());
    dropped.countDown();
    assertEquals("late", answer.text());
    Eventually.holds("closed", LIMIT, () -> fixture.call(pool::connections) == 0);
    Eventually.holds("with GOAWAY", LIMIT, saidGoodbye::get);
    Answer late = new Answer();
    fixture.run(() -> pool.post(body(fixture), false, late));
    assertEquals(Kind.POOL_CLOSED, late.awaitFailure().kind());
  }

  private static ByteBuf body(PoolFixture fixture) {
    return fixture.body("x");
  }
}
