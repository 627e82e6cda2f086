package io.fairlead.gateway.transaction;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One record of a {@link Journal}: its length, a CRC-32C of what follows, whether it adds or
 * removes, the entry's number, the entry.
 *
 * <p>Thread-safety: immutable; the bytes must not be changed.
 */
final class JournalRecord {
  /** What a journal begins with. */
  static final byte[] HEADER = "fairlead-outbox1".getBytes(StandardCharsets.US_ASCII);

  private static final int HEAD_BYTES = Integer.BYTES + Integer.BYTES;
  private static final int MIN_BYTES = HEAD_BYTES + 1 + Long.BYTES;
  private static final int MAX_BYTES = 1 << 30;
  private static final byte PUT = 1;
  private static final byte REMOVE = 2;
  private static final byte[] NOTHING = {};

  private final boolean isPut;
  private final long number;
  private final byte[] entry;

  private JournalRecord(boolean isPut, long number, byte[] entry) {
    this.isPut = isPut;
    this.number = number;
    this.entry = entry;
  }

  static JournalRecord put(long number, byte[] entry) {
    return new JournalRecord(true, number, entry);
  }

  static JournalRecord remove(long number) {
    return new JournalRecord(false, number, NOTHING);
  }

  static boolean isJournal(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(HEADER.length), HEADER);
    }
  }

  boolean isPut() {
    return isPut;
  }

  long number() {
    return number;
  }

  byte[] entry() {
    return entry;
  }

  /** Of the whole record, in bytes. */
  int length() {
    return MIN_BYTES + entry.length;
  }

  void write(ByteBuffer out) {
    int at = out.position();
    out.putInt(length()).putInt(0).put(isPut ? PUT : REMOVE).putLong(number).put(entry);
    out.putInt(at + Integer.BYTES, checksum(out.duplicate().flip().position(at + HEAD_BYTES)));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /**
   * Reads a record.
   *
   * @param at where it begins
   * @param size where the file ends
   * @return null if there is no whole record
   */
  static @Nullable JournalRecord read(FileChannel channel, long at, long size) throws IOException {
    if (size - at < MIN_BYTES) {
      return null;
    }
    ByteBuffer head = fill(channel, at, HEAD_BYTES);
    int length = head.getInt();
    if (length < MIN_BYTES || length > Math.min(size - at, MAX_BYTES)) {
      return null;
    }
    ByteBuffer content = fill(channel, at + HEAD_BYTES, length - HEAD_BYTES);
    if (checksum(content.duplicate()) != head.getInt()) {
      return null;
    }
    byte kind = content.get();
    long number = content.getLong();
    byte[] entry = new byte[content.remaining()];
    content.get(entry);
    return kind == PUT || kind == REMOVE ? new JournalRecord(kind == PUT, number, entry) : null;
  }

  private static ByteBuffer fill(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("the journal ends while it is read");
      }
    }
    return buffer.flip();
  }
}
