package io.fairlead.gateway.transaction;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/**
 * Finds who signed a transaction.
 *
 * <p>A signature (r, s) over e with the parity of R's ordinate determines the public key {@code Q =
 * r^-1 (s R - e G)}; the address is the last 20 bytes of the key's Keccak-256. An s above half the
 * order is refused, as in consensus since Homestead.
 *
 * <p>Thread-safety: safe. Cost: some tenths of a millisecond. Source: SEC 1 version 2.0, section
 * 4.1.6; EIP-2.
 */
final class SenderRecovery {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final BigInteger ORDER = CURVE.getN();
  private static final BigInteger HALF = ORDER.shiftRight(1);
  private static final int COORDINATE_BYTES = 32;

  private SenderRecovery() {}

  /**
   * Who signed.
   *
   * @param signed the bytes whose Keccak-256 was signed
   * @param isOdd the parity of R's ordinate
   * @return {@code 0x} and 40 digits, or null if it is no signature
   */
  static @Nullable String sender(byte[] signed, boolean isOdd, BigInteger r, BigInteger s) {
    boolean inRange = r.signum() > 0 && r.compareTo(ORDER) < 0 && s.signum() > 0;
    if (!inRange || s.compareTo(HALF) > 0) {
      return null;
    }
    ECPoint nonce = point(r, isOdd);
    if (nonce == null) {
      return null;
    }
    BigInteger e = new BigInteger(1, keccak(signed));
    BigInteger inverse = r.modInverse(ORDER);
    ECPoint key =
        ECAlgorithms.sumOfTwoMultiplies(
                CURVE.getG(),
                e.negate().multiply(inverse).mod(ORDER),
                nonce,
                s.multiply(inverse).mod(ORDER))
            .normalize();
    return key.isInfinity() ? null : address(key.getEncoded(false));
  }

  private static @Nullable ECPoint point(BigInteger x, boolean isOdd) {
    byte[] encoded = new byte[1 + COORDINATE_BYTES];
    encoded[0] = (byte) (isOdd ? 3 : 2);
    byte[] digits = x.toByteArray();
    int length = Math.min(digits.length, COORDINATE_BYTES);
    System.arraycopy(digits, digits.length - length, encoded, encoded.length - length, length);
    try {
      return CURVE.getCurve().decodePoint(encoded);
    } catch (IllegalArgumentException e) {
      return null; // no point of the curve has this abscissa
    }
  }

  private static String address(byte[] key) {
    byte[] hash = keccak(Arrays.copyOfRange(key, 1, key.length));
    return "0x" + HexFormat.of().formatHex(hash, 12, hash.length);
  }

  private static byte[] keccak(byte[] bytes) {
    KeccakDigest digest = new KeccakDigest(8 * COORDINATE_BYTES);
    digest.update(bytes, 0, bytes.length);
    byte[] hash = new byte[COORDINATE_BYTES];
    digest.doFinal(hash, 0);
    return hash;
  }
}
