package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Writes a server's frames: final or not, never masked.
 *
 * <p>Thread-safety: stateless. Source: RFC 6455, section 5.2.
 */
final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PONG = 10;
  private static final int FIN = 0x80;

  /** Says that the message is compressed (RFC 7692). */
  static final int RSV1 = 0x40;

  /** The longest head of a frame that is not masked. */
  static final int MAX_HEAD_BYTES = 10;

  private static final int MAX_REASON_BYTES = 120;
  private static final ByteBuf PING =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeByte(FIN | 9).writeByte(0));

  private Frames() {}

  /** A whole text message in a frame of its own; takes the text over. */
  static ByteBuf ofText(ByteBuf text) {
    int length = text.readableBytes();
    ByteBuf frame = text.alloc().ioBuffer(MAX_HEAD_BYTES + length);
    writeHead(frame, FIN | TEXT, length);
    frame.writeBytes(text, text.readerIndex(), length);
    text.release();
    return frame;
  }

  /**
   * Writes the head of a frame.
   *
   * @param kind the opcode, with {@link #RSV1} if compressed
   * @param last whether the message ends with it
   */
  static void writeHead(ByteBuf out, int kind, boolean last, int length) {
    writeHead(out, last ? FIN | kind : kind, length);
  }

  private static void writeHead(ByteBuf out, int first, int length) {
    out.writeByte(first);
    if (length < 126) {
      out.writeByte(length);
    } else if (length <= 0xffff) {
      out.writeByte(126).writeShort(length);
    } else {
      out.writeByte(127).writeLong(length);
    }
  }

  static ByteBuf ping() {
    return PING.duplicate();
  }

  /** The answer to a ping; copies what the ping carried. */
  static ByteBuf pong(ByteBuf carried) {
    int length = carried.readableBytes();
    ByteBuf frame = carried.alloc().ioBuffer(2 + length);
    writeHead(frame, FIN | PONG, length);
    return frame.writeBytes(carried, carried.readerIndex(), length);
  }

  /**
   * A close frame into an empty buffer.
   *
   * @param code its code; {@link CloseCode#NO_CODE} for none
   * @param reason ASCII text, cut to what fits
   */
  static ByteBuf close(ByteBuf out, int code, String reason) {
    if (code == CloseCode.NO_CODE) {
      return out.writeByte(FIN | CLOSE).writeByte(0);
    }
    String fitting = reason.substring(0, Math.min(reason.length(), MAX_REASON_BYTES));
    writeHead(out, FIN | CLOSE, 2 + fitting.length());
    out.writeShort(code);
    ByteBufUtil.writeAscii(out, fitting);
    return out;
  }
}
