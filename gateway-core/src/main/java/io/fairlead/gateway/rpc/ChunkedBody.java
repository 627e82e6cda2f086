package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.internal.StringUtil;
import java.util.List;

/**
 * Takes a chunked body apart just as RFC 9112 writes it: sizes of hexadecimal digits alone, CR LF
 * behind each line and chunk, extensions and trailers short, and dropped.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: what it gives out is the
 * caller's. Source: RFC 9112, section 7.1.
 */
final class ChunkedBody {
  private static final int MAX_DIGITS = 7;
  private static final int MAX_EXTENSION_BYTES = 256;
  private static final int MAX_TRAILER_BYTES = 8 * 1024;

  private State state = State.SIZE;
  private int chunkBytes;
  private int trailerBytes;

  private enum State {
    /** A line with a chunk's size is to come. */
    SIZE,
    /** A chunk's bytes are. */
    DATA,
    /** The line end behind them is. */
    DATA_END,
    /** Trailers are, or the empty line that ends the body. */
    TRAILER,
    /** The body is over. */
    DONE
  }

  /** Whether the body is over. */
  boolean isDone() {
    return state == State.DONE;
  }

  /**
   * Takes the next piece of the body, if it is there.
   *
   * @param in what has come
   * @param out gets content, and the last content in the end
   * @throws IllegalArgumentException if the body is not as RFC 9112 has it
   */
  void decode(ByteBuf in, List<Object> out) {
    switch (state) {
      case SIZE -> readSize(in);
      case DATA -> readData(in, out);
      case DATA_END -> readDataEnd(in);
      case TRAILER -> readTrailer(in, out);
      case DONE -> throw new IllegalStateException("the body is over");
    }
  }

  private void readSize(ByteBuf in) {
    int start = in.readerIndex();
    int length = lineLength(in, MAX_DIGITS + MAX_EXTENSION_BYTES);
    if (length < 0) {
      return;
    }
    chunkBytes = sizeAt(in, start, length);
    state = chunkBytes == 0 ? State.TRAILER : State.DATA;
    in.readerIndex(start + length + 2);
  }

  private static int sizeAt(ByteBuf in, int start, int length) {
    int digits = 0;
    int size = 0;
    while (digits < length && StringUtil.decodeHexNibble(in.getByte(start + digits)) >= 0) {
      require(digits < MAX_DIGITS, "chunk size: too large");
      size = size << 4 | StringUtil.decodeHexNibble(in.getByte(start + digits));
      digits++;
    }
    boolean isEnded = digits == length || in.getByte(start + digits) == ';';
    require(digits > 0 && isEnded, "chunk size: not hexadecimal digits alone");
    for (int i = digits; i < length; i++) {
      byte b = in.getByte(start + i);
      require((b >= ' ' && b != 0x7f) || b == '\t', "chunk extension: a control character");
    }
    return size;
  }

  private void readData(ByteBuf in, List<Object> out) {
    int bytes = Math.min(chunkBytes, in.readableBytes());
    if (bytes == 0) {
      return;
    }
    out.add(new DefaultHttpContent(in.readRetainedSlice(bytes)));
    chunkBytes -= bytes;
    if (chunkBytes == 0) {
      state = State.DATA_END;
    }
  }

  private void readDataEnd(ByteBuf in) {
    if (in.readableBytes() < 2) {
      return;
    }
    require(in.readShort() == ('\r' << 8 | '\n'), "chunk: not ended by CR LF");
    state = State.SIZE;
  }

  private void readTrailer(ByteBuf in, List<Object> out) {
    int start = in.readerIndex();
    int length = lineLength(in, MAX_TRAILER_BYTES - trailerBytes);
    if (length < 0) {
      return;
    }
    trailerBytes += length;
    in.readerIndex(start + length + 2);
    if (length == 0) {
      state = State.DONE;
      out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      require(in.getByte(start) > ' ', "trailer: folded, or begun by a control character");
      require(!has(in, start, length, HttpConstants.CR), "trailer: CR without LF");
      require(!has(in, start, length, (byte) 0), "trailer: NUL");
    }
  }

  private static boolean has(ByteBuf in, int start, int length, byte value) {
    return in.indexOf(start, start + length, value) >= 0;
  }

  /** The length of the line that comes next, without its end; -1 if it is not here yet. */
  private static int lineLength(ByteBuf in, int maxBytes) {
    int start = in.readerIndex();
    int lf = in.indexOf(start, in.writerIndex(), HttpConstants.LF);
    require((lf < 0 ? in.readableBytes() : lf - start) <= maxBytes + 1, "chunk line: too long");
    if (lf < 0) {
      return -1;
    }
    require(lf > start && in.getByte(lf - 1) == HttpConstants.CR, "chunk line: end without CR");
    return lf - 1 - start;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
