package io.fairlead.gateway.logs;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * Finds what stands between the brackets of an array that is an answer's result, piece by piece.
 *
 * <p>A null counts as an empty array, for that is how some nodes write one. White space before the
 * first element is dropped, so that whatever comes out first is an element's first byte.
 *
 * <p>Thread-safety: none, confined to one event loop. Ownership: pieces given are taken over; those
 * handed out are the receiver's.
 */
final class ArrayContent {
  private enum State {
    BEFORE,
    OPEN,
    INSIDE,
    BEHIND,
    NO_ARRAY
  }

  private final JsonDepth depth;
  private long toSkip;
  private State state = State.BEFORE;

  /**
   * An answer's result.
   *
   * @param valueStart how many bytes stand before it
   * @param window room for some KiB, shared by all of an event loop
   */
  ArrayContent(long valueStart, byte[] window) {
    depth = new JsonDepth(window);
    toSkip = valueStart;
  }

  /** Whether the array was there, and whole. */
  boolean isWhole() {
    return state == State.BEHIND;
  }

  /** Passes on what of the next piece of the answer is content. */
  void feed(ByteBuf piece, Consumer<ByteBuf> content) {
    int skipped = (int) Math.min(toSkip, piece.readableBytes());
    piece.skipBytes(skipped);
    toSkip -= skipped;
    if (state == State.BEFORE && piece.isReadable()) {
      open(piece);
    }
    if (state == State.OPEN) {
      skipSpace(piece);
    }
    if ((state == State.OPEN || state == State.INSIDE) && piece.isReadable()) {
      state = State.INSIDE;
      cut(piece);
    } else {
      piece.skipBytes(piece.readableBytes());
    }
    if (piece.isReadable()) {
      content.accept(piece);
    } else {
      piece.release();
    }
  }

  private void open(ByteBuf piece) {
    byte first = piece.getByte(piece.readerIndex());
    if (first == '[') {
      depth.open();
      piece.skipBytes(1);
      state = State.OPEN;
    } else {
      state = first == 'n' ? State.BEHIND : State.NO_ARRAY;
    }
  }

  private static void skipSpace(ByteBuf piece) {
    while (piece.isReadable() && piece.getByte(piece.readerIndex()) <= ' ') {
      piece.skipBytes(1);
    }
  }

  private void cut(ByteBuf piece) {
    int end = depth.close(piece, piece.readerIndex(), 0);
    if (end >= 0) {
      piece.writerIndex(end - 1);
      state = State.BEHIND;
    }
  }
}
