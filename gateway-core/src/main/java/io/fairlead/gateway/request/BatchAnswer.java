package io.fairlead.gateway.request;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallSink;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the answers of a batch in the order of its calls.
 *
 * <p>The calls run side by side, each on its own way. An answer whose turn has not come waits here,
 * up to {@link #WAITING_BYTES} a member, beyond which its upstream is not read; the one whose turn
 * it is goes through as it arrives. The whole is held until it is complete or longer than {@link
 * #HELD_BYTES}, so that a short batch is answered in one piece with its length.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: owns what waits.
 */
final class BatchAnswer implements ActiveAnswer {
  private static final int WAITING_BYTES = 256 * 1024;
  private static final int HELD_BYTES = 64 * 1024;
  private static final int MAX_PARTS = 4096;

  private final RequestSink sink;
  private final ByteBufAllocator alloc;
  private final Member[] members;
  private int turn;
  private boolean started;
  private boolean opened;
  private boolean streaming;
  private boolean ended;
  private int shed;
  private @Nullable CompositeByteBuf held;

  BatchAnswer(RequestSink sink, ByteBufAllocator alloc, int size) {
    this.sink = sink;
    this.alloc = alloc;
    this.members = new Member[size];
    for (int i = 0; i < size; i++) {
      members[i] = new Member(i);
    }
  }

  /** Where the answer of a member goes. */
  Member member(int index) {
    return members[index];
  }

  @Override
  public void abandon() {
    ended = true;
    for (Member member : members) {
      Call call = member.call;
      if (call != null && !member.done) {
        call.abandon();
      }
      member.release();
    }
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void setReading(boolean on) {
    if (turn < members.length) {
      members[turn].setReading(on);
    }
  }

  /** Every call is on its way: whatever has been answered meanwhile may go out. */
  void onAllStarted() {
    started = true;
    advance();
  }

  private void advance() {
    while (!ended && turn < members.length) {
      Member member = members[turn];
      member.emitWaiting();
      if (!member.done) {
        member.setReading(true);
        return;
      }
      turn++;
    }
    if (!ended) {
      end();
    }
  }

  private void end() {
    ended = true;
    if (!opened) {
      sink.onNoAnswer();
      return;
    }
    emit(alloc.ioBuffer(1).writeByte(']'));
    ByteBuf whole = held;
    held = null;
    if (streaming || whole == null) {
      sink.onBatchEnd();
    } else if (shed == members.length) {
      sink.onBatchShed(whole);
    } else {
      sink.onBatch(whole);
    }
  }

  private void emit(ByteBuf piece) {
    if (streaming) {
      if (!sink.onBatchPiece(piece)) {
        setReading(false);
      }
      return;
    }
    CompositeByteBuf whole = held;
    if (whole == null) {
      whole = alloc.compositeBuffer(MAX_PARTS);
      held = whole;
    }
    whole.addComponent(true, piece);
    if (whole.readableBytes() > HELD_BYTES && !ended) {
      held = null;
      streaming = true;
      sink.onBatchStart();
      emit(whole);
    }
  }

  private void emitSeparator() {
    emit(alloc.ioBuffer(1).writeByte(opened ? ',' : '['));
    opened = true;
  }

  /** One call of the batch and what has arrived of its answer. */
  final class Member implements CallSink {
    private final int index;
    private @Nullable Call call;
    private @Nullable CompositeByteBuf waiting;
    private boolean begun;
    private boolean done;

    Member(int index) {
      this.index = index;
    }

    /** Notes whose answer is awaited, so that it can be called off. */
    void await(Call awaited) {
      call = awaited;
    }

    /** Takes an answer that needs no call; taken over. */
    void prepare(ByteBuf whole) {
      done = true;
      append(whole);
    }

    /** Nothing is answered. */
    void skip() {
      done = true;
    }

    @Override
    public void onWhole(Call from, int httpStatus, ByteBuf whole) {
      shed += httpStatus == Call.OVERLOADED_STATUS ? 1 : 0;
      prepare(whole);
      advanceIfTurn();
    }

    @Override
    public void onStart(Call from, long lengthBytes) {}

    @Override
    public void onChunk(Call from, ByteBuf chunk) {
      if (started && index == turn) {
        emitPiece(chunk);
      } else {
        append(chunk);
        CompositeByteBuf present = waiting;
        if (present != null && present.readableBytes() > WAITING_BYTES) {
          setReading(false);
        }
      }
    }

    @Override
    public void onEnd(Call from) {
      done = true;
      advanceIfTurn();
    }

    @Override
    public void onBroken(Call from) {
      done = true;
      if (begun) {
        ended = true;
        abandon();
        sink.onBatchBroken(from);
        return;
      }
      release();
      prepare(from.toError(GatewayErrors.UNAVAILABLE, "the answer broke off"));
      advanceIfTurn();
    }

    @Override
    public void onNothing(Call from) {
      done = true;
      advanceIfTurn();
    }

    private void advanceIfTurn() {
      if (started && index == turn) {
        advance();
      }
    }

    private void append(ByteBuf piece) {
      CompositeByteBuf present = waiting;
      if (present == null) {
        present = alloc.compositeBuffer(MAX_PARTS);
        waiting = present;
      }
      present.addComponent(true, piece);
    }

    private void emitWaiting() {
      ByteBuf present = waiting;
      if (present != null) {
        waiting = null;
        emitPiece(present);
      }
    }

    private void emitPiece(ByteBuf piece) {
      if (!begun) {
        begun = true;
        emitSeparator();
      }
      emit(piece);
    }

    private void setReading(boolean on) {
      Call current = call;
      if (current != null && !done) {
        current.setReading(on);
      }
    }

    private void release() {
      if (waiting != null) {
        waiting.release();
        waiting = null;
      }
    }
  }
}
