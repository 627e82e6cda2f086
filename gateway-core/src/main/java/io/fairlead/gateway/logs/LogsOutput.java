package io.fairlead.gateway.logs;

import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.CallOutcome;
import io.fairlead.gateway.call.WholeAnswer;
import io.fairlead.gateway.jsonrpc.GatewayErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer whose result is an array of logs that come in pieces: held while it is short,
 * then streamed.
 *
 * <p>Thread-safety: confined to the call's event loop. Ownership: takes over every piece.
 */
final class LogsOutput {
  private static final int MOST_COMPONENTS = 4096;
  private static final int END_BYTES = 2;

  private final Call call;
  private final CallMessage message;
  private final AnswerSink sink;
  private final int holdBytes;
  private @Nullable CompositeByteBuf held;
  private int valueStart;
  private boolean streaming;
  private boolean hasLogs;
  private boolean partHasLogs;

  /**
   * An answer.
   *
   * @param message whose id it carries
   * @param holdBytes how long it may become before it begins to go out
   */
  LogsOutput(Call call, CallMessage message, AnswerSink sink, int holdBytes) {
    this.call = call;
    this.message = message;
    this.sink = sink;
    this.holdBytes = holdBytes;
  }

  /** Whether the answer has begun to go out. */
  boolean isStreaming() {
    return streaming;
  }

  /**
   * The next bytes of logs; taken over.
   *
   * @param isOneLog whether this is one log that has to be set apart from the one before
   */
  void add(ByteBuf piece, boolean isOneLog) {
    if (hasLogs && (isOneLog || !partHasLogs)) {
      write(call.loop().alloc().buffer(1).writeByte(','));
    }
    hasLogs = true;
    partHasLogs = true;
    write(piece);
  }

  /** All pieces of a part have been added. */
  void closePart() {
    partHasLogs = false;
  }

  private void write(ByteBuf piece) {
    if (streaming) {
      call.noteMovement();
      sink.onChunk(piece);
      return;
    }
    CompositeByteBuf whole = held();
    whole.addComponent(true, piece);
    if (whole.readableBytes() > holdBytes) {
      held = null;
      streaming = true;
      call.noteMovement();
      sink.onStart(-1);
      sink.onChunk(whole);
    }
  }

  private CompositeByteBuf held() {
    CompositeByteBuf present = held;
    if (present == null) {
      ByteBuf empty = message.toResult(call.loop().alloc(), "[]");
      empty.writerIndex(empty.writerIndex() - END_BYTES);
      valueStart = empty.readableBytes() - 1;
      present = call.loop().alloc().compositeBuffer(MOST_COMPONENTS).addComponent(true, empty);
      held = present;
    }
    return present;
  }

  /** All parts have been added. */
  void finish() {
    ByteBuf end = call.loop().alloc().buffer(END_BYTES).writeByte(']').writeByte('}');
    if (streaming) {
      sink.onChunk(end);
      sink.onEnd();
      return;
    }
    ByteBuf whole = held().addComponent(true, end);
    held = null;
    int length = whole.readableBytes() - valueStart - 1;
    sink.onWhole(WholeAnswer.ofUpstream(CallOutcome.OK, whole, valueStart, length));
  }

  /**
   * The answer comes to nothing.
   *
   * @param error what the client gets if the answer has not begun; taken over
   */
  void fail(@Nullable WholeAnswer error) {
    release();
    if (streaming) {
      if (error != null) {
        error.release();
      }
      sink.onBroken();
    } else {
      sink.onWhole(error == null ? brokenOff() : error);
    }
  }

  private WholeAnswer brokenOff() {
    int code = GatewayErrors.UNAVAILABLE;
    String text = "no upstream gave the logs in full, although several tries were made";
    ByteBuf bytes = message.toError(call.loop().alloc(), code, text);
    return WholeAnswer.own(CallOutcome.UNSERVED, GatewayErrors.httpStatus(code), bytes);
  }

  /** Drops what is held. */
  void release() {
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
