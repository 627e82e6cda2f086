package io.fairlead.gateway.websocket;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.fairlead.gateway.jsonrpc.RequestFault;
import io.fairlead.gateway.request.RequestSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one message while it is under way.
 *
 * <p>A short one goes out in one frame, a long one in fragments as they come, once it is its turn;
 * until then what has been read of it is held and no more is read.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: owns what is held.
 */
final class MessageAnswer implements RequestSink {
  private static final int MAX_PARTS = 1024;

  private final CallSide side;
  private final int bytes;
  private int calls;
  private @Nullable ActiveAnswer active;

  private boolean hasTurn;
  private boolean begun;
  private boolean ended;
  private boolean holding;
  private @Nullable CompositeByteBuf held;
  private @Nullable Deflater deflater;

  @Nullable MessageAnswer next;
  @Nullable MessageAnswer previous;

  /**
   * An answer that has not begun.
   *
   * @param bytes the length of the message
   */
  MessageAnswer(CallSide side, int bytes) {
    this.side = side;
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  int calls() {
    return calls;
  }

  /** Notifications wait until this answer has been written. */
  void hold() {
    holding = true;
  }

  boolean isHolding() {
    return holding;
  }

  /** Nobody wants it any more. */
  void abandon() {
    ActiveAnswer abandoned = active;
    active = null;
    ended = true;
    drop();
    if (abandoned != null) {
      abandoned.abandon();
    }
  }

  /** The client's readiness for more has changed. */
  void setReading(boolean on) {
    ActiveAnswer current = active;
    if (current != null) {
      current.setReading(on);
    }
  }

  boolean hasTurn() {
    return hasTurn;
  }

  @Override
  public boolean wantsExplanation() {
    return false;
  }

  @Override
  public boolean admits(int asked) {
    return side.admits(asked);
  }

  @Override
  public void onDispatched(ActiveAnswer answer, int asked) {
    active = answer;
    calls = asked;
    side.onBegun(this);
  }

  @Override
  public void onFault(RequestFault fault, ByteBuf error) {
    side.onFault(fault, error);
  }

  @Override
  public void onWhole(Call call, int httpStatus, ByteBuf whole) {
    if (httpStatus == Call.OVERLOADED_STATUS) {
      side.onShed();
    }
    side.send(whole);
    end();
  }

  @Override
  public void onBatch(ByteBuf whole) {
    side.send(whole);
    end();
  }

  @Override
  public void onBatchShed(ByteBuf whole) {
    side.onShed();
    onBatch(whole);
  }

  @Override
  public void onNothing(Call call) {
    end();
  }

  @Override
  public void onNoAnswer() {
    end();
  }

  private void end() {
    ended = true;
    if (active != null) {
      active = null;
      side.onEnded(this);
    }
  }

  @Override
  public void onStart(Call call, long lengthBytes) {
    start();
  }

  @Override
  public void onBatchStart() {
    start();
  }

  private void start() {
    hasTurn = side.writer().begin(this);
  }

  @Override
  public void onChunk(Call call, ByteBuf chunk) {
    if (!onBatchPiece(chunk)) {
      call.setReading(false);
    }
  }

  @Override
  public boolean onBatchPiece(ByteBuf piece) {
    if (!hasTurn) {
      hold(piece);
      return false;
    }
    write(piece, false);
    return side.writer().isWritable();
  }

  private void hold(ByteBuf piece) {
    CompositeByteBuf present = held;
    if (present == null) {
      present = piece.alloc().compositeBuffer(MAX_PARTS);
      held = present;
    }
    present.addComponent(true, piece);
  }

  private void write(ByteBuf piece, boolean last) {
    int kind = begun ? Frames.CONTINUATION : Frames.TEXT;
    if (!begun && side.deflates()) {
      deflater = side.deflation().borrow();
      kind |= Frames.RSV1;
    }
    begun = true;
    side.writer().fragment(kind, last, deflated(piece, last));
  }

  private ByteBuf deflated(ByteBuf piece, boolean last) {
    Deflater current = deflater;
    if (current == null) {
      return piece;
    }
    if (!last) {
      return Deflation.piece(current, piece);
    }
    ByteBuf rest = Deflation.last(current, piece);
    giveBack();
    return rest;
  }

  private void giveBack() {
    Deflater used = deflater;
    deflater = null;
    if (used != null) {
      side.deflation().giveBack(used);
    }
  }

  @Override
  public void onEnd(Call call) {
    onBatchEnd();
  }

  @Override
  public void onBatchEnd() {
    ended = true;
    if (hasTurn) {
      endTurn(side.loop().alloc().ioBuffer(0));
      side.writer().endTurn();
    }
  }

  private void endTurn(ByteBuf rest) {
    hasTurn = false;
    write(rest, true);
    side.onSent();
    end();
  }

  @Override
  public void onBroken(Call call) {
    onBatchBroken(call);
  }

  @Override
  public void onBatchBroken(Call call) {
    if (begun) {
      active = null;
      drop();
      side.onBroken(this);
      return;
    }
    drop();
    hold(call.toError(GatewayErrors.UNAVAILABLE, "the answer broke off"));
    ended = true;
    if (hasTurn) {
      onTurn();
      side.writer().endTurn();
    }
  }

  /**
   * Nothing else is on the wire any more.
   *
   * @return whether the answer is written to its end
   */
  boolean onTurn() {
    ByteBuf present = held;
    held = null;
    if (ended) {
      endTurn(present == null ? side.loop().alloc().ioBuffer(0) : present);
      return true;
    }
    hasTurn = true;
    if (present != null) {
      write(present, false);
    }
    setReading(side.writer().isWritable());
    return false;
  }

  private void drop() {
    giveBack();
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
