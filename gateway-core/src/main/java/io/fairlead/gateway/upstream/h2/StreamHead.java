package io.fairlead.gateway.upstream.h2;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer says, or what is wrong with it. Netty's decoder has refused upper
 * case, names that are no token, fields that belong to a connection, control characters in values
 * and pseudo-fields behind others.
 *
 * <p>Thread-safety: immutable. Source: RFC 9113, sections 8.1, 8.2 and 8.3.2.
 */
final class StreamHead {
  static final int MAX_FIELDS = 100;
  static final int MAX_INTERIM_ANSWERS = 8;

  private static final AsciiString STATUS = Http2Headers.PseudoHeaderName.STATUS.value();
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final int status;
  private final long contentLength;
  private final @Nullable String refusal;

  private StreamHead(int status, long contentLength, @Nullable String refusal) {
    this.status = status;
    this.contentLength = contentLength;
    this.refusal = refusal;
  }

  static StreamHead of(Http2Headers headers) {
    int status = status(headers);
    String refusal = refusal(headers, status);
    if (refusal != null || status < 200) {
      return new StreamHead(status, -1, refusal);
    }
    return new StreamHead(status, headers.getLong(HttpHeaderNames.CONTENT_LENGTH, -1), null);
  }

  /** What is wrong with it; null when it is acceptable. */
  @Nullable String refusal() {
    return refusal;
  }

  int status() {
    return status;
  }

  boolean isInterim() {
    return status < 200;
  }

  /** Whether an answer with this status has no body, whatever its length says. */
  boolean isBodiless() {
    return status == NO_CONTENT || status == NOT_MODIFIED;
  }

  /** Bytes, or -1 when the head does not say. */
  long contentLength() {
    return contentLength;
  }

  /** 0 if there is not exactly one of three digits. */
  private static int status(Http2Headers headers) {
    CharSequence text = headers.status();
    if (text == null || text.length() != 3 || headers.getAll(STATUS).size() != 1) {
      return 0;
    }
    int status = 0;
    for (int i = 0; i < 3; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      status = 10 * status + digit;
    }
    return status;
  }

  private static @Nullable String refusal(Http2Headers headers, int status) {
    if (status < 100 || status > 599 || status == SWITCHING_PROTOCOLS) {
      return "answer with status " + status;
    }
    if (headers.size() - 1 > MAX_FIELDS) {
      return "answer with over " + MAX_FIELDS + " header fields";
    }
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      if (field.getKey().charAt(0) == ':' && !STATUS.contentEquals(field.getKey())) {
        return "answer with a pseudo-field of requests";
      }
      if (hasSpaceAround(field.getValue())) {
        return "answer with spaces around a value";
      }
    }
    CharSequence coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (coding != null && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(coding)) {
      return "answer with a Content-Encoding although none was asked for";
    }
    return null;
  }

  private static boolean hasSpaceAround(CharSequence value) {
    int length = value.length();
    return length > 0 && (isSpace(value.charAt(0)) || isSpace(value.charAt(length - 1)));
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /** The fields as those of HTTP/1.1 are given, without pseudo-fields. */
  static HttpHeaders fields(Http2Headers headers) {
    CharSequence[] namesAndValues = new CharSequence[2 * (headers.size() - 1)];
    int next = 0;
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      if (field.getKey().charAt(0) != ':') {
        namesAndValues[next++] = field.getKey();
        namesAndValues[next++] = field.getValue();
      }
    }
    return new ReadOnlyHttpHeaders(false, namesAndValues);
  }
}
