package io.fairlead.gateway.upstream;

import static io.fairlead.gateway.upstream.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
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
}
