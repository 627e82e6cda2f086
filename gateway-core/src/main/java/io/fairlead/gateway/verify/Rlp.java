package io.fairlead.gateway.verify;

import java.io.ByteArrayOutputStream;

/**
 * Writes one list of byte strings in RLP, Ethereum's serialization, as block headers need it.
 *
 * <p>A byte below 0x80 stands for itself; up to 55 bytes follow one head byte (0x80, for a list
 * 0xc0, plus the length); more follow a head byte that tells how many bytes their length takes. A
 * quantity is its big-endian bytes without leading zeros.
 *
 * <p>Source: Yellow Paper, appendix B. Thread-safety: confined to one thread.
 */
final class Rlp {
  private static final int STRING = 0x80;
  private static final int LIST = 0xc0;
  private static final int LONGEST_SHORT = 55;

  private final ByteArrayOutputStream content = new ByteArrayOutputStream(700);

  /** Adds a string of bytes. */
  void addBytes(byte[] bytes) {
    if (bytes.length != 1 || (bytes[0] & 0xff) >= STRING) {
      head(content, STRING, bytes.length);
    }
    content.writeBytes(bytes);
  }

  /** Adds a number. */
  void addQuantity(byte[] bigEndian) {
    int zeros = 0;
    while (zeros < bigEndian.length && bigEndian[zeros] == 0) {
      zeros++;
    }
    byte[] significant = new byte[bigEndian.length - zeros];
    System.arraycopy(bigEndian, zeros, significant, 0, significant.length);
    addBytes(significant);
  }

  /** The list of all that was added. */
  byte[] toList() {
    ByteArrayOutputStream list = new ByteArrayOutputStream(content.size() + 4);
    head(list, LIST, content.size());
    list.writeBytes(content.toByteArray());
    return list.toByteArray();
  }

  private static void head(ByteArrayOutputStream out, int kind, int length) {
    if (length <= LONGEST_SHORT) {
      out.write(kind + length);
      return;
    }
    int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(kind + LONGEST_SHORT + bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(length >>> (8 * i));
    }
  }
}
