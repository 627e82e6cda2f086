package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.Call;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/**
 * Writes the head of an HTTP/1.1 answer straight into a buffer, without header objects.
 *
 * <p>Every answer, errors included, carries the same CORS fields, because a browser hides any
 * answer that lacks them from the page that asked.
 *
 * <p>Thread-safety: stateless apart from the buffer that it writes to.
 */
final class AnswerHead {
  /** Said of a body whose length is not known beforehand. */
  static final long CHUNKED = -1;

  private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n");

  /** The own fields that a page may read. */
  static final String EXPOSED =
      "X-Fairlead-Upstream, X-Fairlead-Attempts, X-Fairlead-Cache, Retry-After";

  /** The same where an answer says how its call was decided. */
  static final String EXPOSED_EXPLAINED = EXPOSED + ", X-Fairlead-Explain";

  private static final String CORS_FIELDS =
      "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: ";
  private static final byte[] CORS = ascii(CORS_FIELDS + EXPOSED + "\r\n");
  private static final byte[] CORS_EXPLAINED = ascii(CORS_FIELDS + EXPOSED_EXPLAINED + "\r\n");
  private static final byte[] JSON = ascii("Content-Type: application/json\r\n");
  private static final byte[] GZIP = ascii("Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] TRANSFER_CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] UPSTREAM = ascii("X-Fairlead-Upstream: ");
  private static final byte[] ATTEMPTS = ascii("X-Fairlead-Attempts: ");
  private static final byte[] CACHE = ascii("X-Fairlead-Cache: ");
  private static final byte[] RETRY_AFTER = ascii("Retry-After: ");

  private AnswerHead() {}

  static void status(ByteBuf out, int status) {
    if (status == 200) {
      out.writeBytes(OK);
      return;
    }
    HttpResponseStatus line = HttpResponseStatus.valueOf(status);
    AsciiString code = line.codeAsText();
    ByteBufUtil.writeAscii(out, "HTTP/1.1 ");
    ByteBufUtil.copy(code, out);
    out.writeByte(' ');
    ByteBufUtil.writeAscii(out, line.reasonPhrase());
    crlf(out);
  }

  static void cors(ByteBuf out) {
    out.writeBytes(CORS);
  }

  /** As {@link #cors}, and lets a page read how its call was decided. */
  static void corsExplained(ByteBuf out) {
    out.writeBytes(CORS_EXPLAINED);
  }

  static void json(ByteBuf out) {
    out.writeBytes(JSON);
  }

  /** Says what happened to a single call: who answered, after how many attempts, cached or not. */
  static void call(ByteBuf out, Call call) {
    String upstream = call.answeredBy();
    if (upstream != null) {
      out.writeBytes(UPSTREAM);
      ByteBufUtil.writeUtf8(out, upstream);
      crlf(out);
    }
    out.writeBytes(ATTEMPTS);
    writeDecimal(out, call.attempts());
    crlf(out);
    out.writeBytes(CACHE);
    ByteBufUtil.writeAscii(out, call.cacheUse().label());
    crlf(out);
  }

  static void retryAfter(ByteBuf out, long seconds) {
    out.writeBytes(RETRY_AFTER);
    writeDecimal(out, seconds);
    crlf(out);
  }

  static void field(ByteBuf out, String name, String value) {
    ByteBufUtil.writeAscii(out, name);
    out.writeByte(':').writeByte(' ');
    ByteBufUtil.writeAscii(out, value);
    crlf(out);
  }

  /** Ends the head: how the body is framed and whether the connection stays. */
  static void end(ByteBuf out, long lengthBytes, boolean gzip, ConnectionFate fate) {
    if (gzip) {
      out.writeBytes(GZIP);
    }
    if (lengthBytes >= 0) {
      out.writeBytes(LENGTH);
      writeDecimal(out, lengthBytes);
      crlf(out);
    } else if (fate != ConnectionFate.DELIMITS) {
      out.writeBytes(TRANSFER_CHUNKED);
    }
    endWithoutBody(out, fate);
  }

  /** Ends the head of an answer that by its status has no body. */
  static void endWithoutBody(ByteBuf out, ConnectionFate fate) {
    switch (fate) {
      case STAYS -> {}
      case STAYS_SAID -> out.writeBytes(KEEP_ALIVE);
      case CLOSES, DELIMITS -> out.writeBytes(CLOSE);
    }
    crlf(out);
  }

  private static void crlf(ByteBuf out) {
    out.writeShort('\r' << 8 | '\n');
  }

  private static void writeDecimal(ByteBuf out, long value) {
    if (value < 10) {
      out.writeByte('0' + (int) value);
      return;
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    int start = out.writerIndex();
    out.ensureWritable(digits).writerIndex(start + digits);
    long rest = value;
    for (int i = start + digits - 1; i >= start; i--) {
      out.setByte(i, '0' + (int) (rest % 10));
      rest /= 10;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What becomes of the connection after an answer. */
  enum ConnectionFate {
    /** It stays open, as HTTP/1.1 has it. */
    STAYS,
    /** It stays open and an HTTP/1.0 client is told so. */
    STAYS_SAID,
    /** It closes after the answer. */
    CLOSES,
    /** It closes, and its end is the end of the body (HTTP/1.0 without a length). */
    DELIMITS
  }
}
