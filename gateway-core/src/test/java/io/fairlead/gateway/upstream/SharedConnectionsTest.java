package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawHttp2;
import io.fairlead.gateway.testing.RawHttp2.Frame;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How exchanges share connections of HTTP/2. */
class SharedConnectionsTest extends Http2Scene {
  private static final int FIRST = FramePeer.FIRST_STREAM;

  @Test
  void oneConnectionCarriesManyCallsAndTheyOvertakeEachOther() {
    ScriptedServer server =
        serveFrames(
            peer -> {
              Deque<FramePeer.Request> all = new ArrayDeque<>();
              while (all.size() < 64) {
                all.addFirst(peer.request());
              }
              for (FramePeer.Request request : all) {
                peer.answer(request.stream(), request.body() + request.stream());
              }
              peer.echo();
            },
            FramePeer.MAX_CONCURRENT_STREAMS,
            100);
    PoolFixture fixture = http2PoolFor(server);
    List<Answer> answers = postTogether(fixture, 64, "x");
    for (int i = 0; i < answers.size(); i++) {
      assertEquals("x" + (2 * i + FIRST), answers.get(i).text());
    }
    assertEquals(1, server.connections());
    awaitIdle(fixture, 1);
    UpstreamPool pool = fixture.pool();
    assertEquals(0, fixture.call(pool::active));
  }

  @Test
  void neverMoreStreamsThanTheServerAllowsOnNeverMoreThanTwoConnections() {
    AtomicInteger most = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    CountDownLatch held = new CountDownLatch(1);
    ScriptedServer server =
        serveFrames(
            peer -> {
              Queue<FramePeer.Request> open = new ArrayDeque<>();
              while (true) {
                open.add(peer.request());
                most.accumulateAndGet(open.size(), Math::max);
                if (open.size() == 3 && answered.incrementAndGet() <= 14) {
                  peer.answer(open.remove().stream(), "ok");
                } else if (open.size() == 3) {
                  awaitLatch(held);
                  for (FramePeer.Request request : open) {
                    peer.answer(request.stream(), "ok");
                  }
                  open.clear();
                }
              }
            },
            FramePeer.MAX_CONCURRENT_STREAMS,
            3);
    PoolFixture fixture = http2PoolFor(server);
    List<Answer> answers = postTogether(fixture, 20, "x");
    Eventually.holds("all but those in hand", LIMIT, () -> ended(answers) == 14);
    assertEquals(3, most.get());
    assertEquals(2, server.connections());
    held.countDown();
    answers.forEach(Answer::text);
  }

  private static int ended(List<Answer> answers) {
    return (int) answers.stream().filter(answer -> answer.callbacks() == 3).count();
  }

  @Test
  void theFirstCallDoesNotWaitForTheServersSettingsAndTheOthersDo() {
    AtomicInteger before = new AtomicInteger();
    ScriptedServer server =
        serve(
            raw -> {
              FramePeer peer = FramePeer.silent(raw);
              for (Frame frame = peer.readSilently(); ; frame = peer.readSilently()) {
                before.addAndGet(frame.type() == RawHttp2.HEADERS ? 1 : 0);
                if (frame.type() == RawHttp2.DATA) {
                  break;
                }
              }
              peer.send(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0));
              peer.send(RawHttp2.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0));
              peer.answer(FIRST, "first");
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    List<Answer> answers = postTogether(fixture, 3, "x");
    assertEquals("first", answers.get(0).text());
    assertEquals("x", answers.get(1).text());
    assertEquals("x", answers.get(2).text());
    assertEquals(1, before.get());
    assertEquals(1, server.connections());
  }

  @Test
  void beyondItsLimitAPoolFailsAtOnce() {
    ScriptedServer server = serveFrames(peer -> hold(peer));
    PoolFixture fixture = poolFor(server, OPTIONS.withMaxConnections(2));
    List<UpstreamExchange> held =
        List.of(fixture.post("x", new Answer()), fixture.post("x", new Answer()));
    ExchangeFailure failure = fixture.post("x").awaitFailure();
    assertEquals(Kind.AT_CAPACITY, failure.kind());
    assertFalse(failure.maybeProcessed());
    fixture.run(() -> held.forEach(UpstreamExchange::cancel));
  }

  @Test
  void aCancelResetsTheStreamAndKeepsTheConnection() {
    BlockingQueue<Frame> resets = new LinkedBlockingQueue<>();
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.request();
              resets.add(peer.readUntil(RawHttp2.RST_STREAM));
              peer.answer(FIRST, "late");
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    Answer answer = new Answer();
    UpstreamExchange exchange = fixture.post("x", answer);
    UpstreamPool pool = fixture.pool();
    Eventually.holds("under way", LIMIT, () -> fixture.call(pool::active) == 1);
    fixture.run(
        () -> {
          exchange.cancel();
          answer.mayBeCalled(false);
        });
    assertEquals("next", fixture.post("next").text());
    Frame reset = resets.remove();
    assertEquals(FIRST, reset.stream());
    assertEquals(Http2Error.CANCEL.code(), ByteBuffer.wrap(reset.payload()).getInt());
    assertEquals(1, server.connections());
    assertEquals(0, answer.callbacks());
  }

