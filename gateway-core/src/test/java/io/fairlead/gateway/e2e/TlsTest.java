package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.ReloadConfigRequest;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.TestPki;
import io.fairlead.gateway.testing.WebSocketClient;
import io.grpc.StatusRuntimeException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  private String chain() {
    return String.format(
        Locale.ROOT,
        "chains: { ethereum: { chainId: 1, upstreams: [ { id: one, url: \"%s\" } ] } }",
        node.uri());
  }

  private GatewayFixture gateway(String more) {
    return gateway(folder, more);
  }

  private GatewayFixture gateway(Path folder, String more) {
    return GatewayFixture.start(
        chain(),
        String.format(
            Locale.ROOT,
            ", tls: { certificate: %1$s/rpc.crt, key: %1$s/rpc.key%2$s }",
            folder,
            more));
  }

  private static HttpResponse<String> call(SSLContext tls, GatewayFixture gateway)
      throws IOException {
    return call(HttpClient.newBuilder().sslContext(tls).connectTimeout(LIMIT).build(), gateway);
  }

  private static HttpResponse<String> call(HttpClient client, GatewayFixture gateway)
      throws IOException {
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

  /** Asks on a connection of its own; gives the session that it had. */
  private static SSLSession ask(SSLContext tls, String version, GatewayFixture gateway)
      throws IOException {
    try (SSLSocket socket = socket(tls, gateway)) {
      socket.setEnabledProtocols(new String[] {version});
      String request =
          "POST /ethereum HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
              + BALANCE.length()
              + "\r\n\r\n"
              + BALANCE;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.contains("\"0x7\""), answer);
      return socket.getSession();
    }
  }

  private static BigInteger serial(SSLSession session) throws IOException {
    return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber();
  }

  @Test
  void aClientThatTrustsTheAuthorityIsServed() throws IOException {
    try (GatewayFixture gateway = gateway("")) {
      for (HttpClient.Version version : HttpClient.Version.values()) {
        HttpClient client =
            HttpClient.newBuilder().version(version).sslContext(authority.client()).build();
        HttpResponse<String> answer = call(client, gateway);
        assertEquals(200, answer.statusCode());
        assertEquals(version, answer.version());
        assertTrue(answer.body().contains("\"0x7\""), answer.body());
        assertEquals("TLSv1.3", answer.sslSession().orElseThrow().getProtocol());
      }
      assertThrows(SSLException.class, () -> call(strangers.client(), gateway));
      assertTrue(gateway.ops("/metrics").contains("version=\"TLSv1.3\",} 2.0"));
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
      String metrics = gateway.ops("/metrics");
      assertTrue(metrics.contains("fairlead_refused_total{reason=\"not_tls\",} 1.0"), metrics);
    }
  }

  /** A ClientHello of at most a version, with one cipher. */
  private static byte[] hello(int minor, int cipher) {
    ByteBuffer body = ByteBuffer.allocate(128);
    body.put((byte) 3).put((byte) minor).put(new byte[32]).put((byte) 0);
    body.putShort((short) 2).putShort((short) cipher).putShort((short) 0x100);
    body.putShort((short) 22);
    body.put(HexFormat.of().parseHex("000a000400020017" + "000b00020100" + "000d000400020403"));
    body.flip();
    ByteBuffer record = ByteBuffer.allocate(160);
    record.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) (body.limit() + 4));
    record.putInt(0x01000000 | body.limit()).put(body).flip();
    byte[] bytes = new byte[record.limit()];
    record.get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"1, 0xc009", "2, 0xc009", "3, 0xc009", "3, 0x002f"})
  void oldVersionsAndCiphersAreRefused(int minor, String cipher) throws IOException {
    try (GatewayFixture gateway = gateway("");
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), gateway.rpcAddress().getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(hello(minor, Integer.decode(cipher)));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertEquals(21, answer[0], "an alert");
      assertEquals(minor < 3 ? 70 : 40, answer[6], "protocol_version or handshake_failure");
    }
  }

  @Test
  void aModernCipherOfTls12IsTaken() throws IOException {
    try (GatewayFixture gateway = gateway("");
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), gateway.rpcAddress().getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(hello(3, 0xc02b));
      assertEquals(22, socket.getInputStream().read(), "a handshake record");
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

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void sessionsResumeOnEveryLoopAndBeyondANewCertificate(String version, @TempDir Path own)
      throws IOException {
    TestPki.write(own, "rpc", authority.issue("rpc"));
    try (GatewayFixture gateway = gateway(own, "")) {
      SSLContext tls = authority.client();
      long created = ask(tls, version, gateway).getCreationTime();
      for (int i = 0; i < 10; i++) {
        assertEquals(created, ask(tls, version, gateway).getCreationTime(), "resumed");
      }
      TestPki.write(own, "rpc", authority.issue("rpc"));
      reload(gateway);
      assertEquals(created, ask(tls, version, gateway).getCreationTime(), "resumed");
      assertNotEquals(created, ask(authority.client(), version, gateway).getCreationTime());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void noSessionOutlivesTheAuthoritiesThatVouchedForIt(String version, @TempDir Path own)
      throws IOException {
    TestPki.write(own, "rpc", authority.issue("rpc"));
    clients.writeRoot(own.resolve("clients.crt"));
    try (GatewayFixture gateway = gateway(own, ", clientCa: " + own + "/clients.crt")) {
      SSLContext tls = authority.client(clients.issue("alice"));
      long created = ask(tls, version, gateway).getCreationTime();
      assertEquals(created, ask(tls, version, gateway).getCreationTime(), "resumed");
      strangers.writeRoot(own.resolve("clients.crt"));
      reload(gateway);
      assertThrows(IOException.class, () -> ask(tls, version, gateway));
      ask(authority.client(strangers.issue("bob")), version, gateway);
    }
  }

  private void reload(GatewayFixture gateway) {
    gateway.write(chain());
    try (Admin admin = gateway.admin()) {
      admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
    }
  }

  @Test
  void aNewCertificateHoldsForNewConnectionsAndFailsNoCall(@TempDir Path own) throws Exception {
    TestPki.write(own, "rpc", authority.issue("rpc"));
    ExecutorService threads =
        Executors.newCachedThreadPool(new DefaultThreadFactory("client", true));
    try (GatewayFixture gateway = gateway(own, "")) {
      BigInteger before = serial(ask(authority.client(), "TLSv1.3", gateway));
      AtomicBoolean stop = new AtomicBoolean();
      HttpClient shared = HttpClient.newBuilder().sslContext(authority.client()).build();
      List<Future<Void>> traffic = new ArrayList<>();
      traffic.add(threads.submit(() -> callUntil(stop, () -> call(shared, gateway))));
      traffic.add(threads.submit(() -> callUntil(stop, () -> call(authority.client(), gateway))));
      for (int i = 0; i < 10; i++) {
        TestPki.write(own, "rpc", authority.issue("rpc"));
        reload(gateway);
        BigInteger now = serial(ask(authority.client(), "TLSv1.3", gateway));
        assertNotEquals(before, now);
        before = now;
      }
      stop.set(true);
      for (Future<Void> each : traffic) {
        each.get(20, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Asking {
    HttpResponse<String> ask() throws IOException;
  }

  private static Void callUntil(AtomicBoolean stop, Asking asking) throws IOException {
    while (!stop.get()) {
      assertEquals(200, asking.ask().statusCode());
    }
    return null;
  }

  @Test
  void aBadPairIsRefusedAndTheOldStays(@TempDir Path own) throws IOException {
    TestPki.write(own, "rpc", authority.issue("rpc"));
    try (GatewayFixture gateway = gateway(own, "")) {
      BigInteger before = serial(ask(authority.client(), "TLSv1.3", gateway));
      Files.writeString(own.resolve("rpc.crt"), authority.issue("rpc").getCertificatePEM());
      StatusRuntimeException refused =
          assertThrows(StatusRuntimeException.class, () -> reload(gateway));
      String reason = String.valueOf(refused.getMessage());
      assertTrue(reason.contains("listen.tls.key"), reason);
      assertEquals(before, serial(ask(authority.client(), "TLSv1.3", gateway)));
    }
  }

  /** A socket that remembers what the gateway sent, before TLS has opened it. */
  private static final class Recording extends Socket {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    Recording(GatewayFixture gateway) throws IOException {
      super(InetAddress.getLoopbackAddress(), gateway.rpcAddress().getPort());
      setSoTimeout((int) LIMIT.toMillis());
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          int count = super.read(into, offset, length);
          received.write(into, offset, Math.max(0, count));
          return count;
        }
      };
    }

    /** The types of the records: 20 to 22 are TLS's own, 21 alerts, 23 what is carried. */
    List<Integer> recordTypes() {
      ByteBuffer bytes = ByteBuffer.wrap(received.toByteArray());
      List<Integer> types = new ArrayList<>();
      while (bytes.hasRemaining()) {
        types.add((int) bytes.get());
        bytes.getShort();
        int length = bytes.getShort();
        bytes.position(bytes.position() + length);
      }
      return types;
    }
  }

  /** Sends a request of HTTP/1.1 and reads to the end; the types of the records that came. */
  private static List<Integer> recordsOf(GatewayFixture gateway, String request)
      throws IOException {
    try (Recording recording = new Recording(gateway);
        SSLSocket socket =
            (SSLSocket)
                authority
                    .client()
                    .getSocketFactory()
                    .createSocket(recording, "127.0.0.1", recording.getPort(), true)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertEquals("HTTP/1.1", new String(answer, 0, 8, StandardCharsets.US_ASCII));
      return recording.recordTypes();
    }
  }

  @Test
  void anAnswerIsOneRecordAndTheEndIsTold() throws IOException {
    String text = "x".repeat(8000);
    node.on("eth_getBalance", (call, reply) -> reply.json(call.result("\"" + text + "\"")));
    try (GatewayFixture gateway = gateway("")) {
      List<Integer> types =
          recordsOf(
              gateway,
              "POST /ethereum HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                  + BALANCE.length()
                  + "\r\n\r\n"
                  + BALANCE);
      assertEquals(1, Collections.frequency(types, 23), types::toString);
      assertEquals(21, types.get(types.size() - 1), "close_notify");
    }
  }

  @Test
  void aRefusalIsReadToItsEndBeforeTheConnectionIsGone() throws IOException {
    try (GatewayFixture gateway = gateway("")) {
      for (String request :
          List.of(
              "POST /ethereum HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n",
              "POST /ethereum HTTP/1.1\r\nHost : x\r\n\r\n")) {
        List<Integer> types = recordsOf(gateway, request);
        assertEquals(21, types.get(types.size() - 1), "close_notify");
      }
    }
  }

  @Test
  void webSocketsRunOverTls() {
    try (GatewayFixture gateway = gateway("");
        WebSocketClient socket =
            new WebSocketClient(
                HttpClient.newBuilder().sslContext(authority.client()).build(),
                URI.create("wss://127.0.0.1:" + gateway.rpcAddress().getPort() + "/ethereum"),
                told -> {})) {
      assertEquals("0x7", socket.call("eth_getBalance", "0x1", "latest").asText());
    }
  }
}
