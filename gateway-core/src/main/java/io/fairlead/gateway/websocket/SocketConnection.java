package io.fairlead.gateway.websocket;

import io.fairlead.gateway.admission.MemoryStage;
import io.fairlead.gateway.admission.Refusable;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.net.OutputEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's WebSocket connection: puts messages together from frames, answers pings, and ends
 * with the code that RFC 6455 has for whatever is wrong.
 *
 * <p><b>Bounds.</b> The socket is read only while the client takes what is written and the message
 * side has room, so that a client that does not read, or asks more than it may at once, feels it in
 * its own sends. A message is at most {@code limits.websocketMessage} long.
 *
 * <p><b>Cost at rest.</b> A connection on which nothing happens holds this object, its message side
 * and Netty's decoder: no buffer, no timer, no state of compression. Looking after quiet
 * connections is the lane's, for all of them at once.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: owns the pieces of the
 * message that is arriving.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends in channelInactive
public final class SocketConnection extends ChannelInboundHandlerAdapter implements Refusable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);
  private static final String NOT_UTF8 = "the text is not UTF-8";
  private static final int LAST_CODE = 4999;
  private static final int RSV1_ALONE = 4;

  private final SocketLane lane;
  private final MessageSide side;
  private final boolean deflates;
  private @Nullable SocketWriter writer;
  private @Nullable ChannelHandlerContext context;

  private State state = State.OPEN;
  private int endCode = CloseCode.NO_CLOSE_FRAME;
  private boolean counted;

  private final ArrivingMessage message = new ArrivingMessage();

  private boolean reading = true;
  private boolean pinged;

  /** Not read because its client was refused. */
  private boolean unread;

  private long lastReadNanos;

  /**
   * When the connection is ended by force if it is {@link State#CLOSING}; else since when it is
   * stalled.
   */
  private long sinceNanos;

  private long lastPendingBytes;

  @Nullable SocketConnection next;
  @Nullable SocketConnection previous;
  @Nullable SocketConnection nextUnflushed;
  private boolean unflushed;

  /**
   * A connection that was upgraded.
   *
   * @param deflates whether messages may be compressed
   */
  SocketConnection(SocketLane lane, Visit visit, boolean deflates) {
    this.lane = lane;
    this.deflates = deflates;
    this.side = lane.sides().open(this, visit);
    this.lastReadNanos = lane.loop().nanoTime();
    this.sinceNanos = lastReadNanos;
  }

  private enum State {
    /** Messages go both ways. */
    OPEN,
    /** The gateway is going down: what was asked before is answered. */
    DRAINING,
    /** A close frame was sent or is to be answered; whatever still arrives is dropped. */
    CLOSING
  }

  /** What turns a client's bytes into frames. */
  static ChannelHandler newDecoder(int maxFrameBytes, boolean deflates) {
    return new WebSocket13FrameDecoder(
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(deflates)
            .maxFramePayloadLength(maxFrameBytes)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    writer = new SocketWriter(ctx, this);
    counted = true;
    lane.add(this);
    if (lane.isDraining()) {
      onDrain();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave();
    ctx.fireChannelInactive();
  }

  private void leave() {
    if (counted) {
      counted = false;
      state = State.CLOSING;
      message.drop();
      side.onEnd();
      writer().drop();
      lane.remove(this);
      lane.observer().onClosed(endCode);
    }
  }

  LoopContext loop() {
    return lane.loop();
  }

  SocketLane lane() {
    return lane;
  }

  boolean deflates() {
    return deflates;
  }

  SocketWriter writer() {
    SocketWriter present = writer;
    if (present == null) {
      throw new IllegalStateException("the connection is not in a pipeline");
    }
    return present;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext present = context;
    if (present == null) {
      throw new IllegalStateException("the connection is not in a pipeline");
    }
    return present;
  }

  /** Whether messages still go to the client. */
  boolean isOpen() {
    return state != State.CLOSING;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    WebSocketFrame frame = (WebSocketFrame) read;
    if (state == State.CLOSING) {
      frame.release();
      if (frame instanceof CloseWebSocketFrame) {
        ctx.close();
      }
    } else if (frame.rsv() != 0 && !isCompressedMessage(frame)) {
      frame.release();
      fail(CloseCode.PROTOCOL_ERROR, "a reserved bit is set");
    } else if (frame instanceof PingWebSocketFrame) {
      writer().control(Frames.pong(frame.content()));
      frame.release();
      updateReading();
    } else if (frame instanceof PongWebSocketFrame) {
      frame.release();
    } else if (frame instanceof CloseWebSocketFrame close) {
      onClose(close);
    } else {
      onData(frame);
    }
  }

  private static boolean isCompressedMessage(WebSocketFrame frame) {
    boolean begins = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
    return begins && frame.rsv() == RSV1_ALONE;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    lastReadNanos = lane.loop().nanoTime();
    pinged = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    side.onWritable(ctx.channel().isWritable());
    updateReading();
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException violation) {
      fail(violation.closeStatus().code(), String.valueOf(violation.getMessage()));
    } else if (cause instanceof IOException) {
      ctx.close();
    } else if (cause instanceof DecoderException) {
      fail(CloseCode.PROTOCOL_ERROR, "not a frame");
    } else {
      LOG.warn(
          "WebSocket connection {}: closed after an unexpected error", ctx.channel().id(), cause);
      fail(CloseCode.INTERNAL_ERROR, "the gateway failed");
    }
  }

  private void onClose(CloseWebSocketFrame close) {
    int code = close.statusCode() < 0 ? CloseCode.NO_CODE : close.statusCode();
    close.release();
    if (code > LAST_CODE) {
      fail(CloseCode.PROTOCOL_ERROR, "no such close code");
    } else if (beginEnd(code)) {
      ByteBuf frame = Frames.close(context().alloc().ioBuffer(), code, "");
      writer().close(frame).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void onData(WebSocketFrame frame) {
    ByteBuf payload = frame.content();
    lane.admission().onRead(payload.readableBytes());
    boolean last = frame.isFinalFragment();
    if (!(frame instanceof ContinuationWebSocketFrame)) {
      message.begin(frame);
    }
    if (payload.readableBytes() + message.heldBytes() > messageBytes()) {
      payload.release();
      failTooBig();
    } else if (message.isText() && !message.isCompressed() && !message.isUtf8(payload, last)) {
      payload.release();
      fail(CloseCode.BAD_DATA, NOT_UTF8);
    } else if (!last) {
      message.add(payload, context().alloc());
    } else if (message.isCompressed()) {
      onCompressed(message.take(payload, context().alloc()));
    } else {
      onMessage(message.take(payload, context().alloc()));
    }
  }

  private int messageBytes() {
    return lane.plan().limits().webSocket().messageBytes();
  }

  private void failTooBig() {
    fail(CloseCode.TOO_BIG, "the message is over the limit; limits.websocketMessage sets it");
  }

  private void onCompressed(ByteBuf payload) {
    try {
      ByteBuf whole = lane.deflation().expand(payload, messageBytes(), context().alloc());
      if (message.isText() && !message.isUtf8(whole, true)) {
        whole.release();
        fail(CloseCode.BAD_DATA, NOT_UTF8);
      } else {
        onMessage(whole);
      }
    } catch (Deflation.TooBigException e) {
      failTooBig();
    } catch (DataFormatException e) {
      fail(CloseCode.BAD_DATA, "not compressed data: " + e.getMessage());
    } finally {
      payload.release();
    }
  }

  private void onMessage(ByteBuf whole) {
    lane.observer().onMessageIn();
    side.onMessage(whole, message.isText());
    updateReading();
  }

  /**
   * Sends a message.
   *
   * @param payload what it says; taken over
   * @param isText whether as text, or else as binary
   */
  public void send(ByteBuf payload, boolean isText) {
    if (isOpen()) {
      lane.observer().onMessageOut();
      int kind = isText ? Frames.TEXT : Frames.BINARY;
      if (deflates && payload.readableBytes() >= Deflation.FROM_BYTES) {
        writer().message(kind | Frames.RSV1, lane.deflation().compress(payload));
      } else {
        writer().message(kind, payload);
      }
      updateReading();
    } else {
      payload.release();
    }
  }

  /** The message side may have room again, or nothing to answer any more. */
  public void onRoom() {
    if (state == State.DRAINING && side.isIdle() && writer().isClear()) {
      end(CloseCode.GOING_AWAY, "the gateway is going down");
    } else {
      updateReading();
    }
  }

  /** Reads while the client does, and while there is room for what it asks. */
  void updateReading() {
    boolean wanted = state != State.OPEN || (writer().isWritable() && hasRoom());
    if (wanted != reading) {
      reading = wanted;
      lastReadNanos = lane.loop().nanoTime();
      context().channel().config().setAutoRead(wanted);
    }
  }

  private boolean hasRoom() {
    return !side.isFull() && !unread && lane.admission().memory() == MemoryStage.NORMAL;
  }

  /** What of an unfinished message has arrived, in bytes. */
  long heldBytes() {
    return message.heldBytes();
  }

  /** Ends the connection because its unfinished message holds memory that is wanting. */
  void giveUp() {
    end(CloseCode.TRY_AGAIN_LATER, "the gateway is short of memory");
  }

  /** A call on it was refused because the loop has too many. */
  void onShed() {
    lane.admission().onRefused(this);
  }

  @Override
  public boolean mayGoUnread() {
    return !unread && isOpen();
  }

  @Override
  public void setUnread(boolean isUnread) {
    unread = isUnread;
    if (counted) {
      updateReading();
    }
  }

  void flushLater() {
    if (!unflushed) {
      unflushed = true;
      lane.flushLater(this);
    }
  }

  void flush() {
    unflushed = false;
    context().flush();
  }

  /** Ends the connection in good order: the client's close frame is waited for, for a moment. */
  void end(int code, String reason) {
    if (beginEnd(code)) {
      writer().close(Frames.close(context().alloc().ioBuffer(), code, reason));
    }
  }

  /** Ends a connection that cannot be understood any more, so that the client sees why. */
  private void fail(int code, String reason) {
    if (beginEnd(code)) {
      writer()
          .close(Frames.close(context().alloc().ioBuffer(), code, reason))
          .addListener(done -> endOutput());
    }
  }

  /** What still arrives is read and dropped, so that no reset overtakes the close frame. */
  private void endOutput() {
    OutputEnd.tell(context().channel());
  }

  private boolean beginEnd(int code) {
    if (state == State.CLOSING) {
      return false;
    }
    state = State.CLOSING;
    endCode = code;
    sinceNanos = lane.loop().nanoTime();
    message.drop();
    side.onEnd();
    updateReading();
    return true;
  }

  void onDrain() {
    if (state == State.OPEN) {
      state = State.DRAINING;
      side.onDrain();
      onRoom();
    }
  }

  /** Ends the connection if its client is gone or too slow, and pings one that is quiet. */
  void onSweep(long nowNanos) {
    if (state == State.CLOSING) {
      if (nowNanos - sinceNanos >= lane.timing().closeNanos()) {
        cut();
      }
      return;
    }
    side.onSweep();
    if (isOpen() && !isStalled(nowNanos) && reading) {
      lookAfter(nowNanos);
    }
  }

  private void lookAfter(long nowNanos) {
    long quietNanos = nowNanos - lastReadNanos;
    if (quietNanos >= lane.timing().silentNanos()) {
      end(CloseCode.POLICY, "no byte came for too long, not even a pong");
    } else if (!pinged && quietNanos >= lane.timing().pingNanos()) {
      pinged = true;
      writer().control(Frames.ping());
    }
  }

  private boolean isStalled(long nowNanos) {
    long pending = writer().pendingBytes();
    if (writer().isWritable() || pending < lastPendingBytes) {
      sinceNanos = nowNanos;
    }
    lastPendingBytes = pending;
    boolean stalled = nowNanos - sinceNanos >= lane.timing().stallNanos();
    if (stalled) {
      endSlow();
    }
    return stalled;
  }

  /** Ends the connection of a client that reads too slowly. */
  void endSlow() {
    end(CloseCode.TRY_AGAIN_LATER, "the client reads too slowly; limits.websocketBuffer bounds it");
  }

  /**
   * Ends the connection at once; with a reset if the client has not even taken what was written.
   */
  private void cut() {
    if (writer().pendingBytes() > 0) {
      context().channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    context().close();
  }
}
