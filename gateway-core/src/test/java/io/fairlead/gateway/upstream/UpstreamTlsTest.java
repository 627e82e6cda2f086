package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "boringSsl={0}")
@ValueSource(booleans = {true, false})
class UpstreamTlsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private static Path folder;
  private static TestCertificate localhost;
  private static TestCertificate other;

  @Parameter private boolean boringSsl;

  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    localhost = new TestCertificate(folder, "dns:localhost");
    other = new TestCertificate(folder, "dns:other.example");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private ScriptedServer serve(TestCertificate certificate, ScriptedServer.Script script)
      throws Exception {
    ScriptedServer server = new ScriptedServer(certificate.serverSockets(), script);
    opened.add(server);
    return server;
  }

  private static void answerAll(ScriptedServer.Peer peer) throws IOException {
    for (String request = peer.readRequest(); request != null; request = peer.readRequest()) {
      peer.send(ok(String.valueOf(request.length())));
    }
  }

  private PoolFixture fixture(String host, ScriptedServer server, TestCertificate... trusted)
      throws Exception {
    return fixture(host, server.port(), trusted);
  }

  private PoolFixture fixture(String host, int port, TestCertificate... trusted) throws Exception {
    List<java.security.cert.X509Certificate> trust = new ArrayList<>();
    for (TestCertificate certificate : trusted) {
      trust.add(certificate.certificate());
    }
    PoolFixture fixture =
        new PoolFixture(
            Transport.choose(Transport.AUTO),
            "https://" + host + ":" + port + "/",
            PoolFixture.Options.DEFAULT
                .withTls(new UpstreamTls(trust, boringSsl))
                .withPolicy(
                    new ConnectionPolicy(
                        Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(55))));
    opened.add(fixture);
    return fixture;
  }

  @Test
  void aTrustedServerOfTheRightNameIsUsedAndItsConnectionReused() throws Exception {
    ScriptedServer server = serve(localhost, UpstreamTlsTest::answerAll);
    PoolFixture fixture = fixture("localhost", server, localhost);
    for (int i = 0; i < 3; i++) {
      int length = Integer.parseInt(fixture.post("x".repeat(200_000)).text());
      assertEquals(200_000, length / 1000 * 1000);
      Eventually.holds("idle", LIMIT, () -> fixture.idle() == 1);
    }
    assertEquals(1, server.connections());
  }

  @Test
  void theNextConnectionResumesTheSession() throws Exception {
    BlockingQueue<Long> sessions = new LinkedBlockingQueue<>();
    ScriptedServer server =
        serve(
            localhost,
            peer -> {
              peer.readRequest();
              sessions.add(peer.tlsSession().getCreationTime());
              peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
              peer.awaitEnd();
            });
    PoolFixture fixture = fixture("localhost", server, localhost);
    assertEquals("{}", fixture.post("{}").text());
    assertEquals("{}", fixture.post("{}").text());
    assertEquals(2, server.connections());
    assertEquals(sessions.take(), sessions.take());
  }

  @Test
  void anUnknownAuthorityIsRefused() throws Exception {
    ScriptedServer server = serve(localhost, UpstreamTlsTest::answerAll);
    PoolFixture fixture = fixture("localhost", server);
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.TLS, failure.kind(), failure::text);
    assertFalse(failure.maybeProcessed());
    Eventually.holds("no connection", LIMIT, () -> fixture.connections() == 0);
  }

  @Test
  void aTrustedServerOfAnotherNameIsRefused() throws Exception {
    ScriptedServer server = serve(other, UpstreamTlsTest::answerAll);
    PoolFixture fixture = fixture("localhost", server, other);
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.TLS, failure.kind(), failure::text);
    assertFalse(failure.maybeProcessed());
  }

  @Test
  void aServerThatSpeaksNoTlsIsRefused() throws Exception {
    ScriptedServer server =
        new ScriptedServer(peer -> peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"));
    opened.add(server);
    PoolFixture fixture = fixture("localhost", server);
    assertEquals(Kind.TLS, fixture.post("{}").awaitFailure().kind());
  }

  @Test
  void aHandshakeThatIsNotAnsweredTimesOut() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ScriptedServer server =
        new ScriptedServer(
            peer -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    opened.add(server);
    PoolFixture fixture = fixture("localhost", server);
    ExchangeFailure failure = fixture.post("{}").awaitFailure();
    assertEquals(Kind.CONNECT_TIMEOUT, failure.kind(), failure::text);
    Eventually.holds("no connection", LIMIT, () -> fixture.connections() == 0);
    end.countDown();
  }

  @Test
  void aCloseDelimitedAnswerIsWholeWithTheTlsEnd() throws Exception {
    ScriptedServer server =
        serve(
            localhost,
            peer -> {
              peer.readRequest();
              peer.send("HTTP/1.1 200 OK\r\n\r\nhello");
            });
    PoolFixture fixture = fixture("localhost", server, localhost);
    assertEquals("hello", fixture.post("{}").text());
  }

  @Test
  void aCloseDelimitedAnswerWithoutTheTlsEndIsCut() throws Exception {
    ScriptedServer server =
        serve(
            localhost,
            peer -> {
              peer.readRequest();
              peer.send("HTTP/1.1 200 OK\r\n\r\nhello");
            });
    try (CuttingRelay relay = new CuttingRelay(server.port())) {
      PoolFixture fixture = fixture("localhost", relay.port(), localhost);
      Answer answer = fixture.post("{}");
      answer.awaitHead();
      ExchangeFailure failure = answer.awaitFailure();
      assertEquals(Kind.CLOSED_EARLY, failure.kind(), failure::text);
    }
  }

  @Test
  void anAddressWhoseHandshakeFailsIsPassedOver() throws Exception {
    ScriptedServer server = serve(localhost, UpstreamTlsTest::answerAll);
    FakeResolver resolver = new FakeResolver();
    resolver.set("localhost", "127.0.0.2", "127.0.0.1");
    ServerSocket mute = new ServerSocket();
    opened.add(mute);
    mute.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), server.port()));
    PoolFixture fixture =
        new PoolFixture(
            Transport.choose(Transport.AUTO),
            "https://localhost:" + server.port() + "/",
            PoolFixture.Options.DEFAULT
                .withTls(new UpstreamTls(List.of(localhost.certificate()), boringSsl))
                .withResolver(resolver));
    opened.add(fixture);
    assertFalse(fixture.post("{}").text().isEmpty());
    assertEquals(1, server.connections());
  }
}
