package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.WireScene.rpc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Http2Client;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose calls they are when proxies stand in front. What shows it: only a client in 192.0.2.0/24
 * may have a decision explained.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BehindProxiesTest {
  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final String CALL = rpc("1", WireScene.BALANCE);

  private final StubNode node = new StubNode("node", 1);
  private final GatewayFixture forwarded = gateway("forwardedFor: [127.0.0.1, 198.51.100.0/24]");
  private final GatewayFixture proxied = gateway("proxyProtocol: [127.0.0.0/8]");
  private final GatewayFixture direct = gateway("debugHeaders: true");

  private GatewayFixture gateway(String listen) {
    return GatewayFixture.start(
        String.format(
            Locale.ROOT,
            """
            limits: { headerTimeout: 500ms, connectionsPerAddress: 3 }
            chains:
              ethereum:
                chainId: 1
                upstreams:
                  - { id: one, url: "%s", cloud: aws, region: a }
            """,
            node.uri()),
        ", explainFrom: [192.0.2.0/24, \"2001:db8::/32\"], " + listen);
  }

  @AfterAll
  void stop() {
    forwarded.close();
    proxied.close();
    direct.close();
    node.close();
  }

  private static boolean isExplained(Answer answer) {
    assertEquals(200, answer.status());
    return !answer.all("x-fairlead-explain").isEmpty();
  }

  private static boolean isExplained(RawClient client, String... fields) throws IOException {
    String[] asking = new String[fields.length + 1];
    System.arraycopy(fields, 0, asking, 0, fields.length);
    asking[fields.length] = "X-Fairlead-Explain: 1";
    return isExplained(client.call("/", CALL, asking));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7 | true",
        "192.0.2.7:4711 | true",
        "2001:db8::7 | true",
        "[2001:db8::7]:4711 | true",
        "203.0.113.1, 192.0.2.7 | true",
        "192.0.2.7, 203.0.113.1 | false",
        "192.0.2.7, 198.51.100.3 | true",
        "203.0.113.1,192.0.2.7,198.51.100.3 , 127.0.0.1 | true",
        "192.0.2.7, unknown | false",
        "192.0.2.7, unknown, 198.51.100.3 | false",
        "'' | false",
        "192.0.2.7, | false",
      })
  void theLastThatIsNoProxyIsTheClient(String field, boolean explained) throws IOException {
    try (RawClient client = forwarded.client()) {
      assertEquals(explained, isExplained(client, "X-Forwarded-For: " + field));
    }
  }

  @Test
  void severalFieldsAreOneList() throws IOException {
    try (RawClient client = forwarded.client()) {
      String own = "X-Forwarded-For: 192.0.2.7";
      String proxy = "X-Forwarded-For: 198.51.100.3";
      assertTrue(isExplained(client, own, proxy));
      assertEquals(false, isExplained(client, own, "X-Forwarded-For: 203.0.113.1"));
    }
  }

  @Test
  void nobodyElseIsBelieved() throws IOException {
    try (RawClient client = direct.client()) {
      assertEquals(false, isExplained(client, "X-Forwarded-For: 192.0.2.7"));
    }
  }

  @Test
  void aStreamOfHttp2IsAskedLikewise() {
    try (Http2Client client = new Http2Client(forwarded.rpcAddress())) {
      Http2Headers head =
          new DefaultHttp2Headers()
              .method("POST")
              .scheme("http")
              .authority("g")
              .path("/")
              .set("x-fairlead-explain", "1")
              .add("x-forwarded-for", "192.0.2.7")
              .add("x-forwarded-for", "198.51.100.3");
      Http2Client.Stream stream = client.open(head, false);
      stream.sendBytes(CALL.getBytes(StandardCharsets.UTF_8));
      stream.end();
      assertTrue(stream.headers().contains("x-fairlead-explain"));
    }
  }

  /** A header of version 2. */
  private static byte[] version2(int command, int family, byte[] addresses) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(SIGNATURE);
    header.write(command);
    header.write(family);
    header.write(addresses.length >> 8);
    header.write(addresses.length);
    header.writeBytes(addresses);
    return header.toByteArray();
  }

  private static byte[] ipv4(int last) {
    return new byte[] {(byte) 192, 0, 2, (byte) last, 127, 0, 0, 1, 1, 2, 3, 4};
  }

  @Test
  void aHeaderOfEitherVersionSaysWhoseConnectionItIs() throws IOException {
    try (RawClient first = proxied.client();
        RawClient second = proxied.client();
        RawClient other = proxied.client()) {
      first.send("PROXY TCP4 192.0.2.7 127.0.0.1 4711 8545\r\n");
      assertTrue(isExplained(first));
      assertTrue(isExplained(first));
      second.send(version2(0x21, 0x11, ipv4(7)));
      assertTrue(isExplained(second));
      other.send("PROXY TCP6 2001:db9::1 ::1 4711 8545\r\n");
      assertEquals(false, isExplained(other));
    }
  }

  @Test
  void aProxyMaySpeakForItself() throws IOException {
    try (RawClient first = proxied.client();
        RawClient second = proxied.client()) {
      first.send("PROXY UNKNOWN\r\n");
      assertEquals(false, isExplained(first));
      second.send(version2(0x20, 0x00, new byte[0]));
      assertEquals(false, isExplained(second));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 2\r\n\r\n[]",
        "PROXY TCP4 192.0.2.7 127.0.0.1 4711\r\n",
        "PROXY TCP4 300.0.2.7 127.0.0.1 4711 8545\r\n",
        "PROXY TCP9 192.0.2.7 127.0.0.1 4711 8545\r\n",
        "",
        "PROXY TCP4 192.0.2.7",
      })
  void aConnectionWithoutItsHeaderEnds(String start) throws IOException {
    try (RawClient client = proxied.client()) {
      client.send(start);
      assertTrue(client.isClosedByServer());
    }
  }

  @Test
  void whoIsNoProxyMayNotSpeakForOthers() throws IOException {
    try (RawClient client = direct.client()) {
      client.send("PROXY TCP4 192.0.2.7 127.0.0.1 4711 8545\r\n\r\n\r\n");
      assertEquals(400, client.read().status());
    }
  }

  @Test
  void connectionsAreCountedByTheirClients() throws IOException {
    RawClient[] clients = new RawClient[5];
    for (int i = 0; i < clients.length; i++) {
      clients[i] = proxied.client();
      clients[i].send("PROXY TCP4 203.0.113." + (i < 4 ? 50 : 51) + " 127.0.0.1 1 2\r\n");
      if (i != 3) {
        assertEquals(200, clients[i].call("/", CALL).status());
      }
    }
    assertTrue(clients[3].isClosedByServer());
    for (RawClient client : clients) {
      client.close();
    }
  }
}
