package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pool promises of requests and answers, over real sockets. */
abstract class AnswerLaws extends PoolScene {
  AnswerLaws(Transport transport) {
    super(transport);
  }

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
    fixture.call(() -> pool.post(body, false, answer));
    assertEquals(length + ":" + text.hashCode(), answer.text());
    assertEquals(0, body.readerIndex());
    assertEquals(length, body.readableBytes());
    assertEquals(1, body.refCnt());
    body.release();
  }

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

  @Test
  void trailersOfAnAnswerAreDropped() {
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
    ScriptedServer server =
        ScriptedServer.answering(chunked + "X-Sum: 1\r\nX-Sum: 2\r\nContent-Length: 7\r\n\r\n");
    PoolFixture fixture = poolFor(open(server));
    assertEquals("hello", fixture.post("{}").text());
    assertEquals("hello", fixture.post("{}").text());
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
}
