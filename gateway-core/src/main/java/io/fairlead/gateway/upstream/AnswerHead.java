package io.fairlead.gateway.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer says of its framing, and whether that is acceptable.
 *
 * <p>Thread-safety: loop-confined; one per connection, reused.
 */
final class AnswerHead {
  static final int MAX_FIELDS = 100;
  static final int MAX_INTERIM_ANSWERS = 8;

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private boolean interim;
  private int interimAnswers;
  private boolean keepAlive;
  private boolean closeDelimited;
  private long contentLength;

  void reset() {
    interim = false;
    interimAnswers = 0;
  }

  /** Reads a head; null when it is acceptable, else what is wrong with it. */
  @Nullable String read(HttpResponse response) {
    HttpHeaders headers = response.headers();
    int status = response.status().code();
    boolean http10 = response.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (!http10 && !response.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return "answer in another protocol than HTTP/1.1";
    }
    if (status < 100 || status > 599 || status == SWITCHING_PROTOCOLS) {
      return "answer with status " + status;
    }
    if (headers.size() > MAX_FIELDS) {
      return "answer with over " + MAX_FIELDS + " header fields";
    }
    interim = status < 200;
    if (interim) {
      return ++interimAnswers > MAX_INTERIM_ANSWERS ? "too many interim answers" : null;
    }
    return readFraming(response, headers, http10);
  }

  private @Nullable String readFraming(HttpResponse response, HttpHeaders headers, boolean http10) {
    String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    boolean chunked = coding != null;
    if (chunked
        && (http10
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)
            || headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).size() > 1)) {
      return "answer with an ambiguous Transfer-Encoding";
    }
    String content = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (content != null && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(content)) {
      return "answer with a Content-Encoding although none was asked for";
    }
    int status = response.status().code();
    boolean empty = status == NO_CONTENT || status == NOT_MODIFIED;
    contentLength = chunked ? -1 : HttpUtil.getContentLength(response, empty ? 0L : -1L);
    closeDelimited = !chunked && contentLength < 0;
    keepAlive = !closeDelimited && HttpUtil.isKeepAlive(response);
    return null;
  }

  boolean isInterim() {
    return interim;
  }

  void endInterim() {
    interim = false;
  }

  boolean isKeepAlive() {
    return keepAlive;
  }

  boolean isCloseDelimited() {
    return closeDelimited;
  }

  /** Bytes, or -1 when the head does not say. */
  long contentLength() {
    return contentLength;
  }
}
