package io.fairlead.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses no upstream may have. */
final class ReservedAddressesTest {
  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "169.254.255.255",
        "fe80::1",
        "febf::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1"
      })
  void linkLocalAndMetadataAddressesNeedTheOperatorsWord(String text) throws UnknownHostException {
    assertNotNull(ReservedAddresses.reasonAgainst(address(text), false));
    assertNull(ReservedAddresses.reasonAgainst(address(text), true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "239.255.255.255",
        "255.255.255.255",
        "ff02::1",
        "64:ff9b::e000:1",
        "2002::1"
      })
  void nobodysAddressesAreNeverConnectedTo(String text) throws UnknownHostException {
    assertNotNull(ReservedAddresses.reasonAgainst(address(text), false));
    assertNotNull(ReservedAddresses.reasonAgainst(address(text), true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.201",
        "169.253.255.255",
        "169.255.0.1",
        "203.0.113.7",
        "fd00::1",
        "fec0::1",
        "2001:db8::1",
        "64:ff9b::a00:1"
      })
  void ownAndPublicAddressesAreOpen(String text) throws UnknownHostException {
    assertNull(ReservedAddresses.reasonAgainst(address(text), false));
  }
}
