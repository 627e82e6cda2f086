package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.WholeAnswer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * An answer's bytes until it is decided whether the client gets them.
 *
 * <p>Of an answer too long to be held the beginning has gone to the client and only the last piece
 * is here: without it the client has no whole answer and cannot take the rest for one.
 *
 * <p>Thread-safety: confined to an event loop. Ownership: owns the bytes until {@link #deliver} or
 * {@link #drop}.
 */
final class Held {
  private @Nullable WholeAnswer whole;
  private @Nullable ByteBuf parts;
  private final boolean passed;

  private Held(@Nullable WholeAnswer whole, @Nullable ByteBuf parts, boolean passed) {
    this.whole = whole;
    this.parts = parts;
    this.passed = passed;
  }

  /** An answer that came whole. */
  static Held of(WholeAnswer answer) {
    return new Held(answer, null, false);
  }

  /** An answer that came in parts, which are taken over. */
  static Held of(ByteBuf parts) {
    return new Held(null, parts, false);
  }

  /** The end of an answer that has gone to the client so far; taken over. */
  static Held ofEnd(@Nullable ByteBuf end) {
    return new Held(null, end, true);
  }

  /** Nothing: only what was read of it is left. */
  static Held ofNothing() {
    return new Held(null, null, false);
  }

  boolean isPassed() {
    return passed;
  }

  boolean isDeliverable() {
    return passed || whole != null || parts != null;
  }

  /** Gives the client what is here; nothing is here afterwards. */
  void deliver(AnswerSink out) {
    WholeAnswer answer = whole;
    ByteBuf bytes = parts;
    whole = null;
    parts = null;
    if (answer != null) {
      out.onWhole(answer);
      return;
    }
    if (!passed) {
      out.onStart(bytes == null ? 0 : bytes.readableBytes());
    }
    if (bytes != null) {
      out.onChunk(bytes);
    }
    out.onEnd();
  }

  void drop() {
    if (whole != null) {
      whole.release();
      whole = null;
    }
    if (parts != null) {
      parts.release();
      parts = null;
    }
  }
}
