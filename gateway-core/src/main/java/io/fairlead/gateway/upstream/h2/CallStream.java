package io.fairlead.gateway.upstream.h2;

import io.fairlead.gateway.upstream.h2.StreamFailure.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * One exchange on a connection of HTTP/2.
 *
 * <p>Back-pressure is the stream's: what arrives is passed on at once, and while nobody reads, its
 * bytes are not given back to the stream's window, so that at most {@value
 * SharedConnection#STREAM_WINDOW_BYTES} bytes still come. The connection's window is given back in
 * any case: no stream holds up another.
 *
 * <p>Thread-safety: loop-confined.
 */
public final class CallStream {
  private final SharedConnection connection;
  private final Http2Stream stream;
  private final StreamListener listener;
  private final long readsBefore;
  private boolean reading = true;
  private boolean hasHead;
  private boolean bodiless;
  private boolean sentWhole;
  private boolean over;
  private int interimAnswers;
  private int withheldBytes;
  private long contentLength = -1;
  private long receivedBytes;

  CallStream(
      SharedConnection connection, Http2Stream stream, StreamListener listener, long readsBefore) {
    this.connection = connection;
    this.stream = stream;
    this.listener = listener;
    this.readsBefore = readsBefore;
  }

  /** Calls it off: the listener hears nothing more, the connection goes on. */
  public void cancel() {
    if (!over) {
      over = true;
      connection.abandon(this);
    }
  }

  /**
   * Stops and resumes reading.
   *
   * @param on whether to read
   */
  public void setReading(boolean on) {
    reading = on;
    if (on && withheldBytes > 0) {
      int bytes = withheldBytes;
      withheldBytes = 0;
      connection.giveBack(stream, bytes);
    }
  }

  Http2Stream stream() {
    return stream;
  }

  /** Whether nobody waits for anything more of it. */
  boolean isOver() {
    return over;
  }

  /** Counts what comes after it was given up; returns all of it so far. */
  long drop(int bytes) {
    receivedBytes += bytes;
    return receivedBytes;
  }

  /** The whole request was handed to the connection. */
  void onSentWhole() {
    sentWhole = true;
  }

  /** Whether no byte of any stream came since it was begun. */
  boolean isUnheard(long reads) {
    return reads == readsBefore;
  }

  /** A head, which may be an interim one, or trailers. */
  void onHeaders(Http2Headers headers, boolean isLast) {
    if (over) {
      return;
    }
    if (!hasHead) {
      onHead(headers, isLast);
    }
    if (isLast && !over) {
      onEnd();
    }
  }

  private void onHead(Http2Headers headers, boolean isLast) {
    StreamHead head = StreamHead.of(headers);
    String refusal = head.refusal();
    if (refusal != null) {
      refuse(refusal);
    } else if (!head.isInterim()) {
      hasHead = true;
      bodiless = head.isBodiless();
      contentLength = head.contentLength() < 0 && isLast ? 0 : head.contentLength();
      listener.onHead(head.status(), StreamHead.fields(headers), contentLength);
    } else if (isLast || ++interimAnswers > StreamHead.MAX_INTERIM_ANSWERS) {
      refuse(isLast ? "an interim answer as the last" : "too many interim answers");
    }
  }

  /** Part of the body; returns how many bytes the window gets back at once. */
  int onData(ByteBuf data, int padding, boolean isLast) {
    int bytes = data.readableBytes();
    if (over) {
      return bytes + padding;
    }
    receivedBytes += bytes;
    if (!hasHead || (bodiless && bytes > 0)) {
      refuse(hasHead ? "a body behind a status without one" : "a body before the head");
      return bytes + padding;
    }
    if (bytes > 0) {
      listener.onContent(data.retain());
    }
    if (isLast && !over) {
      onEnd();
    }
    if (reading || over) {
      return bytes + padding;
    }
    withheldBytes += bytes;
    return padding;
  }

  private void onEnd() {
    if (!bodiless && contentLength >= 0 && receivedBytes != contentLength) {
      refuse("answer of another length than it said");
      return;
    }
    over = true;
    if (stream.state().localSideOpen()) {
      connection.reset(this, Http2Error.NO_ERROR);
    }
    connection.onAnswered();
    listener.onComplete();
  }

  /** The answer is not as it should be. */
  void refuse(String reason) {
    if (!over) {
      over = true;
      connection.reset(this, Http2Error.PROTOCOL_ERROR);
      listener.onFailure(new StreamFailure(Cause.MALFORMED, sentWhole, reason));
    }
  }

  /** The server has reset the stream. */
  void onReset(long code) {
    if (code == Http2Error.REFUSED_STREAM.code()) {
      failUnprocessed(Cause.REFUSED, "stream refused");
    } else if (code == Http2Error.HTTP_1_1_REQUIRED.code()) {
      failUnprocessed(Cause.HTTP_1_1_REQUIRED, "HTTP/1.1 required");
    } else {
      Http2Error error = Http2Error.valueOf(code);
      fail(Cause.RESET, "stream reset (" + (error == null ? "unknown code" : error) + ")");
    }
  }

  void failUnprocessed(Cause cause, String text) {
    end(new StreamFailure(cause, false, text));
  }

  void fail(Cause cause, String text) {
    end(new StreamFailure(cause, sentWhole, text));
  }

  private void end(StreamFailure failure) {
    if (!over) {
      over = true;
      listener.onFailure(failure);
    }
  }
}
