package io.fairlead.gateway.upstream;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Addresses at which no upstream is, and which a name must not lead the gateway to: where clouds
 * hand out credentials to whoever asks from inside, this link alone, everybody and nobody.
 *
 * <p>Whoever has power over a name that the gateway resolves, or over an upstream's URL, would
 * otherwise have the gateway ask there in his place. Loopback and private ranges stay open, for
 * nodes of one's own are there. An IPv4 address in an IPv6 one (RFC 6052, RFC 3056) counts as what
 * it leads to.
 *
 * <p>Thread-safety: stateless. Source: RFC 3927; RFC 4291, sections 2.5 and 2.7; the clouds' own
 * documents of their metadata services.
 */
final class ReservedAddresses {
  /** Beyond the link-local ones: AWS and Google over IPv6, Alibaba, Oracle, Azure. */
  private static final Set<InetAddress> METADATA =
      Set.of(
          address("fd000ec2000000000000000000000254"),
          address("fd2000ce000000000000000000000254"),
          address("646464c8"),
          address("c00000c0"),
          address("a83f8110"));

  private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");
  private static final byte[] COMPATIBLE = new byte[12];

  private ReservedAddresses() {}

  private static InetAddress address(String hex) {
    return address(HexFormat.of().parseHex(hex));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address: of a length that no family has", e);
    }
  }

  /**
   * Why nothing is connected to an address.
   *
   * @param allowsLinkLocal whether the operator has allowed link-local and metadata addresses
   * @return null if it may be connected to
   */
  static @Nullable String reasonAgainst(InetAddress address, boolean allowsLinkLocal) {
    InetAddress target = embedded(address);
    if (target.isMulticastAddress() || isUnspecified(target)) {
      return address.getHostAddress() + " is nobody's address";
    }
    if (!allowsLinkLocal && (target.isLinkLocalAddress() || METADATA.contains(target))) {
      return address.getHostAddress() + " is a link-local or metadata address (allowLinkLocal)";
    }
    return null;
  }

  /** 0.0.0.0/8, the broadcast address and ::, which systems read as this machine. */
  private static boolean isUnspecified(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isAnyLocalAddress()
        || (address instanceof Inet4Address
            && (bytes[0] == 0 || Arrays.equals(bytes, new byte[] {-1, -1, -1, -1})));
  }

  /** The IPv4 address that an IPv6 address leads to, or the address itself. */
  private static InetAddress embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4 || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return address;
    }
    for (byte[] prefix : List.of(NAT64, COMPATIBLE)) {
      if (Arrays.equals(prefix, 0, 12, bytes, 0, 12)) {
        return address(Arrays.copyOfRange(bytes, 12, 16));
      }
    }
    boolean is6to4 = bytes[0] == 0x20 && bytes[1] == 0x02;
    return is6to4 ? address(Arrays.copyOfRange(bytes, 2, 6)) : address;
  }
}
