package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * The message of which frames are arriving.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: owns the pieces that have
 * arrived until they are taken or dropped.
 */
final class ArrivingMessage {
  private static final int FIRST_ROOM_BYTES = 1024;

  private @Nullable ByteBuf pieces;
  private boolean copied;
  private boolean text;
  private boolean compressed;
  private int utf8;

  /** Its first frame is here. */
  void begin(WebSocketFrame frame) {
    text = frame instanceof TextWebSocketFrame;
    utf8 = Utf8Check.BETWEEN;
    compressed = frame.rsv() != 0;
    copied = false;
  }

  boolean isText() {
    return text;
  }

  boolean isCompressed() {
    return compressed;
  }

  /** What has arrived, in bytes. */
  int heldBytes() {
    ByteBuf present = pieces;
    return present == null ? 0 : present.readableBytes();
  }

  /** Whether the text is UTF-8 with its next part, which may end in the middle of a character. */
  boolean isUtf8(ByteBuf part, boolean last) {
    utf8 = Utf8Check.next(utf8, part);
    return last ? utf8 == Utf8Check.BETWEEN : utf8 != Utf8Check.BROKEN;
  }

  /** Keeps a piece that is not the last. */
  void add(ByteBuf piece, ByteBufAllocator alloc) {
    pieces = take(piece, alloc);
  }

  /** The whole of what has arrived: a single piece as it is, several copied together. */
  ByteBuf take(ByteBuf piece, ByteBufAllocator alloc) {
    ByteBuf before = pieces;
    pieces = null;
    if (before == null) {
      return piece;
    }
    ByteBuf whole = copied ? before : copy(before, alloc);
    whole.writeBytes(piece);
    piece.release();
    return whole;
  }

  private ByteBuf copy(ByteBuf piece, ByteBufAllocator alloc) {
    copied = true;
    ByteBuf copy = alloc.ioBuffer(FIRST_ROOM_BYTES + piece.readableBytes());
    copy.writeBytes(piece);
    piece.release();
    return copy;
  }

  /** Gives up what has arrived. */
  void drop() {
    ByteBuf present = pieces;
    pieces = null;
    if (present != null) {
      present.release();
    }
  }
}
