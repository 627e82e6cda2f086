package io.fairlead.gateway.demo.world;

import java.util.HexFormat;

/**
 * Everything about the simulated chain that looks random: a function of a seed, a kind and a
 * number, so that any two nodes, and whoever checks them, find the same.
 *
 * <p>The first word of a 32-byte hash is its number, scrambled by a bijection; the other three are
 * a digest of seed, kind and number. So a hash leads back to its number without a table.
 */
final class Derivation {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final long ODD = 0xD134_2543_DE82_EF95L;
  private static final HexFormat HEX = HexFormat.of();

  private final long seed;

  Derivation(long seed) {
    this.seed = seed;
  }

  /** A digest of up to three numbers. */
  long word(int kind, long a, long b) {
    return mix(mix(mix(seed + kind * GOLDEN) + a) + b);
  }

  /** 32 bytes that lead back to {@code number}, with {@code 0x}. */
  String hash(int kind, long number) {
    StringBuilder text =
        new StringBuilder(66).append("0x").append(HEX.toHexDigits(scramble(number)));
    for (int i = 0; i < 3; i++) {
      text.append(HEX.toHexDigits(word(kind, number, i)));
    }
    return text.toString();
  }

  /** The number whose hash of this kind this is, or -1. */
  long numberOf(int kind, String hash) {
    if (hash.length() != 66 || !hash.startsWith("0x")) {
      return -1;
    }
    long number;
    try {
      number = unscramble(HexFormat.fromHexDigitsToLong(hash, 2, 18));
    } catch (IllegalArgumentException notHex) {
      return -1;
    }
    return number >= 0 && hash(kind, number).equals(hash) ? number : -1;
  }

  /** 20 bytes with {@code 0x}. */
  String address(int kind, long number) {
    return "0x"
        + HEX.toHexDigits(word(kind, number, 0))
        + HEX.toHexDigits(word(kind, number, 1))
        + HEX.toHexDigits(word(kind, number, 2), 8);
  }

  /** A digest of text, the same for every seed. */
  static long digest(String text) {
    long sum = GOLDEN;
    for (int i = 0; i < text.length(); i++) {
      sum = mix(sum + Character.toLowerCase(text.charAt(i)));
    }
    return sum;
  }

  private static long scramble(long x) {
    long y = x * ODD;
    return (y ^ (y >>> 32)) * ODD;
  }

  private static long unscramble(long x) {
    long inverse = ODD; // Newton: each step doubles the number of right bits, 3 to begin with.
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - ODD * inverse;
    }
    long y = x * inverse;
    return (y ^ (y >>> 32)) * inverse;
  }

  /** The finaliser of SplitMix64. */
  private static long mix(long z) {
    long y = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    y = (y ^ (y >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return y ^ (y >>> 31);
  }
}
