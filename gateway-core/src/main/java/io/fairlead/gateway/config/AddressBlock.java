package io.fairlead.gateway.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of IP addresses, or one: {@code 10.0.0.0/8}, {@code ::1}.
 *
 * <p>An IPv4 address that arrives in its IPv6 form ({@code ::ffff:10.0.0.1}) is the IPv4 address.
 *
 * <p>Thread-safety: immutable. Source: RFC 4632 and RFC 4291, 2.3 and 2.5.5.2.
 */
public final class AddressBlock {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[1-9]?[0-9]|10[0-9])(?:\\.|$)){4}(?<!\\.)");
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final byte[] NONE = {};
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private final byte[] prefix;
  private final int bits;

  private AddressBlock(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads the written form. Names are not resolved.
   *
   * @param text an address, perhaps with the number of bits that count; the others are 0
   * @return the block, or empty if the text is none
   */
  public static Optional<AddressBlock> parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
      return Optional.empty();
    }
    byte[] bytes = bytes(address);
    String length = slash < 0 ? String.valueOf(8 * bytes.length) : text.substring(slash + 1);
    boolean isNumber = LENGTH.matcher(length).matches();
    if (bytes.length == 0 || !isNumber || Integer.parseInt(length) > 8 * bytes.length) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(length);
    return isZeroFrom(bytes, bits) ? Optional.of(new AddressBlock(bytes, bits)) : Optional.empty();
  }

  /** No name gets here, so nothing is resolved; empty if the address is none after all. */
  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      return NONE;
    }
  }

  private static boolean isZeroFrom(byte[] bytes, int bits) {
    for (int i = bits; i < 8 * bytes.length; i++) {
      if (bit(bytes, i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int bit(byte[] bytes, int index) {
    return (bytes[index / 8] >> (7 - index % 8)) & 1;
  }

  /**
   * Whether an address lies in one of some blocks.
   *
   * @param blocks the blocks
   * @param address the address
   * @return true if it is in at least one
   */
  public static boolean anyHas(List<AddressBlock> blocks, InetAddress address) {
    byte[] bytes = plain(address.getAddress());
    return blocks.stream().anyMatch(block -> block.has(bytes));
  }

  private boolean has(byte[] bytes) {
    if (bytes.length != prefix.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      if (bit(bytes, i) != bit(prefix, i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] plain(byte[] bytes) {
    boolean isMapped = bytes.length == IPV6_BYTES && bytes[10] == -1 && bytes[11] == -1;
    for (int i = 0; isMapped && i < 10; i++) {
      isMapped = bytes[i] == 0;
    }
    if (!isMapped) {
      return bytes;
    }
    byte[] last = new byte[IPV4_BYTES];
    System.arraycopy(bytes, IPV6_BYTES - IPV4_BYTES, last, 0, IPV4_BYTES);
    return last;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressBlock block && toString().equals(block.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
