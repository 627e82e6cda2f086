package io.fairlead.gateway.upstream.h2;

import io.fairlead.gateway.upstream.h2.StreamFailure.Cause;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection ends, and what that says of a stream that had no whole answer by then.
 *
 * <p>Thread-safety: loop-confined.
 */
final class Ending {
  private @Nullable Cause cause;
  private String text = "";
  private int lastTaken = Integer.MAX_VALUE;
  private boolean used;

  /** An answer came whole. */
  void onAnswered() {
    used = true;
  }

  /** The server said which stream is the last that it takes. */
  void onGoAway(int lastStreamId) {
    lastTaken = lastStreamId;
  }

  /** The connection ends; only the first reason counts. */
  void set(Cause why, String inWords) {
    if (cause == null) {
      cause = why;
      text = inWords;
    }
  }

  /** The connection ends by what the channel threw. */
  void setBroken(Throwable thrown) {
    Throwable root =
        thrown instanceof DecoderException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (root instanceof SSLException) {
      set(Cause.TLS, "TLS broke");
    } else if (root instanceof IOException) {
      set(Cause.RESET, "the connection was reset");
    } else {
      set(Cause.MALFORMED, "answer cannot be read (" + root.getClass().getSimpleName() + ")");
    }
  }

  /**
   * Says of a stream that ended without its answer why that was.
   *
   * @param call the stream
   * @param reads how often bytes came on the connection
   */
  void tell(CallStream call, long reads) {
    Cause known = cause;
    if (call.stream().id() > lastTaken) {
      call.failUnprocessed(Cause.REFUSED, "the connection goes away");
    } else if (known != null) {
      boolean isStale = known == Cause.RESET && used && call.isUnheard(reads);
      call.fail(isStale ? Cause.STALE_CONNECTION : known, text);
    } else if (used && call.isUnheard(reads)) {
      call.fail(Cause.STALE_CONNECTION, "closed while it was used");
    } else {
      call.fail(Cause.CLOSED_EARLY, "closed before the answer was whole");
    }
  }

  static String textOf(Http2Exception error) {
    return error instanceof Http2Exception.HeaderListSizeException
        ? "answer with a head over " + SharedConnection.MAX_HEADER_BYTES + " bytes"
        : "answer is not strict HTTP/2 (" + error.error() + ")";
  }
}
