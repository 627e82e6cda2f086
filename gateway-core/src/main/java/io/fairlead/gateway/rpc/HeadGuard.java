package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/**
 * Looks at the lines of a request's head before Netty's decoder does, for what it takes in several
 * ways or not at all as written: folded lines, line ends without CR, anything but single spaces in
 * the request line, control characters in front of it, more fields than a request may have.
 *
 * <p>The decoder consumes whole lines and leaves a part of one where it is, so that each look
 * begins at a line.
 *
 * <p>Thread-safety: confined to the connection's event loop. Source: RFC 9112, sections 2.2, 3, 5
 * and 5.2.
 */
final class HeadGuard {
  private static final int VERSION_CHARS = 8;

  private final int maxFields;
  private int lines;
  private boolean skippedEmptyLine;

  /**
   * Before the first request.
   *
   * @param maxFields the most fields of a request
   */
  HeadGuard(int maxFields) {
    this.maxFields = maxFields;
  }

  /** Another request is to come. */
  void reset() {
    lines = 0;
    skippedEmptyLine = false;
  }

  /** Whether a part of a head is here. */
  boolean hasBegun(ByteBuf in) {
    return lines > 0 || in.isReadable();
  }

  /**
   * Looks at what has come of the head, up to its end.
   *
   * @return whether the decoder may look at it; false if there is too little to say
   * @throws IllegalArgumentException if it is not as RFC 9112 has it
   * @throws TooLongHttpHeaderException if it has too many fields
   */
  boolean check(ByteBuf in) {
    if (lines == 0 && !checkStart(in)) {
      return false;
    }
    int start = in.readerIndex();
    int end = in.writerIndex();
    for (int lf = in.indexOf(start, end, HttpConstants.LF);
        lf >= 0;
        lf = in.indexOf(start, end, HttpConstants.LF)) {
      checkLineEnd(in, start, lf);
      if (lf - 1 == start) {
        break;
      }
      checkLine(in, start, lf - 1);
      start = lf + 1;
    }
    return true;
  }

  /** A request may begin behind one empty line, and with nothing else than its verb. */
  private boolean checkStart(ByteBuf in) {
    if (!in.isReadable()) {
      return false;
    }
    byte first = in.getByte(in.readerIndex());
    if (first != HttpConstants.CR) {
      require(isVisible(first), "a control character before the request line");
      return true;
    }
    require(!skippedEmptyLine, "empty lines before the request line");
    if (in.readableBytes() < 2) {
      return false;
    }
    require(in.getByte(in.readerIndex() + 1) == HttpConstants.LF, "CR without LF");
    in.skipBytes(2);
    skippedEmptyLine = true;
    return checkStart(in);
  }

  private static void checkLineEnd(ByteBuf in, int start, int lf) {
    require(lf > start && in.getByte(lf - 1) == HttpConstants.CR, "line end without CR");
  }

  private void checkLine(ByteBuf in, int start, int end) {
    if (lines == 0) {
      checkRequestLine(in, start, end);
    } else {
      byte first = in.getByte(start);
      require(first != ' ' && first != '\t', "header line: folded");
      if (lines > maxFields) {
        throw new TooLongHttpHeaderException("more than " + maxFields + " header fields");
      }
    }
    lines++;
  }

  private static void checkRequestLine(ByteBuf in, int start, int end) {
    int spaces = 0;
    int last = start - 1;
    for (int i = start; i < end; i++) {
      byte b = in.getByte(i);
      if (b == ' ') {
        spaces++;
        require(i > last + 1, "request line: an empty word");
        last = i;
      } else {
        require(isVisible(b), "request line: a character that is not visible ASCII");
      }
    }
    require(spaces == 2, "request line: not three words with one space between");
    require(isVersion(in, last + 1, end), "version: neither HTTP/1.1 nor HTTP/1.0");
  }

  private static boolean isVersion(ByteBuf in, int start, int end) {
    return end - start == VERSION_CHARS
        && in.getLong(start) >>> 8 == 0x485454502f312eL // HTTP/1.
        && (in.getByte(end - 1) == '0' || in.getByte(end - 1) == '1');
  }

  private static boolean isVisible(byte b) {
    return b > ' ' && b < 0x7f;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
