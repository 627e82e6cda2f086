package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.Question;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One question of a part and what has arrived of its answer: the content of an array of logs.
 *
 * <p>Up to {@link #WAITING_BYTES} wait for their turn; then the upstream is not read until there is
 * room again.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: owns what waits.
 */
final class Strand implements AnswerSink {
  /** From so many waiting bytes on the upstream is not read. */
  static final int WAITING_BYTES = 256 * 1024;

  private final SplitAnswer answer;
  private final Part part;
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
  private final @Nullable LogCutter cutter;
  private @Nullable Question question;
  private @Nullable ArrayContent content;
  private @Nullable Upstream by;
  private long waitingBytes;
  private boolean done;
  private boolean dropped;
  private boolean reading = true;

  /**
   * A strand that was not asked for yet.
   *
   * @param cutter cuts its logs apart if they have to be merged with those of others
   */
  Strand(SplitAnswer answer, Part part, @Nullable LogCutter cutter) {
    this.answer = answer;
    this.part = part;
    this.cutter = cutter;
  }

  void start(Question asked) {
    question = asked;
    asked.start();
  }

  /** Whether all of it has arrived. */
  boolean isDone() {
    return done;
  }

  /** Whether its question is still open. */
  boolean isOpen() {
    return !done && !dropped;
  }

  /** How many bytes wait. */
  long waitingBytes() {
    LogCutter present = cutter;
    return present == null ? waitingBytes : present.bytes();
  }

  /** Its logs one by one; only if they have to be merged. */
  LogCutter logs() {
    LogCutter present = cutter;
    if (present == null) {
      throw new IllegalStateException("logs: not cut");
    }
    return present;
  }

  /** Takes the next piece that waits, or null. */
  @Nullable ByteBuf poll() {
    ByteBuf piece = waiting.pollFirst();
    if (piece != null) {
      waitingBytes -= piece.readableBytes();
    }
    return piece;
  }

  /** Reads its upstream as long as there is room and the client wants more. */
  void adjustReading(boolean isWanted) {
    boolean on = isWanted && waitingBytes() < WAITING_BYTES;
    Question open = question;
    if (on != reading && open != null && isOpen()) {
      reading = on;
      open.setReading(on);
    }
  }

  /** Forgets all of it; its question, if open, is called off. */
  void drop() {
    boolean wasOpen = isOpen();
    dropped = true;
    Question open = question;
    if (wasOpen && open != null) {
      open.abandon();
    }
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    waitingBytes = 0;
    if (cutter != null) {
      cutter.release();
    }
  }

  @Override
  public void onWhole(WholeAnswer whole) {
    if (!whole.hasUpstreamResult()) {
      done = true;
      answer.onRefused(part, whole);
      return;
    }
    by = whole.by();
    ArrayContent array = new ArrayContent(whole.valueStart(), answer.window());
    array.feed(whole.take(), this::keep);
    end(array);
  }

  @Override
  public void onStart(long lengthBytes) {
    Question asked = question;
    if (asked == null) {
      throw new IllegalStateException("onStart: nothing was asked");
    }
    by = asked.streamedBy();
    content = new ArrayContent(asked.streamedValueStart(), answer.window());
  }

  @Override
  public void onChunk(ByteBuf chunk) {
    ArrayContent array = content;
    if (array == null) {
      chunk.release();
      return;
    }
    array.feed(chunk, this::keep);
    adjustReading(true);
    answer.onArrived(part);
  }

  private void keep(ByteBuf piece) {
    LogCutter present = cutter;
    if (present != null) {
      present.feed(piece);
    } else {
      waitingBytes += piece.readableBytes();
      waiting.addLast(piece);
    }
  }

  @Override
  public void onEnd() {
    ArrayContent array = content;
    if (array != null) {
      end(array);
    }
  }

  private void end(ArrayContent array) {
    done = true;
    if (array.isWhole()) {
      answer.onServed(part, by);
    } else {
      answer.onBroken(part);
    }
  }

  @Override
  public void onBroken() {
    done = true;
    answer.onBroken(part);
  }

  @Override
  public void onNothing(CallOutcome outcome) {
    done = true;
    answer.onBroken(part);
  }
}
