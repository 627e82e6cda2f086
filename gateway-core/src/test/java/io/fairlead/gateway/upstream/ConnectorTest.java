package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectorTest {
  private static final String CLOSING =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";

  private static PoolFixture fixture(ScriptedServer server, String host, FakeResolver resolver) {
    return new PoolFixture(
        Transport.choose(Transport.AUTO),
        "http://" + host + ":" + server.port(),
        PoolFixture.Options.DEFAULT.withResolver(resolver));
  }

  @Test
  void theNextAddressIsTriedWhenOneRefuses() throws Exception {
    FakeResolver resolver = new FakeResolver();
    resolver.set("node.example", "127.0.0.2", "127.0.0.3", "127.0.0.1");
    try (ScriptedServer server = ScriptedServer.answering(ok("{}"));
        PoolFixture fixture = fixture(server, "node.example", resolver)) {
      assertEquals("{}", fixture.post("{}").text());
      assertEquals(1, fixture.rtts.size());
    }
  }

  @Test
  void aNameIsResolvedAnewForEachConnection() throws Exception {
    FakeResolver resolver = new FakeResolver();
    resolver.set("node.example", "127.0.0.2");
    try (ScriptedServer server = ScriptedServer.answering(CLOSING);
        PoolFixture fixture = fixture(server, "node.example", resolver)) {
      assertEquals(Kind.CONNECT_REFUSED, fixture.post("{}").awaitFailure().kind());
      resolver.set("node.example", "127.0.0.1");
      assertEquals("{}", fixture.post("{}").text());
      assertEquals("{}", fixture.post("{}").text());
      assertEquals(3, resolver.questions());
    }
  }

  @Test
  void aNameWithoutAddressesIsADnsFailure() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(ok("{}"));
        PoolFixture fixture = fixture(server, "nowhere.example", new FakeResolver())) {
      ExchangeFailure failure = fixture.post("{}").awaitFailure();
      assertEquals(Kind.DNS, failure.kind());
      assertFalse(failure.maybeProcessed());
      assertEquals(0, fixture.connections());
    }
  }

  @Test
  void aLiteralAddressNeedsNoResolver() throws Exception {
    FakeResolver resolver = new FakeResolver();
    try (ScriptedServer server = ScriptedServer.answering(ok("{}"));
        PoolFixture fixture = fixture(server, "127.0.0.1", resolver)) {
      assertEquals("{}", fixture.post("{}").text());
      assertEquals(0, resolver.questions());
    }
  }

  /** An address that swallows packets: its backlog is full, so that Linux drops what comes. */
  private static final class Swallowing implements AutoCloseable {
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final List<SocketChannel> waiting = new ArrayList<>();

    Swallowing(String address, int port) throws IOException {
      InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(address), port);
      server.bind(at, 1);
      for (int i = 0; i < 4; i++) {
        SocketChannel client = SocketChannel.open();
        client.configureBlocking(false);
        client.connect(at);
        waiting.add(client);
      }
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel each : waiting) {
        each.close();
      }
      server.close();
    }
  }

  @Test
  void anAddressThatSwallowsPacketsIsOvertaken() throws Exception {
    FakeResolver resolver = new FakeResolver();
    resolver.set("node.example", "127.0.0.2", "127.0.0.1");
    ConnectionPolicy patient =
        new ConnectionPolicy(
            Duration.ofSeconds(120), Duration.ofSeconds(2), Duration.ofSeconds(55));
    try (ScriptedServer server = ScriptedServer.answering(CLOSING);
        Swallowing swallowing = new Swallowing("127.0.0.2", server.port());
        PoolFixture fixture =
            new PoolFixture(
                Transport.choose(Transport.AUTO),
                "http://node.example:" + server.port(),
                PoolFixture.Options.DEFAULT.withResolver(resolver).withPolicy(patient))) {
      assertFalse(swallowing.waiting.isEmpty());
      for (int i = 0; i < 3; i++) {
        assertEquals("{}", fixture.post("{}").text());
      }
      assertEquals(3, fixture.rtts.size());
    }
  }

  @Test
  void aNameThatLeadsToAMetadataServiceIsRefusedAtOnce() throws Exception {
    FakeResolver resolver = new FakeResolver();
    resolver.set("node.example", "169.254.169.254", "fe80::1");
    try (ScriptedServer server = ScriptedServer.answering(ok("{}"));
        PoolFixture fixture = fixture(server, "node.example", resolver)) {
      ExchangeFailure failure = fixture.post("{}").awaitFailure();
      assertEquals(Kind.CONNECT_FAILED, failure.kind());
      assertTrue(failure.text().contains("allowLinkLocal"), failure::text);
      assertFalse(failure.maybeProcessed());
      resolver.set("node.example", "169.254.169.254", "127.0.0.1");
      assertEquals("{}", fixture.post("{}").text());
    }
  }

  @Test
  void aLiteralAddressOfAMetadataServiceIsRefusedAtOnce() throws Exception {
    for (String host : List.of("169.254.169.254", "[fd00:ec2::254]", "0.0.0.0")) {
      try (ScriptedServer server = ScriptedServer.answering(ok("{}"));
          PoolFixture fixture = fixture(server, host, new FakeResolver())) {
        assertEquals(Kind.CONNECT_FAILED, fixture.post("{}").awaitFailure().kind());
        assertEquals(0, server.connections());
      }
    }
  }
}
