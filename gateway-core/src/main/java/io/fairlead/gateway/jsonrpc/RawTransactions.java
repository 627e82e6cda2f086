package io.fairlead.gateway.jsonrpc;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.jspecify.annotations.Nullable;

/**
 * The hash by which the network knows a signed transaction, from its raw bytes.
 *
 * <p>It is Keccak-256 of the transaction as it stands in a block. That is what was sent, except for
 * blob transactions (EIP-4844, type 3), which are sent with a sidecar: {@code 0x03 || rlp([payload,
 * blobs, commitments, proofs])}, or since EIP-7594 {@code 0x03 || rlp([payload, version, blobs,
 * commitments, proofs])}. There the first item of the list is a list itself, and the hash covers
 * {@code 0x03 || rlp(payload)} alone.
 *
 * <p>Thread-safety: safe, no state. Cost: an array of the transaction's size; writes are rare.
 */
public final class RawTransactions {
  private static final int BLOB_TYPE = 3;
  private static final int HASH_BYTES = 32;
  private static final int EMPTY_LIST = 0xc0;
  private static final int LAST_SHORT_LIST = 0xf7;
  private static final HexFormat HEX = HexFormat.of();

  private RawTransactions() {}

  /**
   * The hash of the transaction that a call hands in as its first parameter.
   *
   * @param body the body that was scanned
   * @param call the spans of an {@code eth_sendRawTransaction}
   * @return {@code 0x} and 64 digits, or null if the parameter is no transaction in hexadecimal
   */
  public static @Nullable String hash(ByteBuf body, CallSpans call) {
    byte[] raw = bytes(body, call);
    return raw == null ? null : hash(raw);
  }

  /**
   * The transaction that a call hands in as its first parameter.
   *
   * @param body the body that was scanned
   * @param call the spans of an {@code eth_sendRawTransaction}
   * @return its bytes, at least one, or null if the parameter is not in hexadecimal
   */
  public static byte @Nullable [] bytes(ByteBuf body, CallSpans call) {
    return decode(body, call.parameterStart(0), call.parameterLength(0));
  }

  /**
   * The hash of a transaction.
   *
   * @param raw as it is sent, at least a byte
   * @return {@code 0x} and 64 digits, or null if a blob transaction is cut
   */
  public static @Nullable String hash(byte[] raw) {
    KeccakDigest keccak = new KeccakDigest(8 * HASH_BYTES);
    if (raw[0] == BLOB_TYPE && hasSidecar(raw)) {
      int payload = 1 + headLength(raw, 1);
      int length = itemLength(raw, payload);
      if (length < 0) {
        return null;
      }
      keccak.update((byte) BLOB_TYPE);
      keccak.update(raw, payload, length);
    } else {
      keccak.update(raw, 0, raw.length);
    }
    byte[] hash = new byte[HASH_BYTES];
    keccak.doFinal(hash, 0);
    return "0x" + HEX.formatHex(hash);
  }

  /** Whether the first item of the list after the type is a list. */
  private static boolean hasSidecar(byte[] raw) {
    if (raw.length < 2 || (raw[1] & 0xff) < EMPTY_LIST) {
      return false;
    }
    int first = 1 + headLength(raw, 1);
    return first < raw.length && (raw[first] & 0xff) >= EMPTY_LIST;
  }

  /** The length of an RLP list's head: one byte, or one and as many as its length takes. */
  private static int headLength(byte[] raw, int at) {
    int head = raw[at] & 0xff;
    return head <= LAST_SHORT_LIST ? 1 : 1 + head - LAST_SHORT_LIST;
  }

  /** The length of an RLP list with its head, or -1 if the bytes end before it. */
  private static int itemLength(byte[] raw, int at) {
    int head = raw[at] & 0xff;
    int headLength = headLength(raw, at);
    if (head <= LAST_SHORT_LIST) {
      return within(raw, at, 1L + head - EMPTY_LIST);
    }
    long content = 0;
    for (int i = 1; i < headLength; i++) {
      if (at + i >= raw.length || content >= raw.length) {
        return -1;
      }
      content = (content << 8) | (raw[at + i] & 0xff);
    }
    return within(raw, at, headLength + content);
  }

  private static int within(byte[] raw, int at, long length) {
    return length <= raw.length - at ? (int) length : -1;
  }

  private static byte @Nullable [] decode(ByteBuf body, int start, int length) {
    int digits = length - 4;
    if (start < 0 || digits <= 0 || digits % 2 != 0 || body.getByte(start + 1) != '0') {
      return null;
    }
    if ((body.getByte(start + 2) | 0x20) != 'x') {
      return null;
    }
    byte[] raw = new byte[digits / 2];
    for (int i = 0; i < raw.length; i++) {
      int high = HexQuantity.digit(body.getByte(start + 3 + 2 * i));
      int low = HexQuantity.digit(body.getByte(start + 4 + 2 * i));
      if (high < 0 || low < 0) {
        return null;
      }
      raw[i] = (byte) ((high << 4) | low);
    }
    return raw;
  }
}
