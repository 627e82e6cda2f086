package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * An answer too long to be held, on its way to the sink while it arrives.
 *
 * <p>Thread-safety: confined to the question's event loop.
 */
final class Passage {
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Attempt attempt;
  private final AnswerSink sink;

  /**
   * A passage that has not begun.
   *
   * @param attempt whose answer it is; streams from now on
   */
  Passage(Attempt attempt, AnswerSink sink) {
    this.attempt = attempt;
    this.sink = sink;
    attempt.startStreaming();
  }

  /** Hands over what has arrived so far. */
  void begin(CallMessage message) {
    ByteBuf begun = attempt.answer().takeHead(message);
    sink.onStart(attempt.answer().outgoingLength());
    sink.onChunk(begun);
  }

  /** The next piece has arrived. */
  void onChunk(ByteBuf chunk) {
    passOn(attempt.answer().splice(chunk));
  }

  /** The last piece has arrived; what belongs behind it goes out. */
  void onLast() {
    passOn(attempt.answer().spliceEnd());
  }

  private void passOn(ByteBuf piece) {
    if (piece.isReadable()) {
      sink.onChunk(piece);
    } else {
      piece.release();
    }
  }

  /** Where the value begins, in bytes from the answer's first. */
  long valueStart() {
    return attempt.answer().outgoingValueStart();
  }

  /** Whose answer it is. */
  Upstream by() {
    return attempt.upstream();
  }

  void setReading(boolean on) {
    attempt.setReading(on);
  }

  /** Whether nothing has come for so long, although it is read, that nothing will. */
  boolean isStalled(long nowNanos) {
    return nowNanos - attempt.lastByteNanos() > STALL_NANOS;
  }
}
