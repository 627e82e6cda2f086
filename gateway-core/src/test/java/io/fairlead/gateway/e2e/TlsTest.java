package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.TestPki;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of a rpc port see that speaks TLS. */
final class TlsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";

  @TempDir private static Path folder;
  private static TestPki authority;
  private static TestPki clients;
  private static TestPki strangers;

  private final StubNode node = new StubNode("node", 1);

  @BeforeAll
  static void makeCertificates() {
    authority = new TestPki("servers");
    clients = new TestPki("clients");
    strangers = new TestPki("strangers");
    TestPki.write(folder, "rpc", authority.issue("rpc"));
    clients.writeRoot(folder.resolve("clients.crt"));
  }

  @BeforeEach
  void answer() {
    node.on("eth_getBalance", (call, reply) -> reply.json(call.result("\"0x7\"")));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private GatewayFixture gateway(String more) {
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            "chains: { ethereum: { chainId: 1, upstreams: [ { id: one, url: \"%s\" } ] } }",
            node.uri()),
        String.format(
            Locale.ROOT,
            ", tls: { certificate: %1$s/rpc.crt, key: %1$s/rpc.key%2$s }",
            folder,
            more));
  }

  private static HttpResponse<String> call(SSLContext tls, GatewayFixture gateway)
      throws IOException {
    HttpClient client = HttpClient.newBuilder().sslContext(tls).connectTimeout(LIMIT).build();
    URI uri = URI.create("https://127.0.0.1:" + gateway.rpcAddress().getPort() + "/ethereum");
    try {
      return client.send(
          HttpRequest.newBuilder(uri).timeout(LIMIT).POST(BodyPublishers.ofString(BALANCE)).build(),
          BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static SSLSocket socket(SSLContext tls, GatewayFixture gateway) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.getSocketFactory().createSocket("127.0.0.1", gateway.rpcAddress().getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  @Test
  void aClientThatTrustsTheAuthorityIsServed() throws IOException {
    try (GatewayFixture gateway = gateway("")) {
      HttpResponse<String> answer = call(authority.client(), gateway);
      assertEquals(200, answer.statusCode());
      assertTrue(answer.body().contains("\"0x7\""), answer.body());
      assertEquals("TLSv1.3", answer.sslSession().orElseThrow().getProtocol());
      assertThrows(SSLException.class, () -> call(strangers.client(), gateway));
    }
  }

  @Test
  void plainHttpIsToldThatTlsIsSpokenHere() throws IOException {
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      RawClient.Answer answer = client.call("/ethereum", BALANCE);
      assertEquals(400, answer.status());
      assertTrue(answer.text().contains("https"), answer.text());
      assertTrue(client.isClosedByServer());
      assertTrue(
          gateway.ops("/metrics").contains("fairlead_refused_total{reason=\"not_tls\",} 1.0"));
    }
  }

  @Test
  void oldVersionsAreRefused() throws IOException {
    try (GatewayFixture gateway = gateway("")) {
      SSLContext tls = authority.client();
      for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
        try (SSLSocket socket = socket(tls, gateway)) {
          socket.setEnabledProtocols(new String[] {version});
          socket.startHandshake();
          assertEquals(version, socket.getSession().getProtocol());
        }
      }
    }
  }

  @Test
  void withoutARequiredCertificateNoCallIsServed() throws IOException {
    try (GatewayFixture gateway = gateway(", clientCa: " + folder + "/clients.crt")) {
      assertThrows(IOException.class, () -> call(authority.client(), gateway));
      assertThrows(
          IOException.class, () -> call(authority.client(strangers.issue("mallory")), gateway));
      assertEquals(0, node.count("eth_getBalance"));
      assertEquals(200, call(authority.client(clients.issue("alice")), gateway).statusCode());
    }
  }

  @Test
  void anOptionalCertificateMustBeGoodIfItIsShown() throws IOException {
    try (GatewayFixture gateway =
        gateway(", clientAuth: optional, clientCa: " + folder + "/clients.crt")) {
      assertEquals(200, call(authority.client(), gateway).statusCode());
      assertEquals(200, call(authority.client(clients.issue("alice")), gateway).statusCode());
      assertThrows(
          IOException.class, () -> call(authority.client(strangers.issue("mallory")), gateway));
    }
  }
}
