package io.fairlead.gateway.transaction;

import io.fairlead.gateway.jsonrpc.RawTransactions;
import java.math.BigInteger;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A signed transaction whose envelope is understood.
 *
 * <p>Understood are the legacy form (with and without EIP-155) and the types 1 (EIP-2930), 2
 * (EIP-1559), 3 (EIP-4844, with or without its sidecar) and 4 (EIP-7702). Whatever else a chain
 * takes goes its way all the same, but nobody here can say whether it is sound.
 *
 * <p>Thread-safety: immutable; the bytes must not be changed.
 */
public final class SignedTransaction {
  private static final int LEGACY_ITEMS = 9;
  private static final int LEGACY_UNSIGNED = 6;
  private static final int EIP155_OFFSET = 35;
  private static final int BLOB_TYPE = 3;

  /** How many items a typed transaction has, by type. */
  private static final int[] TYPED_ITEMS = {0, 11, 12, 14, 13};

  private final byte[] raw;
  private final String hash;
  private final RlpList fields;
  private final int type;
  private final OptionalLong chainId;
  private final long nonce;

  private SignedTransaction(byte[] raw, String hash, RlpList fields, int type, Order order) {
    this.raw = raw;
    this.hash = hash;
    this.fields = fields;
    this.type = type;
    this.chainId = order.chainId;
    this.nonce = order.nonce;
  }

  private record Order(OptionalLong chainId, long nonce) {}

  /**
   * Reads a transaction.
   *
   * @param raw as it is sent to a node; kept
   * @return null if the bytes are no transaction of a known type
   */
  public static @Nullable SignedTransaction parse(byte[] raw) {
    if (raw.length == 0) {
      return null;
    }
    int type = raw[0] < 0 ? 0 : raw[0];
    RlpList fields = type < TYPED_ITEMS.length && raw[0] != 0 ? fields(raw, type) : null;
    String hash = fields == null ? null : RawTransactions.hash(raw);
    Order order = hash == null || fields == null ? null : order(fields, type);
    return order == null || hash == null || fields == null
        ? null
        : new SignedTransaction(raw, hash, fields, type, order);
  }

  private static @Nullable RlpList fields(byte[] raw, int type) {
    RlpList list = RlpList.read(raw, type == 0 ? 0 : 1, raw.length);
    if (list != null && type == BLOB_TYPE && list.size() > 0 && list.isList(0)) {
      list = list.size() == 4 || list.size() == 5 ? list.list(0) : null;
    }
    int items = type == 0 ? LEGACY_ITEMS : TYPED_ITEMS[type];
    return list != null && list.size() == items ? list : null;
  }

  private static @Nullable Order order(RlpList fields, int type) {
    BigInteger nonce = fields.number(type == 0 ? 0 : 1);
    BigInteger chainId = type == 0 ? legacyChainId(fields) : fields.number(0);
    boolean isSigned =
        fields.number(fields.size() - 1) != null && fields.number(fields.size() - 2) != null;
    if (nonce == null || chainId == null || !isSigned) {
      return null;
    }
    if (nonce.bitLength() >= Long.SIZE || chainId.bitLength() >= Long.SIZE) {
      return null;
    }
    boolean isBound = chainId.signum() > 0;
    return new Order(
        isBound ? OptionalLong.of(chainId.longValue()) : OptionalLong.empty(), nonce.longValue());
  }

  /** The chain id by EIP-155, zero for a signature without one, null for none. */
  private static @Nullable BigInteger legacyChainId(RlpList fields) {
    BigInteger v = fields.number(LEGACY_UNSIGNED);
    if (v == null || v.bitLength() > Long.SIZE) {
      return null;
    }
    long offset = v.longValue() - EIP155_OFFSET;
    if (v.equals(BigInteger.valueOf(27)) || v.equals(BigInteger.valueOf(28))) {
      return BigInteger.ZERO;
    }
    return offset < 2 ? null : BigInteger.valueOf(offset / 2);
  }

  /** As it is sent; not to be changed. */
  public byte[] raw() {
    return raw;
  }

  /** {@code 0x} and 64 digits. */
  public String hash() {
    return hash;
  }

  /** The chain that it is meant for; empty if its signature holds on any. */
  public OptionalLong chainId() {
    return chainId;
  }

  /** Its number among its sender's transactions. */
  public long nonce() {
    return nonce;
  }

  /**
   * Who signed it; computed anew each time, which takes some tenths of a millisecond.
   *
   * @return {@code 0x} and 40 lower-case digits, or null if the signature is none
   */
  public @Nullable String sender() {
    int last = fields.size() - 1;
    BigInteger r = fields.number(last - 1);
    BigInteger s = fields.number(last);
    BigInteger v = fields.number(last - 2);
    if (r == null || s == null || v == null) {
      return null;
    }
    return type == 0 ? legacySender(v, r, s) : typedSender(v, r, s);
  }

  private @Nullable String typedSender(BigInteger parity, BigInteger r, BigInteger s) {
    if (parity.bitLength() > 1) {
      return null;
    }
    byte[] list = fields.prefix(fields.size() - 3, new byte[0]);
    byte[] signed = new byte[1 + list.length];
    signed[0] = (byte) type;
    System.arraycopy(list, 0, signed, 1, list.length);
    return SenderRecovery.sender(signed, parity.signum() > 0, r, s);
  }

  private @Nullable String legacySender(BigInteger v, BigInteger r, BigInteger s) {
    boolean isOdd = !v.testBit(0); // 27 and 35 + 2 id stand for even
    return SenderRecovery.sender(fields.prefix(LEGACY_UNSIGNED, eip155()), isOdd, r, s);
  }

  /** What a signature that is bound to a chain covers beside the fields. */
  private byte[] eip155() {
    if (chainId.isEmpty()) {
      return new byte[0];
    }
    byte[] id = RlpList.encode(BigInteger.valueOf(chainId.getAsLong()));
    byte[] more = new byte[id.length + 2];
    System.arraycopy(id, 0, more, 0, id.length);
    more[id.length] = (byte) 0x80;
    more[id.length + 1] = (byte) 0x80;
    return more;
  }
}
