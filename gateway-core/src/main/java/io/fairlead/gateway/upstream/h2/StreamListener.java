package io.fairlead.gateway.upstream.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Hears the answer on one stream: one head, any number of chunks, then exactly one of {@link
 * #onComplete} and {@link #onFailure}; nothing more after a cancel.
 *
 * <p>Thread-safety: called on the connection's loop. A callback may cancel its stream and begin
 * others.
 */
public interface StreamListener {
  /**
   * The head of the final answer.
   *
   * @param status 200 to 599
   * @param headers the answer's fields without pseudo-fields
   * @param contentLength in bytes, -1 when unknown
   */
  void onHead(int status, HttpHeaders headers, long contentLength);

  /**
   * Part of the body, not empty.
   *
   * @param chunk owned by the callee
   */
  void onContent(ByteBuf chunk);

  /** The answer is whole. */
  void onComplete();

  /**
   * There will be no (further) answer.
   *
   * @param failure why
   */
  void onFailure(StreamFailure failure);
}
