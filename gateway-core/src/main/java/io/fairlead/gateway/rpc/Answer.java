package io.fairlead.gateway.rpc;

import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.request.HeaderField;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames the answer to a request, whole or in pieces, as its version of HTTP wants it.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: takes over every buffer.
 */
interface Answer {
  /** Asks how a call was decided, and says it. */
  String EXPLAIN = "x-fairlead-explain";

  /** A body of fewer bytes is not worth compressing. */
  int GZIP_FROM_BYTES = 1024;

  /** Adds fields to the head that is written next. */
  void addFields(List<HeaderField> fields);

  /**
   * Writes a whole answer.
   *
   * @param call the single call that it answers, for the headers that tell of it
   * @param retryAfterSeconds 0 for none
   */
  void whole(int status, ByteBuf body, @Nullable Call call, long retryAfterSeconds);

  /** Writes an answer without a body. */
  void empty(int status);

  /**
   * Begins an answer that follows in pieces.
   *
   * @param lengthBytes of the pieces together, {@link AnswerHead#CHUNKED} if not known
   */
  void start(@Nullable Call call, long lengthBytes);

  /** Writes the next piece; {@code false} when the client reads too slowly for more. */
  boolean chunk(ByteBuf piece);

  /** Ends an answer that came in pieces. */
  void end();

  /** Breaks off an answer that cannot be completed, so that the client sees it as broken. */
  void abort();
}
