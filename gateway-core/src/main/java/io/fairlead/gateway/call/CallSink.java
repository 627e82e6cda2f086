package io.fairlead.gateway.call;

import io.netty.buffer.ByteBuf;

/**
 * Where a call's answer goes.
 *
 * <p>A call ends in exactly one of four ways: {@link #onWhole}; {@link #onStart}, any number of
 * {@link #onChunk}, and {@link #onEnd}; the same ending in {@link #onBroken}; or {@link
 * #onNothing}.
 *
 * <p>Thread-safety: called on the call's event loop, possibly from within {@link Call#start()}.
 * Ownership: every buffer handed over is the sink's to release.
 */
public interface CallSink {
  /**
   * The whole answer at once.
   *
   * @param call who asks and who answered
   * @param httpStatus 200 for whatever an upstream said; otherwise that of the gateway's own error
   * @param answer one JSON-RPC answer
   */
  void onWhole(Call call, int httpStatus, ByteBuf answer);

  /**
   * The beginning of an answer too long to be held.
   *
   * @param call who asks and who answers
   * @param lengthBytes the answer's length, or -1 while nobody knows
   */
  void onStart(Call call, long lengthBytes);

  /** The next piece of a long answer. */
  void onChunk(Call call, ByteBuf chunk);

  /** The long answer is complete. */
  void onEnd(Call call);

  /** The upstream broke off in the middle of the long answer. */
  void onBroken(Call call);

  /** A notification has been dealt with; there is nothing to answer. */
  void onNothing(Call call);
}
