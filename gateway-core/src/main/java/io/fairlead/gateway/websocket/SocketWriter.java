package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of one connection.
 *
 * <p>A message may go out in fragments as they come, and no other message may come between them
 * (RFC 6455, section 5.4). So a long answer has its turn on the wire; whatever is finished
 * meanwhile waits behind it, and other long answers are not read until their own turn.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: takes over every buffer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in channelInactive
final class SocketWriter {
  /** A payload of at most this many bytes is copied behind its head, so that one buffer is sent. */
  private static final int COPY_BYTES = 2048;

  private final ChannelHandlerContext ctx;
  private final SocketConnection connection;

  /** Frames and long answers whose turn has not come; null while there were none. */
  private @Nullable ArrayDeque<Object> waiting;

  private @Nullable MessageAnswer turn;
  private long waitingBytes;

  /** Where shared frames are sent directly; looked for with the first, null if nowhere. */
  private @Nullable Socket socket;

  private int directTurn;

  SocketWriter(ChannelHandlerContext ctx, SocketConnection connection) {
    this.ctx = ctx;
    this.connection = connection;
  }

  boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** Whether nothing waits for its turn. */
  boolean isClear() {
    return turn == null && waiting == null;
  }

  /** What waits for the client to read it, in bytes. */
  long pendingBytes() {
    Channel channel = ctx.channel();
    if (channel instanceof Http2StreamChannel) {
      return pendingOfStream(channel) + waitingBytes;
    }
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes() + waitingBytes;
  }

  /** A stream has no buffer of its own, but says how far it is from its water marks. */
  private static long pendingOfStream(Channel stream) {
    WriteBufferWaterMark marks = stream.config().getWriteBufferWaterMark();
    return stream.isWritable()
        ? marks.high() + 1 - stream.bytesBeforeUnwritable()
        : marks.low() - 1 + stream.bytesBeforeWritable();
  }

  /** Writes a whole message. */
  void message(int kind, ByteBuf payload) {
    frame(kind, true, payload);
  }

  /** Writes a frame as it is after all that was written before. */
  void framed(ByteBuf frame) {
    if (turn == null) {
      write(frame);
    } else {
      wait(frame, frame.readableBytes());
    }
  }

  /**
   * Writes a frame that others share as it is after all that was written before. The first in a
   * turn of the loop is sent at once if nothing waits before it; what else comes in that turn goes
   * out together.
   *
   * @param shared lent
   */
  void shared(ByteBuf shared) {
    int sent = sendDirectly(shared);
    if (sent == 0) {
      framed(shared.retainedDuplicate());
    } else if (sent < shared.readableBytes()) {
      int from = shared.readerIndex() + sent;
      write(shared.retainedSlice(from, shared.writerIndex() - from));
    }
  }

  private int sendDirectly(ByteBuf shared) {
    int now = connection.lane().turn();
    if (turn != null || directTurn == now || !shared.hasMemoryAddress()) {
      return 0;
    }
    if (directTurn == 0) {
      socket = DirectSend.socketOf(ctx);
    }
    directTurn = now;
    return socket == null ? 0 : DirectSend.trySend(ctx.channel(), socket, shared);
  }

  private void frame(int kind, boolean last, ByteBuf payload) {
    int length = payload.readableBytes();
    boolean copied = length <= COPY_BYTES;
    ByteBuf head = ctx.alloc().ioBuffer(Frames.MAX_HEAD_BYTES + (copied ? length : 0));
    Frames.writeHead(head, kind, last, length);
    if (copied) {
      head.writeBytes(payload, payload.readerIndex(), length);
      payload.release();
      framed(head);
    } else {
      framed(head);
      framed(payload);
    }
  }

  private void wait(Object what, int bytes) {
    ArrayDeque<Object> queue = waiting;
    if (queue == null) {
      queue = new ArrayDeque<>();
      waiting = queue;
    }
    queue.add(what);
    waitingBytes += bytes;
  }

  private void write(ByteBuf frame) {
    ctx.write(frame, ctx.voidPromise());
    connection.flushLater();
  }

  /**
   * A long answer begins.
   *
   * @return whether it may be written now; otherwise its turn comes with {@link
   *     MessageAnswer#onTurn}
   */
  boolean begin(MessageAnswer answer) {
    if (turn == null) {
      turn = answer;
      return true;
    }
    wait(answer, 0);
    return false;
  }

  /** Writes the next fragment of the answer whose turn it is. */
  void fragment(int kind, boolean last, ByteBuf payload) {
    MessageAnswer current = turn;
    turn = null;
    frame(kind, last, payload);
    turn = current;
  }

  /** The answer whose turn it is has ended: whatever waits may go on. */
  void endTurn() {
    turn = null;
    writeWaiting();
    connection.onRoom();
  }

  private void writeWaiting() {
    ArrayDeque<Object> queue = waiting;
    while (queue != null && turn == null) {
      Object next = queue.poll();
      if (next == null) {
        waiting = null;
        return;
      }
      if (next instanceof ByteBuf frame) {
        waitingBytes -= frame.readableBytes();
        write(frame);
      } else if (next instanceof MessageAnswer answer) {
        turn = answer;
        if (answer.onTurn()) {
          turn = null;
        }
      }
    }
  }

  /** Writes a frame that may come between the fragments of a message. */
  void control(ByteBuf frame) {
    write(frame);
  }

  /** Writes the close frame, with which all that waits is void. */
  ChannelFuture close(ByteBuf frame) {
    drop();
    return ctx.writeAndFlush(frame);
  }

  /** Drops what waits. */
  void drop() {
    turn = null;
    ArrayDeque<Object> queue = waiting;
    waiting = null;
    waitingBytes = 0;
    if (queue != null) {
      for (Object each : queue) {
        if (each instanceof ByteBuf frame) {
          frame.release();
        }
      }
    }
  }
}
