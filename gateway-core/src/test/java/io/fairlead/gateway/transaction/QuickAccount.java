package io.fairlead.gateway.transaction;

import io.fairlead.gateway.jsonrpc.RawTransactions;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Objects;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/**
 * An account that signs by a few multiplications: the secret number of every signature is one, so
 * that R is the curve's generator. Everybody could take its money; a test has none.
 */
public final class QuickAccount {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final BigInteger ORDER = CURVE.getN();
  private static final ECPoint GENERATOR = CURVE.getG().normalize();
  private static final BigInteger GAS_PRICE = BigInteger.valueOf(1_000_000_000);

  private final BigInteger key;
  private final String address;

  /** A transaction as it is sent, in hexadecimal, and its hash. */
  public record Made(String raw, String hash) {}

  /**
   * An account.
   *
   * @param key 1 or more
   */
  public QuickAccount(long key) {
    this.key = BigInteger.valueOf(key);
    this.address = Credentials.create(Numeric.toHexStringWithPrefix(this.key)).getAddress();
  }

  /** {@code 0x} and 40 lower-case digits. */
  public String address() {
    return address;
  }

  /** A gift of one wei. */
  public Made gift(long chainId, long nonce) {
    RawTransaction plain =
        RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(nonce),
            BigInteger.valueOf(21_000),
            "0x00000000000000000000000000000000000f41e4",
            BigInteger.ONE,
            "",
            GAS_PRICE,
            GAS_PRICE);
    BigInteger digest = new BigInteger(1, Hash.sha3(TransactionEncoder.encode(plain)));
    BigInteger r = GENERATOR.getAffineXCoord().toBigInteger().mod(ORDER);
    BigInteger s = digest.add(r.multiply(key)).mod(ORDER);
    boolean isOdd = GENERATOR.getAffineYCoord().testBitZero();
    boolean isHigh = s.compareTo(ORDER.shiftRight(1)) > 0;
    Sign.SignatureData signature =
        new Sign.SignatureData(
            (byte) (isOdd ^ isHigh ? 28 : 27),
            Numeric.toBytesPadded(r, 32),
            Numeric.toBytesPadded(isHigh ? ORDER.subtract(s) : s, 32));
    byte[] raw = TransactionEncoder.encode(plain, signature);
    return new Made(
        "0x" + HexFormat.of().formatHex(raw), Objects.requireNonNull(RawTransactions.hash(raw)));
  }
}
