package io.fairlead.gateway.transaction;

import java.math.BigInteger;
import java.util.List;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;

/** Transactions signed by another implementation. */
public final class Signed {
  private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);
  private static final BigInteger GAS = BigInteger.valueOf(21_000);
  private static final String NOBODY = "0x00000000000000000000000000000000000f41e4";

  /** An account that every anvil funds. */
  public static final Credentials ACCOUNT =
      Credentials.create("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

  private Signed() {}

  /** A gift of one wei by EIP-1559. */
  public static byte[] gift(Credentials from, long chainId, long nonce) {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(nonce),
            GAS,
            NOBODY,
            BigInteger.ONE,
            "",
            GWEI,
            GWEI.multiply(BigInteger.valueOf(100)));
    return TransactionEncoder.signMessage(transaction, from);
  }

  /** A transaction with data. */
  public static byte[] withData(long chainId, long nonce, int bytes) {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(nonce),
            GAS,
            NOBODY,
            BigInteger.ONE,
            "0x" + "ab".repeat(bytes),
            GWEI,
            GWEI.multiply(BigInteger.valueOf(100)));
    return TransactionEncoder.signMessage(transaction, ACCOUNT);
  }

  static byte[] legacy(long chainId, long nonce) {
    RawTransaction transaction = legacy(nonce);
    return chainId == 0
        ? TransactionEncoder.signMessage(transaction, ACCOUNT)
        : TransactionEncoder.signMessage(transaction, chainId, ACCOUNT);
  }

  private static RawTransaction legacy(long nonce) {
    return RawTransaction.createTransaction(
        BigInteger.valueOf(nonce), GWEI, GAS, NOBODY, BigInteger.ONE, "0x1234");
  }

  static byte[] accessList(long chainId, long nonce) {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chainId, BigInteger.valueOf(nonce), GWEI, GAS, NOBODY, BigInteger.ONE, "", List.of());
    return TransactionEncoder.signMessage(transaction, ACCOUNT);
  }
}
