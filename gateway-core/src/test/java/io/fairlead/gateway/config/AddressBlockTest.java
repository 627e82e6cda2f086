package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  private static boolean has(String block, String address) throws UnknownHostException {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      throw new IllegalArgumentException(address);
    }
    return AddressBlock.anyHas(
        List.of(AddressBlock.parse(block).orElseThrow()), InetAddress.getByAddress(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 127.0.0.1, true",
    "127.0.0.0/8, 127.255.255.255, true",
    "127.0.0.0/8, 126.255.255.255, false",
    "127.0.0.0/8, 128.0.0.0, false",
    "127.0.0.0/8, ::1, false",
    "127.0.0.0/8, ::ffff:127.0.0.1, true",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.2, false",
    "10.1.2.2/31, 10.1.2.3, true",
    "10.1.2.2/31, 10.1.2.4, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::1, ::1, true",
    "::1, ::2, false",
    "::/0, ::1, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false"
  })
  void aBlockHoldsTheAddressesThatShareItsPrefix(String block, String address, boolean expected)
      throws UnknownHostException {
    assertEquals(expected, has(block, address), block + " " + address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.0/",
        "10.0.0.1/8",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.01",
        "10.0.0.0.",
        "10.0.0.0.0",
        "1",
        ":",
        ":::",
        "1:2:3",
        "[::1]",
        "::1/129",
        "::1/64",
        "fe80::1%eth0",
        "10.0.0.0/8/8",
        " 10.0.0.0/8"
      })
  void whatIsNoBlockIsRefused(String text) {
    assertTrue(AddressBlock.parse(text).isEmpty(), text);
  }

  @Test
  void aFileWithOneIsRefusedWithLineAndColumn() {
    String file =
        """
        listen:
          explainFrom: [127.0.0.1, 10.0.0.1/8]
        chains: { a: { upstreams: [ { url: http://a } ] } }
        """;
    ConfigResult result = ConfigLoader.parse(Path.of("fairlead.yaml"), file, Map.of());
    String refused = assertInstanceOf(ConfigResult.Refused.class, result).problems().toString();
    assertTrue(refused.contains(":2:28: listen.explainFrom[1]: "), refused);
    assertTrue(refused.contains("an IP address or a block"), refused);
  }
}
