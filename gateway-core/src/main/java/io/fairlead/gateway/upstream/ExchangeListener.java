package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Hears the answer to one attempt: one head, any number of chunks, then exactly one of {@link
 * #onComplete} and {@link #onFailure}. A failure may come before the head or in the middle.
 *
 * <p>Thread-safety: called on the pool's loop, never inside {@link UpstreamPool#post}. A callback
 * may cancel its exchange and may post others.
 */
public interface ExchangeListener {
  /**
   * The head of the final answer; interim (1xx) answers are skipped.
   *
   * @param status 200 to 599
   * @param headers the answer's fields, for this callback and later
   * @param contentLength in bytes, -1 when unknown
   */
  void onHead(int status, HttpHeaders headers, long contentLength);

  /**
   * Part of the body, not empty, transfer coding removed.
   *
   * @param chunk owned by the callee, who releases it once
   */
  void onContent(ByteBuf chunk);

  /** The answer is whole. */
  void onComplete();

  /**
   * There will be no (further) answer.
   *
   * @param failure why
   */
  void onFailure(ExchangeFailure failure);
}
