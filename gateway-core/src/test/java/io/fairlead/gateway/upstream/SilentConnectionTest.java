package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawHttp2;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Time on a connection of HTTP/2: silence and idleness, with a clock that is set by hand. */
class SilentConnectionTest extends Http2Scene {
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(55);

  private final AtomicLong now = new AtomicLong();

  private void sweep(PoolFixture fixture) {
    UpstreamPool pool = fixture.pool();
    now.addAndGet(SECOND_NANOS);
    fixture.run(pool::expireIdle);
  }

  private PoolFixture fixture(ScriptedServer server) {
    return poolFor(server, OPTIONS.withClock(now::get));
  }

  @Test
  void aPathThatIsDeadIsPassedOverAndThenClosedThoughEveryCallWasGivenUp() {
    AtomicBoolean pinged = new AtomicBoolean();
    ScriptedServer server =
        serveFrames(
            peer -> {
              if (peer.number() > 0) {
                peer.echo();
              }
              peer.answer(peer.request().stream(), "settle");
              while (true) {
                pinged.compareAndSet(false, peer.readSilently().type() == RawHttp2.PING);
              }
            });
    PoolFixture fixture = fixture(server);
    settle(fixture);
    sweep(fixture);
    Answer lost = new Answer();
    UpstreamExchange exchange = fixture.post("lost", lost);
    fixture.run(exchange::cancel);
    sweep(fixture);
    Eventually.holds("a PING", LIMIT, pinged::get);
    sweep(fixture);
    assertEquals("elsewhere", fixture.post("elsewhere").text());
    assertEquals(2, fixture.connections());
    for (int i = 0; i < 3; i++) {
      sweep(fixture);
      assertEquals(2, fixture.connections(), "sweeps: " + i);
    }
    sweep(fixture);
    Eventually.holds("the dead one is gone", LIMIT, () -> fixture.connections() == 1);
    assertEquals(0, lost.callbacks());
  }

  @Test
  void callsOnADeadPathFailWhenItIsGivenUp() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              while (true) {
                peer.readSilently();
              }
            });
    PoolFixture fixture = fixture(server);
    Answer answer = fixture.post("x");
    Eventually.holds(
        "given up",
        LIMIT,
        () -> {
          sweep(fixture);
          return answer.callbacks() > 0;
        });
    ExchangeFailure failure = answer.awaitFailure();
    assertEquals(Kind.CLOSED_EARLY, failure.kind());
    assertTrue(failure.maybeProcessed());
  }

  @Test
  void aServerThatTakesItsTimeAndAnswersPingsKeepsItsCalls() {
    CountDownLatch waited = new CountDownLatch(1);
    AtomicInteger pings = new AtomicInteger();
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.answer(peer.request().stream(), "settle");
              FramePeer.Request request = peer.request();
              while (pings.get() < 4) {
                peer.readUntil(RawHttp2.PING);
                pings.incrementAndGet();
              }
              awaitLatch(waited);
              peer.answer(request.stream(), "at last");
              peer.echo();
            });
    PoolFixture fixture = fixture(server);
    settle(fixture);
    Answer answer = fixture.post("x");
    UpstreamPool pool = fixture.pool();
    Eventually.holds(
        "four PINGs",
        LIMIT,
        () -> {
          fixture.run(pool::expireIdle);
          now.addAndGet(SECOND_NANOS);
          return pings.get() == 4;
        });
    waited.countDown();
    assertEquals("at last", answer.text());
    assertEquals(1, server.connections());
  }

  @Test
  void aConnectionWithoutCallsIsNotAskedForLife() {
    AtomicInteger pings = new AtomicInteger();
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.answer(peer.request().stream(), "settle");
              RawHttp2.Frame frame = peer.read();
              for (; frame.type() != RawHttp2.DATA; frame = peer.read()) {
                pings.addAndGet(frame.type() == RawHttp2.PING ? 1 : 0);
              }
              peer.answer(frame.stream(), "ok");
            });
    PoolFixture fixture = fixture(server);
    settle(fixture);
    for (int i = 0; i < 20; i++) {
      sweep(fixture);
    }
    assertEquals("ok", fixture.post("x").text());
    assertEquals(0, pings.get());
  }

  @Test
  void anIdleConnectionIsReplacedWhenItIsOldAndNotForEver() {
    ScriptedServer server = serveFrames(FramePeer::echo);
    PoolFixture fixture = fixture(server);
    UpstreamPool pool = fixture.pool();
    assertEquals("x", fixture.post("x").text());
    now.set(IDLE_NANOS * 9 / 10 - 1);
    fixture.run(pool::expireIdle);
    assertEquals(1, fixture.idle());
    for (int i = 0; i < UpstreamPool.WARM_REPLACEMENTS; i++) {
      awaitIdle(fixture, 1);
      now.addAndGet(IDLE_NANOS);
      fixture.run(pool::expireIdle);
    }
    awaitIdle(fixture, 1);
    Eventually.holds(
        "all replacements",
        LIMIT,
        () -> server.connections() == UpstreamPool.WARM_REPLACEMENTS + 1);
    now.addAndGet(IDLE_NANOS);
    fixture.run(pool::expireIdle);
    Eventually.holds("no connection", LIMIT, () -> fixture.connections() == 0);
  }

  @Test
  void warmingOpensOneConnectionAheadOfUse() {
    ScriptedServer server = serveFrames(FramePeer::echo);
    PoolFixture fixture = fixture(server);
    UpstreamPool pool = fixture.pool();
    fixture.run(
        () -> {
          pool.warm();
          pool.warm();
        });
    awaitIdle(fixture, 1);
    fixture.run(pool::warm);
    assertEquals("x", fixture.post("x").text());
    assertEquals(1, server.connections());
    assertEquals(1, fixture.rtts.size());
  }
}
