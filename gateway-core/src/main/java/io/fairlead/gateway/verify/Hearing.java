package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the answer to one question: reads it if it is to be verified, and holds it, or passes
 * it on.
 *
 * <p>Thread-safety: confined to an event loop. Ownership: owns what it holds until it is handed to
 * the {@link CheckedAnswer}; an abandoned one must be {@linkplain #drop dropped}.
 */
final class Hearing implements AnswerSink {
  /** How the pieces of a long answer are dealt with. */
  private enum Mode {
    /** They are held. */
    HOLD,
    /** They go to the client but for the last. */
    WITHHOLD_END,
    /** They are read and dropped. */
    READ_ONLY,
    /** They go to the client. */
    PASS
  }

  private static final int MAX_PARTS = 4096;

  private final CheckedAnswer owner;
  private final boolean isFirst;
  private final boolean isTrustedOnly;
  private @Nullable Question question;
  private Mode mode = Mode.HOLD;
  private @Nullable Upstream by;
  private @Nullable ValueReader reader;
  private @Nullable ByteBuf parts;
  private int owedBytes;

  /**
   * A listener.
   *
   * @param isFirst whether the client gets this answer if nothing speaks against it
   * @param isTrustedOnly whether only trusted upstreams are asked
   */
  Hearing(CheckedAnswer owner, boolean isFirst, boolean isTrustedOnly) {
    this.owner = owner;
    this.isFirst = isFirst;
    this.isTrustedOnly = isTrustedOnly;
  }

  void setQuestion(Question asked) {
    question = asked;
  }

  boolean isFirst() {
    return isFirst;
  }

  boolean isTrustedOnly() {
    return isTrustedOnly;
  }

  @Override
  public void onWhole(WholeAnswer answer) {
    Upstream who = answer.by();
    boolean isWord =
        answer.outcome() == CallOutcome.OK || answer.outcome() == CallOutcome.CLIENT_ERROR;
    if (who == null || !isWord) {
      owner.onUnanswered(this, answer);
      return;
    }
    Reading reading = null;
    if (owner.isToBeRead(who, isFirst)) {
      ValueReader whole = owner.newReader();
      whole.feed(answer.bytes());
      reading = whole.finish();
    }
    owner.onHeard(this, who, reading, Held.of(answer));
  }

  @Override
  public void onStart(long lengthBytes) {
    Upstream who = streamedBy();
    by = who;
    if (owner.isToBeRead(who, isFirst)) {
      reader = owner.newReader();
    }
    if (isFirst && owner.isTrusted(who)) {
      mode = Mode.PASS;
      owner.onPassing(lengthBytes);
    }
  }

  private Upstream streamedBy() {
    Question asked = question;
    if (asked == null) {
      throw new IllegalStateException("question: none (expected: one that streams)");
    }
    return asked.streamedBy();
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    ValueReader present = reader;
    if (present != null) {
      present.feed(chunk);
    }
    switch (mode) {
      case HOLD -> hold(chunk);
      case WITHHOLD_END -> {
        passHeld();
        parts = chunk;
      }
      case READ_ONLY -> chunk.release();
      case PASS -> owner.pass(chunk);
    }
  }

  private void hold(ByteBuf chunk) {
    int bytes = chunk.readableBytes();
    if (owedBytes + bytes <= CrossCheck.MOST_HELD_BYTES && owner.check().tryHold(bytes)) {
      owedBytes += bytes;
      parts = join(parts, chunk);
    } else if (isFirst) {
      mode = Mode.WITHHOLD_END;
      owner.onPassing(-1);
      passHeld();
      parts = chunk;
    } else {
      mode = Mode.READ_ONLY;
      chunk.release();
      drop();
    }
  }

  private static ByteBuf join(@Nullable ByteBuf before, ByteBuf piece) {
    if (before == null) {
      return piece;
    }
    if (before instanceof CompositeByteBuf composite) {
      return composite.addComponent(true, piece);
    }
    CompositeByteBuf composite = piece.alloc().compositeBuffer(MAX_PARTS);
    return composite.addComponent(true, before).addComponent(true, piece);
  }

  private void passHeld() {
    ByteBuf present = parts;
    parts = null;
    giveBack();
    if (present != null) {
      owner.pass(present);
    }
  }

  private void giveBack() {
    owner.check().giveBack(owedBytes);
    owedBytes = 0;
  }

  @Override
  public void onEnd() {
    Upstream who = by;
    if (who == null) {
      throw new IllegalStateException("by: nobody (expected: who streams)");
    }
    ValueReader present = reader;
    Reading reading = present == null ? null : present.finish();
    ByteBuf last = parts;
    parts = null;
    giveBack();
    Held held =
        switch (mode) {
          case HOLD -> last == null ? Held.ofNothing() : Held.of(last);
          case WITHHOLD_END, PASS -> Held.ofEnd(last);
          case READ_ONLY -> Held.ofNothing();
        };
    owner.onHeard(this, who, reading, held);
  }

  @Override
  public void onBroken() {
    boolean isPassed = mode == Mode.WITHHOLD_END || mode == Mode.PASS;
    drop();
    owner.onBroken(this, by, isPassed);
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    throw new IllegalStateException("outcome: " + outcome + " (expected: no notification)");
  }

  void drop() {
    ByteBuf present = parts;
    parts = null;
    giveBack();
    if (present != null) {
      present.release();
    }
  }
}
