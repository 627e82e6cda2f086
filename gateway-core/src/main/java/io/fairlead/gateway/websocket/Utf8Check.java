package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * Tells whether bytes that come in pieces are UTF-8, as soon as they cannot be any more.
 *
 * <p>What follows a piece depends on little: how many bytes of a character are still owed, and
 * between which bounds the next of them must lie. Both are packed into one int, so that a
 * connection keeps nothing else between two pieces; 0 is the beginning and every place between two
 * characters. Runs of ASCII are passed over eight bytes at a time.
 *
 * <p>Thread-safety: stateless. Source: The Unicode Standard, table 3-7 (well-formed UTF-8 byte
 * sequences); RFC 3629.
 */
final class Utf8Check {
  /** Between two characters; a text must end here. */
  static final int BETWEEN = 0;

  /** No continuation makes it UTF-8. */
  static final int BROKEN = -1;

  private static final long NOT_ASCII = 0x8080808080808080L;
  private static final int USUAL = pack(0, 0x80, 0xbf);

  private Utf8Check() {}

  /**
   * Goes on with the next piece.
   *
   * @param state what the last piece left, {@link #BETWEEN} at first
   * @param piece its readable bytes; left as it is
   * @return the state behind it, {@link #BROKEN} if it is not UTF-8
   */
  static int next(int state, ByteBuf piece) {
    int at = state == BETWEEN ? afterAscii(piece) : piece.readerIndex();
    if (at == piece.writerIndex()) {
      return state;
    }
    Walk walk = new Walk(state);
    piece.forEachByte(at, piece.writerIndex() - at, walk);
    return walk.state;
  }

  private static int afterAscii(ByteBuf piece) {
    int at = piece.readerIndex();
    int end = piece.writerIndex();
    while (end - at >= Long.BYTES && (piece.getLong(at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    return at;
  }

  /** How many bytes are owed (bits 16 to 17), and the bounds of the next (bits 8 to 15, 0 to 7). */
  private static int pack(int owed, int least, int most) {
    return owed << 16 | least << 8 | most;
  }

  private static final class Walk implements ByteProcessor {
    private int state;

    Walk(int state) {
      this.state = state;
    }

    @Override
    public boolean process(byte value) {
      int b = value & 0xff;
      state = state == BETWEEN ? lead(b) : trail(b);
      return state != BROKEN;
    }

    private static int lead(int b) {
      if (b < 0x80) {
        return BETWEEN;
      } else if (b < 0xc2 || b > 0xf4) {
        return BROKEN;
      } else if (b < 0xe0) {
        return USUAL | 1 << 16;
      }
      return switch (b) {
        case 0xe0 -> pack(2, 0xa0, 0xbf);
        case 0xed -> pack(2, 0x80, 0x9f);
        case 0xf0 -> pack(3, 0x90, 0xbf);
        case 0xf4 -> pack(3, 0x80, 0x8f);
        default -> USUAL | (b < 0xf0 ? 2 : 3) << 16;
      };
    }

    private int trail(int b) {
      if (b < (state >> 8 & 0xff) || b > (state & 0xff)) {
        return BROKEN;
      }
      int owed = (state >> 16) - 1;
      return owed == 0 ? BETWEEN : USUAL | owed << 16;
    }
  }
}
