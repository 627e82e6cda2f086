package io.fairlead.gateway.upstream.h2;

import io.fairlead.gateway.upstream.h2.StreamFailure.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection to an upstream, each stream of which carries one exchange.
 *
 * <p><b>Streams.</b> Until the server has said its settings there is one at the most; then as many
 * as it allows, and never more than {@value #MAX_STREAMS}. After its GOAWAY none are begun; those
 * that it has not taken are told as refused, those that it has taken go on.
 *
 * <p><b>Writes.</b> What is begun in one turn of the loop is one write ({@link FrameBatch}).
 *
 * <p><b>A path that is dead</b> shows by silence alone, since a call that is given up leaves the
 * connection open. So a PING is sent when nothing comes, and the connection is suspect and then
 * closed when that is not answered either ({@link Silence}).
 *
 * <p><b>Resets</b> are few ({@link ResetBudget}), lest the server takes them for an attack.
 *
 * <p>Thread-safety: loop-confined. Ownership: takes the body of each exchange. Source: RFC 9113.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection
public final class SharedConnection extends Http2ConnectionHandler {
  /** What a stream may send before it is read: enough for 6 MB/s at 80 ms. */
  static final int STREAM_WINDOW_BYTES = 512 * 1024;

  static final int CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
  static final int MAX_HEADER_BYTES = 32 * 1024;
  static final int MAX_STREAMS = 512;

  private static final int LAST_STREAM = Integer.MAX_VALUE / 2;

  private final Owner owner;
  private final HeadEncoder heads;
  private final FrameBatch frames;
  private final FloodGuard flood;
  private final Http2Connection.PropertyKey callKey;
  private final Silence silence = new Silence();
  private final ResetBudget resets = new ResetBudget();
  private final Ending ending = new Ending();
  private final Runnable flushLater = this::flushNow;
  private @Nullable ChannelHandlerContext context;
  private boolean flushScheduled;
  private boolean settled;
  private boolean goingAway;
  private boolean broken;
  private boolean closed;
  private long idleDeadlineNanos;

  /** Whom the connection tells of itself; called on its loop. */
  public interface Owner {
    /** The server's settings came: there is room for more streams, or less. */
    void onSettled(SharedConnection connection);

    /** A stream has ended. */
    void onStreamEnd(SharedConnection connection);

    /** It takes no further streams; those it has go on. */
    void onGoingAway(SharedConnection connection);

    /** It has ended, and all its streams before. */
    void onClosed(SharedConnection connection);
  }

  private SharedConnection(ClientCodec codec, Owner owner) {
    super(codec.decoder(), codec.encoder(), ClientCodec.settings());
    this.owner = owner;
    this.heads = codec.heads();
    this.frames = codec.frames();
    this.flood = codec.flood();
    this.callKey = connection().newKey();
    decoder().frameListener(new Frames());
    connection().addListener(new Streams());
  }

  /**
   * A connection that begins when it is added to the pipeline of an open channel.
   *
   * @param template the head of all requests
   * @param owner who is told
   */
  public static SharedConnection of(RequestTemplate template, Owner owner) {
    return new SharedConnection(ClientCodec.of(template), owner);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    int more = CONNECTION_WINDOW_BYTES - ClientCodec.INITIAL_WINDOW_BYTES;
    decoder().flowController().incrementWindowSize(connection().connectionStream(), more);
    frames.ship(ctx);
    ctx.flush();
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext present = context;
    if (present == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return present;
  }

  /** Its channel. */
  public Channel channel() {
    return ctx().channel();
  }

  // ---- what it can carry

  /** Whether it may be given streams, now or when others have ended. */
  public boolean isUsable() {
    return !goingAway
        && !broken
        && channel().isActive()
        && connection().local().lastStreamCreated() < LAST_STREAM;
  }

  /** Whether it has told its owner that it ended. */
  public boolean isClosed() {
    return closed;
  }

  /** Whether the server has said its settings. */
  public boolean isSettled() {
    return settled;
  }

  /** Whether it has been silent for so long that another is to be preferred. */
  public boolean isSuspect() {
    return silence.isSuspect();
  }

  /** Streams that can be begun now; 0 or more. */
  public int room() {
    if (!isUsable()) {
      return 0;
    }
    int most = settled ? Math.min(MAX_STREAMS, connection().local().maxActiveStreams()) : 1;
    return Math.max(0, most - connection().numActiveStreams());
  }

  /** Whether no stream is open. */
  public boolean isEmpty() {
    return connection().numActiveStreams() == 0;
  }

  /** Until when it may stay without streams. */
  public long idleDeadlineNanos() {
    return idleDeadlineNanos;
  }

  /** Sets until when it may stay without streams. */
  public void setIdleDeadline(long nanos) {
    idleDeadlineNanos = nanos;
  }

  // ---- requests

  /**
   * Begins an exchange; there must be room.
   *
   * @param body the request's, taken over, with indexes of its own
   * @param listener hears the answer, never before this returns
   * @return the stream
   */
  public CallStream start(ByteBuf body, StreamListener listener) {
    ChannelHandlerContext ctx = ctx();
    int bytes = body.readableBytes();
    int id = connection().local().incrementAndGetNextStreamId();
    heads.setContentLength(bytes);
    encoder().writeHeaders(ctx, id, EmptyHttp2Headers.INSTANCE, 0, false, ctx.newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      body.release();
      throw new IllegalStateException("a stream was begun without room for it");
    }
    CallStream call = new CallStream(this, stream, listener, silence.reads());
    stream.setProperty(callKey, call);
    encoder().writeData(ctx, id, body, 0, true, ctx.newPromise());
    flood.onRequest(bytes);
    silence.onAsked();
    scheduleFlush();
    return call;
  }

  private @Nullable CallStream call(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(callKey);
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      ctx().executor().execute(flushLater);
    }
  }

  private void flushNow() {
    flushScheduled = false;
    flush(ctx());
  }

  /** Passes on what the windows let go; without a system call if there is nothing. */
  @Override
  public void flush(ChannelHandlerContext ctx) {
    try {
      encoder().flowController().writePendingBytes();
    } catch (Http2Exception e) {
      onError(ctx, true, e);
    }
    if (frames.ship(ctx)) {
      ctx.flush();
    }
  }

  void giveBack(Http2Stream stream, int bytes) {
    try {
      if (decoder().flowController().consumeBytes(stream, bytes)) {
        scheduleFlush();
      }
    } catch (Http2Exception e) {
      onError(ctx(), true, e);
    }
  }

  // ---- resets

  /** Nobody waits for the answer any more. */
  void abandon(CallStream call) {
    if (resets.tryTake(call)) {
      reset(call, Http2Error.CANCEL);
    }
  }

  void reset(CallStream call, Http2Error error) {
    flood.onReset();
    ChannelHandlerContext ctx = ctx();
    encoder().writeRstStream(ctx, call.stream().id(), error.code(), ctx.newPromise());
    scheduleFlush();
  }

  private void resetDropped() {
    resets.refill();
    for (CallStream call = resets.next(); call != null; call = resets.next()) {
      reset(call, Http2Error.CANCEL);
    }
  }

  /** An answer came whole. */
  void onAnswered() {
    ending.onAnswered();
  }

  // ---- time

  /** Looks whether the other side is alive; to be called about once a second. */
  public void sweep(long nowNanos) {
    flood.refill();
    resetDropped();
    switch (silence.look(nowNanos, isEmpty())) {
      case PING -> ping(nowNanos);
      case DEAD -> {
        end(Cause.CLOSED_EARLY, "no sign of life for " + Silence.PATIENCE_SECONDS + " s");
        ctx().close();
      }
      case WAIT -> {}
    }
  }

  private void ping(long nowNanos) {
    ChannelHandlerContext ctx = ctx();
    encoder().writePing(ctx, false, nowNanos, ctx.newPromise());
    flush(ctx);
  }

  /** Ends it in peace; to be called when it is empty. */
  public void close() {
    goingAway = true;
    try {
      close(ctx(), ctx().newPromise());
    } catch (Exception e) {
      ctx().close();
    }
    flush(ctx());
  }

  // ---- what comes

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
    silence.onRead();
    if (broken) {
      ReferenceCountUtil.release(bytes);
    } else {
      super.channelRead(ctx, bytes);
    }
  }

  private final class Frames extends Http2FrameAdapter {
    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean isLast) {
      CallStream call = call(connection().stream(streamId));
      int bytes = data.readableBytes() + padding;
      if (call == null) {
        return bytes;
      }
      return call.isOver() ? drop(call, bytes) : call.onData(data, padding, isLast);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean isLast)
        throws Http2Exception {
      CallStream call = call(connection().stream(streamId));
      if (call != null) {
        call.onHeaders(headers, isLast);
      } else if (isServers(streamId)) {
        throw notOurs(streamId);
      }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
      CallStream call = call(connection().stream(streamId));
      if (call != null) {
        call.onReset(errorCode);
      }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
      settled = true;
      owner.onSettled(SharedConnection.this);
    }

    @Override
    public void onPushPromiseRead(
        ChannelHandlerContext ctx,
        int streamId,
        int promisedStreamId,
        Http2Headers headers,
        int padding)
        throws Http2Exception {
      throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "nothing may be pushed");
    }
  }

  /** What comes for a stream that was given up without a reset. */
  private int drop(CallStream call, int bytes) {
    if (resets.isTooLong(call, bytes)) {
      reset(call, Http2Error.CANCEL);
    }
    return bytes;
  }

  // ---- ends

  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamHalfClosed(Http2Stream stream) {
      CallStream call = call(stream);
      if (call != null && !stream.state().localSideOpen()) {
        call.onSentWhole();
      }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      CallStream call = stream.removeProperty(callKey);
      if (call != null) {
        if (!call.isOver()) {
          ending.tell(call, silence.reads());
        }
        owner.onStreamEnd(SharedConnection.this);
      }
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      ending.onGoAway(lastStreamId);
      goingAway = true;
      owner.onGoingAway(SharedConnection.this);
    }
  }

  private void end(Cause cause, String text) {
    broken = true;
    ending.set(cause, text);
  }

  /** A stream that is wrong is reset; what comes for one that is over is only counted. */
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    if (outbound) {
      return; // what could not be written belongs to a stream that ends
    }
    CallStream call = call(connection().stream(error.streamId()));
    if (call != null) {
      call.refuse(Ending.textOf(error));
      return;
    }
    try {
      if (isServers(error.streamId())) {
        throw notOurs(error.streamId());
      }
      flood.onIdleFrame();
    } catch (Http2Exception e) {
      onError(ctx, false, e);
    }
  }

  private static boolean isServers(int streamId) {
    return streamId % 2 == 0;
  }

  private static Http2Exception notOurs(int streamId) {
    return Http2Exception.connectionError(
        Http2Error.PROTOCOL_ERROR, "stream %d was not begun by us", streamId);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    if (error == null) {
      onBroken(ctx, cause);
      return;
    }
    end(Cause.MALFORMED, Ending.textOf(error));
    super.onConnectionError(ctx, outbound, cause, error);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
      onBroken(ctx, cause);
    } else {
      onError(ctx, false, cause);
    }
  }

  private void onBroken(ChannelHandlerContext ctx, Throwable cause) {
    broken = true;
    ending.setBroken(cause);
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    broken = true;
    super.channelInactive(ctx);
    closed = true;
    owner.onClosed(this);
  }
}
