package io.fairlead.gateway.verify;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import java.util.Locale;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.jspecify.annotations.Nullable;

/** Hexadecimal text as nodes write it, {@code 0x} and digits, and Keccak-256 of its bytes. */
final class Hex {
  private static final int HASH_BYTES = 32;
  private static final int HASH_CHARACTERS = 2 + 2 * HASH_BYTES;
  private static final int QUANTITY_CHARACTERS = 2 + 16;

  private Hex() {}

  static boolean isHex(CharSequence text) {
    if (text.length() < 2 || text.charAt(0) != '0' || (text.charAt(1) | 0x20) != 'x') {
      return false;
    }
    for (int i = 2; i < text.length(); i++) {
      if (text.charAt(i) > 'f' || HexQuantity.digit((byte) text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean isHash(CharSequence text) {
    return text.length() == HASH_CHARACTERS && isHex(text);
  }

  /** The number that is written, or -1 if it is none below 2^63. */
  static long quantity(String text) {
    String canonical = canonical(text);
    if (!isHex(text) || canonical.length() < 3 || canonical.length() > QUANTITY_CHARACTERS) {
      return -1;
    }
    return Math.max(-1, Long.parseUnsignedLong(canonical, 2, canonical.length(), 16));
  }

  /** One spelling for all that mean the same: small letters; a number without leading zeros. */
  static String canonical(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() >= HASH_CHARACTERS || !lower.startsWith("0x")) {
      return lower;
    }
    int at = 2;
    while (at < lower.length() - 1 && lower.charAt(at) == '0') {
      at++;
    }
    return "0x" + lower.substring(at);
  }

  /** The bytes that are written, an odd digit alone in the first; null if it is no hex text. */
  static byte @Nullable [] bytes(String text) {
    if (!isHex(text)) {
      return null;
    }
    int digits = text.length() - 2;
    byte[] bytes = new byte[(digits + 1) / 2];
    for (int i = 0; i < digits; i++) {
      int digit = HexQuantity.digit((byte) text.charAt(text.length() - 1 - i));
      bytes[bytes.length - 1 - i / 2] |= (byte) (i % 2 == 0 ? digit : digit << 4);
    }
    return bytes;
  }

  static byte[] keccak(byte[] bytes) {
    KeccakDigest keccak = new KeccakDigest(8 * HASH_BYTES);
    keccak.update(bytes, 0, bytes.length);
    byte[] hash = new byte[HASH_BYTES];
    keccak.doFinal(hash, 0);
    return hash;
  }
}
