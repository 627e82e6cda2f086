package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.MethodRules.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:1", "[::1]:65535", "node_1.local:0", "[fe80::1%eth0]:9"})
  void addressesReadAsTheyAreWritten(String text) {
    assertEquals(Optional.of(text), HostPort.parse(text).map(HostPort::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", ":1", "a:", "a:65536", "::1:80", "[a]:1", "a b:1", "a:-1", "[]:1"})
  void brokenAddressesAreNone(String text) {
    assertEquals(Optional.empty(), HostPort.parse(text));
  }

  @Test
  void loopbackIsWhatOnlyThisMachineReaches() {
    for (String host : List.of("127.0.0.1", "127.8.9.10", "localhost", "::1")) {
      assertTrue(new HostPort(host, 1).isLoopback(), host);
    }
    for (String host : List.of("0.0.0.0", "::", "128.0.0.1", "127.example", "10.0.0.1")) {
      assertFalse(new HostPort(host, 1).isLoopback(), host);
    }
  }

  @Test
  void urlsGiveWhatAConnectionNeeds() {
    UpstreamUrl url = UpstreamUrl.of("HTTPS://user:p%40s+s@node_1.example?key=a/b");
    assertEquals("https", url.scheme());
    assertEquals(new HostPort("node_1.example", 443), url.address());
    assertEquals("node_1.example", url.hostHeader());
    assertEquals("/?key=a/b", url.target().reveal());
    assertEquals(Optional.of(Secret.of("Basic dXNlcjpwQHMrcw==")), url.basicAuthorization());
    assertTrue(url.isTls());
    assertEquals("https://node_1.example:443/***", url.toString());
    assertEquals("[::1]:8545", UpstreamUrl.of("http://[::1]:8545").hostHeader());
    assertEquals("[::1]", UpstreamUrl.of("http://[::1]/x").hostHeader());
    assertEquals("/", UpstreamUrl.of("ws://a").target().reveal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "http:/a",
        "http://",
        "http:///x",
        "ftp://a",
        "http://a:0",
        "http://a:99999",
        "http://a/ b",
        "http://a/#x",
        "http://a b/",
        "http://a\n/",
        "http://[::1",
        "http://a/\u00e9",
        "http://a:1:2",
        "http://a, http://b",
        "//a",
        "http://a\\b",
        "http://a/%zz"
      })
  void brokenUrlsAreNone(String text) {
    assertEquals(Optional.empty(), UpstreamUrl.parse(text));
  }

  @Test
  void urlsDifferByTheirSecretsToo() {
    assertEquals(UpstreamUrl.of("http://a/x"), UpstreamUrl.of("http://a/x"));
    assertNotEquals(UpstreamUrl.of("http://a/x"), UpstreamUrl.of("http://a/y"));
  }

  @Test
  void longestPatternDecidesAndDenyWinsTies() {
    MethodRules rules =
        new MethodRules(
            List.of("debug_traceTransaction", "trace_*", "eth_call"),
            List.of("debug_*", "trace_block", "eth_call", "eth_*"));
    assertEquals(Verdict.ALLOWED, rules.verdict("debug_traceTransaction"));
    assertEquals(Verdict.DENIED, rules.verdict("debug_traceCall"));
    assertEquals(Verdict.ALLOWED, rules.verdict("trace_call"));
    assertEquals(Verdict.DENIED, rules.verdict("trace_block"));
    assertEquals(Verdict.DENIED, rules.verdict("eth_call"));
    assertEquals(Verdict.UNNAMED, rules.verdict("net_version"));
    assertEquals(Verdict.ALLOWED, new MethodRules(List.of("a"), List.of("*")).verdict("a"));
    assertEquals(Verdict.DENIED, new MethodRules(List.of("a"), List.of("*")).verdict("b"));
  }

  @Test
  void unknownPlacesAreNoFailureDomain() {
    assertEquals(List.of(), UpstreamConfig.of("a", "http://a").toSpec().domains());
  }
}
