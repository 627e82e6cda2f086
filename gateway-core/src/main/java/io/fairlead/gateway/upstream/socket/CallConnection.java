package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.upstream.socket.WireFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket connection on which calls go up under numbers and answers come down in any
 * order.
 *
 * <p>What is sent within one turn of the loop goes out with one write at its end.
 *
 * <p>Thread-safety: loop-confined. Ownership: closes its channel when it ends.
 */
final class CallConnection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
  /** As much as this is sent at once, whatever else the turn may bring. */
  private static final int FLUSH_BYTES = 64 * 1024;

  private static final int NORMAL_CLOSURE = 1000;
  private static final int POLICY_VIOLATION = 1008;
  private static final int TRY_AGAIN_LATER = 1013;
  private static final long LEFT_ALONE_SECONDS = 60;

  private final Channel channel;
  private final Owner owner;
  private final AnswerReader answers;
  private final FrameWriter writer;
  private final FrameReader reader;
  private final CallTable table;
  private final Runnable flush = this::flush;
  private boolean isFlushDue;
  private boolean isEnded;
  private boolean isPassing;
  private boolean isPassed;

  /** Hears what the connection brings. */
  interface Owner {
    /** Bytes came. */
    void onBytes();

    /** A call that has been taken from the table has its answer. */
    void onAnswer(SharedCall call, ByteBuf message, AnswerReader read);

    /** A call that has been taken from the table has an answer that is too long. */
    void onTooLong(SharedCall call);

    /** A message was nobody's answer. */
    void onStray();

    /** The connection has ended; its calls are still in the table. */
    void onEnd(WireFailure failure);
  }

  CallConnection(Channel channel, Owner owner, AnswerReader answers, Masks masks) {
    this.channel = channel;
    this.owner = owner;
    this.answers = answers;
    this.writer = new FrameWriter(channel.alloc(), masks);
    this.reader = new FrameReader(channel.alloc(), this);
    this.table = new CallTable(channel.alloc());
  }

  CallTable table() {
    return table;
  }

  /** Whether one more call may be sent: not too many wait, and what was sent has left. */
  boolean hasRoom() {
    return !isEnded && !table.isFull() && channel.isWritable();
  }

  void send(SharedCall call, long nowNanos) {
    call.send(writer, nowNanos);
    flushSoon();
  }

  void ping() {
    writer.addControl(FrameWriter.PING, Unpooled.EMPTY_BUFFER);
    flushSoon();
  }

  private void flushSoon() {
    if (writer.size() >= FLUSH_BYTES) {
      flush();
    } else if (!isFlushDue) {
      isFlushDue = true;
      channel.eventLoop().execute(flush);
    }
  }

  private void flush() {
    isFlushDue = false;
    ByteBuf out = writer.take();
    if (out != null) {
      channel.writeAndFlush(out, channel.voidPromise());
    }
  }

  /** Ends it with a word to the other side. */
  void close() {
    if (!isEnded) {
      sayClose();
      shut();
    }
  }

  private void sayClose() {
    writer.addControl(FrameWriter.CLOSE, Unpooled.copyShort(NORMAL_CLOSURE));
    flush();
  }

  private void shut() {
    isEnded = true;
    reader.release();
    ReferenceCountUtil.release(writer.take());
    channel.close();
  }

  private void end(Kind kind, long retryAfterSeconds, String text) {
    if (!isEnded) {
      shut();
      owner.onEnd(new WireFailure(kind, retryAfterSeconds, text));
    }
  }

  @Override
  public boolean isEnded() {
    return isEnded;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object msg) {
    try {
      if (msg instanceof ByteBuf bytes && !isEnded) {
        owner.onBytes();
        String fault = reader.read(bytes);
        if (fault != null) {
          end(Kind.MALFORMED, 0, fault);
        }
      }
    } finally {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void onMessage(ByteBuf message) {
    answers.read(message);
    SharedCall call = judge();
    if (call != null) {
      owner.onAnswer(call, message, answers);
    }
  }

  /** Whose the message is that was read; null if it is nobody's, which has then been dealt with. */
  private @Nullable SharedCall judge() {
    switch (answers.kind()) {
      case MALFORMED -> end(Kind.MALFORMED, 0, "it sends no JSON");
      case NOBODYS_ERROR ->
          end(Kind.REFUSED, 0, "an error without an id, code " + answers.errorCode());
      case OTHER -> owner.onStray();
      case ANSWER -> {
        SharedCall call = table.take(answers.id());
        if (call == null) {
          owner.onStray();
        }
        return call;
      }
    }
    return null;
  }

  @Override
  public void onPiece(ByteBuf piece) {
    if (!isPassing) {
      isPassing = true;
      answers.begin();
    }
    answers.feed(piece);
    if (!isPassed) {
      SharedCall call = table.take(answers.idSoFar());
      if (call != null) {
        isPassed = true;
        owner.onTooLong(call);
      }
    }
  }

  @Override
  public void onPiecesEnd() {
    isPassing = false;
    boolean isKnown = isPassed;
    isPassed = false;
    answers.finish();
    if (!isKnown || answers.kind() == AnswerReader.Kind.MALFORMED) {
      SharedCall call = judge();
      if (call != null) {
        owner.onTooLong(call);
      }
    }
  }

  @Override
  public void onControl(int opcode, ByteBuf payload) {
    if (opcode == FrameWriter.PING) {
      writer.addControl(FrameWriter.PONG, payload);
      flushSoon();
    } else if (opcode == FrameWriter.CLOSE) {
      int code = payload.readableBytes() < Short.BYTES ? 0 : payload.getUnsignedShort(0);
      sayClose();
      boolean isWarned = code == POLICY_VIOLATION || code == TRY_AGAIN_LATER;
      end(Kind.ENDED, isWarned ? LEFT_ALONE_SECONDS : 0, "closed with " + code);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(Kind.ENDED, 0, "the connection ended");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(Kind.ENDED, 0, "the connection broke (" + cause.getClass().getSimpleName() + ")");
  }
}
