package io.fairlead.gateway.upstream;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Words for what went wrong, without bytes that came from an upstream. */
final class FailureText {
  private static final int MAX_CHARS = 200;

  private FailureText() {}

  /** The message of an exception of the system or the TLS library, on one line. */
  static String of(Throwable cause) {
    String message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    String line = message.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS);
  }

  /** What the decoder objects to; its messages may repeat the answer and are left out. */
  static String ofDecoding(Throwable cause) {
    if (cause instanceof TooLongHttpHeaderException) {
      return "answer with a head over " + AnswerDecoder.MAX_HEADER_BYTES + " bytes";
    }
    if (cause instanceof TooLongHttpLineException) {
      return "answer with a status line over " + AnswerDecoder.MAX_STATUS_LINE_BYTES + " bytes";
    }
    return "answer is not strict HTTP/1.1 (" + cause.getClass().getSimpleName() + ")";
  }
}
