package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamAddressTest {
  @ParameterizedTest
  @CsvSource({
    "http://node.example, http, node.example, 80, /, node.example",
    "https://node.example, https, node.example, 443, /, node.example",
    "HTTPS://node.example:8443/v1/key?x=%20y, https, node.example, 8443, /v1/key?x=%20y,"
        + " node.example:8443",
    "http://10.0.0.1:8545/, http, 10.0.0.1, 8545, /, 10.0.0.1:8545",
    "http://[::1]:8545, http, ::1, 8545, /, [::1]:8545",
    "https://node.example?k=v, https, node.example, 443, /?k=v, node.example"
  })
  void aUrlIsTakenApart(
      String url, String scheme, String host, int port, String path, String authority) {
    UpstreamAddress address = UpstreamAddress.parse(url, Map.of());
    assertEquals(new UpstreamAddress(scheme, host, port, path, List.of()), address);
    assertEquals(authority, address.authority());
  }

  @Test
  void userAndPasswordBecomeAHeader() {
    UpstreamAddress address = UpstreamAddress.parse("http://user:pass@node.example", Map.of());
    assertEquals(List.of(new Header("Authorization", "Basic dXNlcjpwYXNz")), address.headers());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://node.example",
        "node.example",
        "http://",
        "http:///path",
        "http://node.example:70000",
        "http://node example/s3cret",
        "https://node.example/s3cret path",
        "https://node.example/s3cret\u00e9"
      })
  void aUrlThatIsNoneIsRefusedWithoutRepeatingIt(String url) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> UpstreamAddress.parse(url, Map.of()));
    assertFalse(String.valueOf(e.getMessage()).contains("s3cret"), e::toString);
  }

  @Test
  void nothingSecretIsShown() {
    UpstreamAddress address =
        UpstreamAddress.parse("https://node.example/s3cret", Map.of("X-Key", "s3cret"));
    assertEquals("https://node.example/(secret)", address.toString());
    assertFalse(address.headers().toString().contains("s3cret"));
    assertFalse(new PoolSpec(0, address, 1).toString().contains("s3cret"));
  }

  @Test
  void aHeaderThatCouldBreakTheFramingIsRefused() {
    for (String value : List.of("a\r\nb", "a\nb", "a\u0000b", "a\u00e9")) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> new Header("X-Key", value));
      assertFalse(String.valueOf(e.getMessage()).contains(value), e::toString);
    }
    for (String name : List.of("", "a b", "a:b", "a\r\nb")) {
      assertThrows(IllegalArgumentException.class, () -> new Header(name, "v"));
    }
    for (String name : List.of("Host", "content-length", "Transfer-Encoding", "Connection")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> UpstreamAddress.parse("http://node.example", Map.of(name, "v")));
    }
  }

  @Test
  void literalAddressesAreKnown() {
    assertTrue(UpstreamAddress.parse("http://[::1]", Map.of()).isLiteral());
    assertTrue(UpstreamAddress.parse("http://127.0.0.1", Map.of()).isLiteral());
    assertFalse(UpstreamAddress.parse("http://localhost", Map.of()).isLiteral());
  }
}