  @Test
  void manyCancelsAreNotManyResets() {
    int calls = 300;
    CountDownLatch read = new CountDownLatch(1);
    AtomicInteger resets = new AtomicInteger();
    ScriptedServer server =
        serveFrames(
            peer -> {
              for (int i = 0; i <= calls; i++) {
                FramePeer.Request request = peer.request();
                if (i == 0) {
                  peer.answer(request.stream(), "settle");
                }
              }
              read.countDown();
              while (true) {
                Frame frame = peer.read();
                if (frame.type() == RawHttp2.RST_STREAM) {
                  resets.incrementAndGet();
                } else if (frame.type() == RawHttp2.DATA) {
                  for (int stream = FIRST + 2; stream <= frame.stream(); stream += 2) {
                    peer.answer(stream, "late");
                  }
                }
              }
            });
    PoolFixture fixture = http2PoolFor(server);
    settle(fixture);
    List<UpstreamExchange> exchanges = new ArrayList<>();
    fixture.run(
        () -> {
          for (int i = 0; i < calls; i++) {
            Answer answer = new Answer();
            exchanges.add(fixture.post0("x", answer));
          }
        });
    awaitLatch(read);
    fixture.run(() -> exchanges.forEach(UpstreamExchange::cancel));
    assertEquals("late", fixture.post("last").text());
    assertEquals(100, resets.get());
    UpstreamPool pool = fixture.pool();
    Eventually.holds("no stream is left", LIMIT, () -> fixture.call(pool::active) == 0);
    assertEquals(1, server.connections());
  }

  @Test
  void aLongBodyWaitsForTheServersWindows() {
    int bytes = 300_000;
    ScriptedServer server =
        serveFrames(
            peer -> {
              int received = 0;
              while (received < bytes) {
                Frame frame = peer.readUntil(RawHttp2.DATA);
                received += frame.payload().length;
                peer.openWindow(0, Math.max(1, frame.payload().length));
                peer.openWindow(FIRST, Math.max(1, frame.payload().length));
              }
              peer.answer(FIRST, "got " + received);
              hold(peer);
            },
            FramePeer.INITIAL_WINDOW_SIZE,
            1000);
    PoolFixture fixture = http2PoolFor(server);
    assertEquals("got " + bytes, fixture.post("x".repeat(bytes)).text());
  }

  @Test
  void anAnswerBeforeTheRequestIsWholeEndsTheStreamAlone() {
    BlockingQueue<Frame> resets = new LinkedBlockingQueue<>();
    ScriptedServer server =
        serveFrames(
            peer -> {
              peer.readUntil(RawHttp2.DATA);
              peer.head(FIRST, ":status", "413", "content-length", "2");
              peer.data(FIRST, "no", true);
              resets.add(peer.readUntil(RawHttp2.RST_STREAM));
              peer.openWindow(0, 65_535);
              peer.echo();
            });
    PoolFixture fixture = http2PoolFor(server);
    Answer answer = fixture.post("x".repeat(1_000_000));
    assertEquals("no", answer.text());
    assertEquals(413, answer.status());
    assertEquals("y", fixture.post("y").text());
    assertEquals(FIRST, resets.remove().stream());
    assertEquals(1, server.connections());
  }

  @Test
  void aStreamThatIsNotReadHoldsUpNoOther() {
    int total = 4 * 1024 * 1024;
    ConcurrentLinkedQueue<Integer> sentBefore = new ConcurrentLinkedQueue<>();
    ScriptedServer server = serveFrames(peer -> new BigAnswers(peer, total, sentBefore).run());
    PoolFixture fixture = http2PoolFor(server);
    Stopped big = new Stopped();
    fixture.run(
        () -> {
          UpstreamExchange exchange = fixture.post0("big", big);
          exchange.setReading(false);
          big.exchange = exchange;
        });
    big.awaitHead();
    Eventually.holds("a window", LIMIT, () -> big.receivedBytes() == 512 * 1024);
    for (int i = 0; i < 20; i++) {
      assertEquals("small", fixture.post("small").text());
    }
    assertEquals(512 * 1024, big.receivedBytes());
    fixture.run(() -> big.exchange.setReading(true));
    big.await();
    assertEquals(total, big.receivedBytes());
    assertEquals(1, server.connections());
  }

  private static final class Stopped extends Answer {
    private UpstreamExchange exchange =
        new UpstreamExchange() {
          @Override
          public void cancel() {}

          @Override
          public void setReading(boolean on) {}
        };

    @Override
    void keep(byte[] bytes) {}
  }

  /** Answers "big" with as much as its window takes, and everything else at once. */
  private static final class BigAnswers {
    private final FramePeer peer;
    private final int total;
    private final ConcurrentLinkedQueue<Integer> sentBefore;
    private int window = 512 * 1024;
    private int sent;

    BigAnswers(FramePeer peer, int total, ConcurrentLinkedQueue<Integer> sentBefore) {
      this.peer = peer;
      this.total = total;
      this.sentBefore = sentBefore;
    }

    void run() throws java.io.IOException {
      FramePeer.Request big = peer.request();
      peer.head(big.stream(), ":status", "200");
      fill(big.stream());
      int small = 0;
      while (true) {
        Frame frame = peer.read();
        if (frame.type() == RawHttp2.HEADERS) {
          small = frame.stream();
        } else if (frame.type() == RawHttp2.DATA) {
          sentBefore.add(sent);
          peer.answer(small, "small");
        } else if (frame.type() == 8 && frame.stream() == big.stream()) {
          window += ByteBuffer.wrap(frame.payload()).getInt();
          fill(big.stream());
        }
      }
    }

    private void fill(int stream) throws java.io.IOException {
      String piece = "x".repeat(16 * 1024);
      while (sent < total && window >= piece.length()) {
        sent += piece.length();
        window -= piece.length();
        peer.data(stream, piece, sent == total);
      }
    }
  }
}
