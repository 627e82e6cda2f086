package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 or HTTP/1.1: what the server chooses by ALPN. */
@ParameterizedClass(name = "boringSsl={0}")
@ValueSource(booleans = {true, false})
class ChosenProtocolTest extends PoolScene {
  private static final int HTTP_1_1_REQUIRED = 13;

  @TempDir private static Path folder;
  private static TestCertificate localhost;

  @Parameter private boolean boringSsl;

  ChosenProtocolTest() {
    super(Transport.choose(Transport.AUTO));
  }

  @BeforeAll
  static void makeCertificate() throws Exception {
    localhost = new TestCertificate(folder, "dns:localhost");
  }

  /** A server that chooses the first of these protocols that is offered and speaks it. */
  private ScriptedServer serveTls(String... protocols) throws Exception {
    return open(
        new ScriptedServer(localhost.serverSockets(protocols), ChosenProtocolTest::speakChosen));
  }

  private static void speakChosen(ScriptedServer.Peer peer) throws IOException {
    if (peer.tlsProtocol().equals("h2")) {
      FramePeer.begin(peer, FramePeer.MAX_CONCURRENT_STREAMS, 100).echo();
    } else {
      speakHttp1(peer);
    }
  }

  private static void speakHttp1(ScriptedServer.Peer peer) throws IOException {
    for (String request = peer.readRequest(); request != null; request = peer.readRequest()) {
      peer.send(ok("1" + peer.tlsProtocol()));
    }
  }

  private PoolFixture poolFor(ScriptedServer server, Http2Use use) throws Exception {
    return open(
        new PoolFixture(
            transport,
            "https://localhost:" + server.port() + "/",
            PoolFixture.Options.DEFAULT
                .withHttp2(use)
                .withTls(new UpstreamTls(List.of(localhost.certificate()), boringSsl))));
  }

  @Test
  void aBurstOfFirstCallsSharesOneHandshakeWhereTheServerChoosesHttp2() throws Exception {
    ScriptedServer server = serveTls("h2", "http/1.1");
    PoolFixture fixture = poolFor(server, Http2Use.AUTO);
    for (Answer answer : Http2Scene.postTogether(fixture, 40, "two")) {
      assertEquals("two", answer.text());
    }
    assertEquals(1, server.connections());
    assertEquals(1, fixture.rtts.size());
  }

  @Test
  void whereTheServerChoosesHttp1EachWaitingCallGetsAConnection() throws Exception {
    ScriptedServer server = serveTls("http/1.1");
    PoolFixture fixture = poolFor(server, Http2Use.AUTO);
    for (Answer answer : Http2Scene.postTogether(fixture, 5, "x")) {
      assertEquals("1http/1.1", answer.text());
    }
    assertTrue(server.connections() <= 5, () -> "" + server.connections());
    assertEquals("1http/1.1", fixture.post("x").text());
  }

  @Test
  void aServerThatChoosesNothingIsSpokenToInHttp1() throws Exception {
    ScriptedServer server =
        open(new ScriptedServer(localhost.serverSockets(), ChosenProtocolTest::speakChosen));
    PoolFixture fixture = poolFor(server, Http2Use.AUTO);
    assertEquals("1", fixture.post("x").text());
  }

  @Test
  void switchedOffNothingIsOffered() throws Exception {
    ScriptedServer server = serveTls("h2", "http/1.1");
    PoolFixture fixture = poolFor(server, Http2Use.OFF);
    assertEquals("1", fixture.post("x").text());
  }

  @Test
  void aServerThatRequiresHttp1AfterAllGetsIt() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    ScriptedServer server =
        open(
            new ScriptedServer(
                localhost.serverSockets("h2", "http/1.1"),
                peer -> {
                  if (peer.tlsProtocol().equals("h2")) {
                    FramePeer frames = FramePeer.begin(peer);
                    while (true) {
                      refused.incrementAndGet();
                      frames.reset(frames.request().stream(), HTTP_1_1_REQUIRED);
                    }
                  }
                  speakHttp1(peer);
                }));
    PoolFixture fixture = poolFor(server, Http2Use.AUTO);
    assertEquals("1", fixture.post("x").text());
    assertEquals("1", fixture.post("x").text());
    Eventually.holds("one stream was tried", LIMIT, () -> refused.get() == 2);
  }
}
