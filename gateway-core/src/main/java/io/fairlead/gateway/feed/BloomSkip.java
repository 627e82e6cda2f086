package io.fairlead.gateway.feed;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a header's bloom that a block has no log that anybody waits for.
 *
 * <p><b>Idea.</b> A bloom that lacks one of the three bits of an address rules out its logs. But
 * some chains write no true bloom into their headers, all zeros for instance, and what is skipped
 * for such a one is lost. So a chain's blooms count only after logs were found that its bloom had
 * announced, and never again once logs were found that it had not.
 *
 * <p>Cost: three bits an address and block; one Keccak-256 an address when the interest changes and
 * one a log's address that is found. Source: Yellow Paper, 4.3.1. Thread-safety: confined to the
 * home loop.
 */
final class BloomSkip {
  private static final int CHARACTERS = 2 + 2 * 256;
  private static final int LOOKED_AT = 16;

  private LogInterest known = LogInterest.NONE;
  private int[][] knownBits = new int[0][];
  private boolean hasProof;
  private boolean isWrong;

  /** Whether the logs of a block need not be asked for. */
  boolean isSkipped(Header block, LogInterest interest) {
    if (interest.isNone()) {
      return true;
    }
    String bloom = block.logsBloom();
    if (isWrong || !hasProof || !isBloom(bloom)) {
      return false;
    }
    return interest.isAny() ? isEmpty(bloom) : !hasAny(bloom, interest);
  }

  /** Logs of a block were found: what do they say of its bloom? */
  void onLogs(Header block, List<Log> logs) {
    String bloom = block.logsBloom();
    if (isWrong || !isBloom(bloom)) {
      return;
    }
    for (Log log : logs.subList(0, Math.min(LOOKED_AT, logs.size()))) {
      if (has(bloom, bits(log.address()))) {
        hasProof = true;
      } else {
        isWrong = true;
      }
    }
  }

  private static boolean isBloom(@Nullable String bloom) {
    return bloom != null && bloom.length() == CHARACTERS;
  }

  private static boolean isEmpty(@Nullable String bloom) {
    for (int i = 2; bloom != null && i < bloom.length(); i++) {
      if (bloom.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  private boolean hasAny(@Nullable String bloom, LogInterest interest) {
    if (!interest.equals(known)) {
      knownBits = bits(interest.addresses());
      known = interest;
    }
    for (int[] bits : knownBits) {
      if (has(bloom, bits)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(@Nullable String bloom, int[] bits) {
    for (int bit : bits) {
      // The last digit holds the lowest four bits.
      if (bloom == null
          || (HexQuantity.digit((byte) bloom.charAt(CHARACTERS - 1 - bit / 4)) >> (bit % 4) & 1)
              == 0) {
        return false;
      }
    }
    return true;
  }

  private static int[][] bits(Set<String> addresses) {
    return addresses.stream().map(BloomSkip::bits).toArray(int[][]::new);
  }

  private static int[] bits(String address) {
    byte[] hash = keccak(bytes(address));
    int[] bits = new int[3];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = ((hash[2 * i] & 0x07) << 8) | (hash[2 * i + 1] & 0xff);
    }
    return bits;
  }

  private static byte[] bytes(String hex) {
    byte[] digits = hex.getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[digits.length / 2 - 1];
    for (int i = 0; i < bytes.length; i++) {
      int high = HexQuantity.digit(digits[2 * i + 2]);
      bytes[i] = (byte) (high << 4 | HexQuantity.digit(digits[2 * i + 3]));
    }
    return bytes;
  }

  private static byte[] keccak(byte[] bytes) {
    KeccakDigest digest = new KeccakDigest(256);
    digest.update(bytes, 0, bytes.length);
    byte[] hash = new byte[32];
    digest.doFinal(hash, 0);
    return hash;
  }
}
