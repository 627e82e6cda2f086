package io.fairlead.gateway.upstream.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Frames of a client (RFC 6455, section 5), masked, one behind the other in a single buffer, so
 * that all that a turn of the loop has to say is one write.
 *
 * <p>Thread-safety: loop-confined. Ownership: owns the buffer until it is taken.
 */
final class FrameWriter {
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xa;

  private static final int TEXT = 0x1;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int LENGTH_IN_TWO_BYTES = 126;
  private static final int LENGTH_IN_EIGHT_BYTES = 127;
  private static final int FIRST_BYTES = 4096;

  private final ByteBufAllocator alloc;
  private final Masks masks;
  private @Nullable ByteBuf out;

  FrameWriter(ByteBufAllocator alloc, Masks masks) {
    this.alloc = alloc;
    this.masks = masks;
  }

  /**
   * Adds a call with another id than it has.
   *
   * @param body the call; still the caller's, its indexes untouched
   * @param idOffset where its id begins
   * @param idLength how long that is
   * @param id what takes its place
   */
  void addCall(ByteBuf body, int idOffset, int idLength, long id) {
    int start = body.readerIndex();
    int behind = idOffset + idLength;
    int digits = digits(id);
    ByteBuf to = begin(TEXT, body.readableBytes() - idLength + digits);
    int mask = masks.next();
    to.writeInt(mask);
    int from = to.writerIndex();
    to.writeBytes(body, start, idOffset);
    writeDecimal(to, id, digits);
    to.writeBytes(body, start + behind, body.readableBytes() - behind);
    mask(to, from, mask);
  }

  /**
   * Adds a control frame.
   *
   * @param opcode {@link #CLOSE}, {@link #PING} or {@link #PONG}
   * @param payload at most 125 bytes; still the caller's
   */
  void addControl(int opcode, ByteBuf payload) {
    ByteBuf to = begin(opcode, payload.readableBytes());
    int mask = masks.next();
    to.writeInt(mask);
    int from = to.writerIndex();
    to.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    mask(to, from, mask);
  }

  private ByteBuf begin(int opcode, int length) {
    ByteBuf to = out;
    if (to == null) {
      to = alloc.directBuffer(FIRST_BYTES);
      out = to;
    }
    to.writeByte(FINAL | opcode);
    if (length < LENGTH_IN_TWO_BYTES) {
      to.writeByte(MASKED | length);
    } else if (length <= 0xffff) {
      to.writeByte(MASKED | LENGTH_IN_TWO_BYTES).writeShort(length);
    } else {
      to.writeByte(MASKED | LENGTH_IN_EIGHT_BYTES).writeLong(length);
    }
    return to;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static void writeDecimal(ByteBuf to, long value, int digits) {
    int end = to.writerIndex() + digits;
    to.writeZero(digits);
    long rest = value;
    for (int at = end - 1; at >= end - digits; at--) {
      to.setByte(at, (int) ('0' + rest % 10));
      rest /= 10;
    }
  }

  /** Applies a mask to all from an index on. */
  private static void mask(ByteBuf to, int from, int mask) {
    long both = ((mask & 0xffffffffL) << Integer.SIZE) | (mask & 0xffffffffL);
    int end = to.writerIndex();
    int at = from;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      to.setLong(at, to.getLong(at) ^ both);
    }
    for (int shift = Integer.SIZE - Byte.SIZE; at < end; at++) {
      to.setByte(at, to.getByte(at) ^ (mask >>> shift));
      shift = (shift - Byte.SIZE) & (Integer.SIZE - 1);
    }
  }

  /** How much there is to be sent, in bytes. */
  int size() {
    return out == null ? 0 : out.readableBytes();
  }

  /** What there is to be sent, the caller's from now on; null if there is nothing. */
  @Nullable ByteBuf take() {
    ByteBuf taken = out;
    out = null;
    return taken;
  }
}
