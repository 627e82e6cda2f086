package io.fairlead.gateway.transaction;

import io.fairlead.gateway.jsonrpc.RawTransactions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that the gateway has answered for.
 *
 * <p>Thread-safety: safe; the bytes must not be changed.
 */
public final class OutboxEntry {
  private static final int FORMAT = 1;
  private static final int HIDDEN = 1;

  private final String chain;
  private final byte[] raw;
  private final String hash;
  private final boolean isPrivate;
  private final Instant acceptedAt;
  private volatile @Nullable Origin origin;

  /**
   * Whose transaction it is.
   *
   * @param sender {@code 0x} and 40 lower-case digits, or null if the transaction's type is unknown
   * @param nonce its number among the sender's; 0 if the sender is unknown
   */
  public record Origin(@Nullable String sender, long nonce) {
    private static final Origin UNKNOWN = new Origin(null, 0);

    private static Origin of(byte[] raw) {
      SignedTransaction transaction = SignedTransaction.parse(raw);
      String sender = transaction == null ? null : transaction.sender();
      return transaction == null || sender == null
          ? UNKNOWN
          : new Origin(sender, transaction.nonce());
    }
  }

  private OutboxEntry(
      String chain, byte[] raw, String hash, boolean isPrivate, Instant acceptedAt) {
    this.chain = chain;
    this.raw = raw;
    this.hash = hash;
    this.isPrivate = isPrivate;
    this.acceptedAt = acceptedAt;
  }

  /**
   * An entry.
   *
   * @param chain the chain's name
   * @param raw the transaction as it is sent, at least a byte; kept
   * @param isPrivate whether none but private upstreams may see it
   * @param acceptedAt when the client was told that it is accepted, or is about to be
   */
  public static OutboxEntry of(String chain, byte[] raw, boolean isPrivate, Instant acceptedAt) {
    String hash = RawTransactions.hash(raw);
    if (hash == null) {
      throw new IllegalArgumentException("raw: a cut blob transaction (expected: a whole one)");
    }
    return new OutboxEntry(chain, raw, hash, isPrivate, acceptedAt);
  }

  /** The chain's name. */
  public String chain() {
    return chain;
  }

  /** The transaction as it is sent; not to be changed. */
  public byte[] raw() {
    return raw;
  }

  /** {@code 0x} and 64 digits. */
  public String hash() {
    return hash;
  }

  /** Whose it is; takes some tenths of a millisecond the first time. */
  public Origin origin() {
    Origin known = origin;
    if (known == null) {
      known = Origin.of(raw);
      origin = known;
    }
    return known;
  }

  /** Whose it is if {@link #origin} has been asked before. */
  @Nullable Origin knownOrigin() {
    return origin;
  }

  /** Whether none but private upstreams may see it. */
  public boolean isPrivate() {
    return isPrivate;
  }

  /** When the client was told. */
  public Instant acceptedAt() {
    return acceptedAt;
  }

  /** Two entries with the same key are the same transaction. */
  String key() {
    return chain + '/' + hash;
  }

  /** What it takes of the outbox's size: its bytes and what is kept beside them. */
  long sizeBytes() {
    return raw.length + 200L;
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length + 128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(acceptedAt.toEpochMilli());
      out.writeByte(isPrivate ? HIDDEN : 0);
      out.writeUTF(chain);
      out.writeInt(raw.length);
      out.write(raw);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if it is something else
   */
  static OutboxEntry decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw new IOException("format: " + format + " (expected: " + FORMAT + ")");
      }
      Instant acceptedAt = Instant.ofEpochMilli(in.readLong());
      boolean isPrivate = in.readUnsignedByte() == HIDDEN;
      String chain = in.readUTF();
      byte[] raw = in.readNBytes(in.readInt());
      if (raw.length == 0 || in.read() >= 0) {
        throw new IOException("an entry of " + bytes.length + " bytes (expected: a whole one)");
      }
      return of(chain, raw, isPrivate, acceptedAt);
    } catch (IllegalArgumentException e) {
      throw new IOException("not a transaction", e);
    }
  }
}
