package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pool promises of its connections: which are reused, and what their ends mean. */
abstract class ReuseLaws extends AnswerLaws {
  private static final long SECOND_NANOS = 1_000_000_000L;

  ReuseLaws(Transport transport) {
    super(transport);
  }

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

  @Test
  void theKernelIsAskedForTheRoundTripOnceASecondAndNoRequestIsSentForIt() {
    AtomicLong now = new AtomicLong(-5);
    AtomicInteger requests = new AtomicInteger();
    ScriptedServer server =
        serve(
            peer -> {
              while (peer.readRequest() != null) {
                requests.incrementAndGet();
                peer.send(ok("{}"));
              }
            });
    PoolFixture fixture = poolFor(server, PoolFixture.Options.DEFAULT.withClock(now::get));
    int expected = transport == Transport.NIO ? 0 : 1;
    use(fixture);
    now.addAndGet(UpstreamPool.RTT_PERIOD_NANOS - 1);
    use(fixture);
    assertEquals(0, fixture.kernelRtts.size());
    now.addAndGet(1);
    use(fixture);
    use(fixture);
    assertEquals(expected, fixture.kernelRtts.size());
    now.addAndGet(UpstreamPool.RTT_PERIOD_NANOS);
    use(fixture);
    assertEquals(2 * expected, fixture.kernelRtts.size());
    fixture.kernelRtts.forEach(rtt -> assertTrue(rtt > 0 && rtt < SECOND_NANOS, "" + rtt));
    assertEquals(1, server.connections());
    assertEquals(5, requests.get());
  }

  private void use(PoolFixture fixture) {
    assertEquals("{}", fixture.post("{}").text());
    awaitIdle(fixture, 1);
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
}
