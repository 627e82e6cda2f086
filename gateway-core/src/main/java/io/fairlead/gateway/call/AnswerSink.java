package io.fairlead.gateway.call;

import io.netty.buffer.ByteBuf;

/**
 * Where the answer to one message goes.
 *
 * <p>It ends in exactly one of four ways: {@link #onWhole}; {@link #onStart}, any number of {@link
 * #onChunk}, and {@link #onEnd}; the same ending in {@link #onBroken}; or {@link #onNothing}. After
 * an {@link ActiveAnswer#abandon} it hears nothing.
 *
 * <p>Thread-safety: called on the call's event loop, possibly from within the start of what
 * answers. Ownership: every buffer and answer handed over is the sink's to release.
 */
public interface AnswerSink {
  /** The whole answer at once. */
  void onWhole(WholeAnswer answer);

  /**
   * The beginning of an answer too long to be held.
   *
   * @param lengthBytes the answer's length, or -1 while nobody knows
   */
  void onStart(long lengthBytes);

  /** The next piece of a long answer. */
  void onChunk(ByteBuf chunk);

  /** The long answer is complete. */
  void onEnd();

  /** The long answer broke off in the middle. */
  void onBroken();

  /**
   * A notification has been dealt with; there is nothing to answer.
   *
   * @param outcome how
   */
  void onNothing(CallOutcome outcome);
}
