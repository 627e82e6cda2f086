package io.fairlead.gateway.upstream.h2;

import io.fairlead.gateway.upstream.h2.StreamFailure.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
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
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
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
 * connection open. So once something was asked and nothing at all has come for a second, a PING
 * goes out; while it is not answered by the next look, a second later, the connection {@link
 * #isSuspect}, and {@value #PATIENCE_SECONDS} s after it the connection is closed.
 *
 * <p><b>Resets.</b> Servers take many resets for an attack (CVE-2023-44487) and end the connection
 * with all that is on it. So we reset {@value #RESETS} streams in a row and {@value
 * #RESETS_PER_SECOND} a second at the most; the answers of others are let come and dropped, unless
 * they are long.
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
  static final int PATIENCE_SECONDS = 5;
  static final int RESETS = 100;
  static final int RESETS_PER_SECOND = 3;

  private static final int DROPPED_BYTES = 64 * 1024;
  private static final int LAST_STREAM = Integer.MAX_VALUE / 2;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);

  private final Owner owner;
  private final HeadEncoder heads;
  private final FrameBatch frames;
  private final FloodGuard flood;
  private final Http2Connection.PropertyKey callKey;
  private final ArrayDeque<CallStream> dropped = new ArrayDeque<>();
  private final Runnable flushLater = this::flushNow;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Cause endCause;
  private String endText = "";
  private boolean flushScheduled;
  private boolean settled;
  private boolean goingAway;
  private boolean broken;
  private boolean closed;
  private boolean used;
  private int lastTaken = Integer.MAX_VALUE;
  private int resetsLeft = RESETS;
  private long reads;
  private long readsAtSweep = -1;
  private long quietNanos;
  private boolean awaiting;
  private boolean pinged;
  private boolean suspect;
  private long pingNanos;
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
    return suspect && reads == readsAtSweep;
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
    CallStream call = new CallStream(this, stream, listener, reads);
    stream.setProperty(callKey, call);
    encoder().writeData(ctx, id, body, 0, true, ctx.newPromise());
    flood.onRequest(bytes);
    awaiting = true;
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
    if (resetsLeft > 0) {
      resetsLeft--;
      reset(call, Http2Error.CANCEL);
    } else {
      dropped.add(call);
    }
  }

  void reset(CallStream call, Http2Error error) {
    flood.onReset();
    ChannelHandlerContext ctx = ctx();
    encoder().writeRstStream(ctx, call.stream().id(), error.code(), ctx.newPromise());
    scheduleFlush();
  }

  private void resetDropped() {
    resetsLeft = Math.min(RESETS, resetsLeft + RESETS_PER_SECOND);
    for (CallStream call = dropped.poll(); call != null; call = dropped.poll()) {
      if (call.stream().state() != Http2Stream.State.CLOSED) {
        if (resetsLeft == 0) {
          dropped.addFirst(call);
          return;
        }
        abandon(call);
      }
    }
  }

  /** An answer came whole. */
  void onAnswered() {
    used = true;
  }

  // ---- time

  /** Looks whether the other side is alive; to be called about once a second. */
  public void sweep(long nowNanos) {
    flood.refill();
    resetDropped();
    if (reads != readsAtSweep || !awaiting) {
      readsAtSweep = reads;
      quietNanos = nowNanos;
      awaiting = !isEmpty();
      pinged = false;
      suspect = false;
    } else if (!pinged) {
      if (nowNanos - quietNanos >= QUIET_NANOS) {
        ping(nowNanos);
      }
    } else if (nowNanos - pingNanos < PATIENCE_NANOS) {
      suspect = true;
    } else {
      end(Cause.CLOSED_EARLY, "no sign of life for " + PATIENCE_SECONDS + " s");
      ctx().close();
    }
  }

  private void ping(long nowNanos) {
    pinged = true;
    pingNanos = nowNanos;
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
    reads++;
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
    if (call.drop(bytes) > DROPPED_BYTES && dropped.remove(call)) {
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
        endWithStream(call);
        owner.onStreamEnd(SharedConnection.this);
      }
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      lastTaken = lastStreamId;
      goingAway = true;
      owner.onGoingAway(SharedConnection.this);
    }
  }

  /** Says of a stream that ended without its answer why that was. */
  private void endWithStream(CallStream call) {
    Cause cause = endCause;
    if (call.isOver()) {
      return;
    }
    if (call.stream().id() > lastTaken) {
      call.failUnprocessed(Cause.REFUSED, "the connection goes away");
    } else if (cause != null) {
      boolean isStale = cause == Cause.RESET && used && call.isUnheard(reads);
      call.fail(isStale ? Cause.STALE_CONNECTION : cause, endText);
    } else if (used && call.isUnheard(reads)) {
      call.fail(Cause.STALE_CONNECTION, "closed while it was used");
    } else {
      call.fail(Cause.CLOSED_EARLY, "closed before the answer was whole");
    }
  }

  private void end(Cause cause, String text) {
    broken = true;
    if (endCause == null) {
      endCause = cause;
      endText = text;
    }
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
      call.refuse(textOf(error));
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

  private static String textOf(Http2Exception error) {
    return error instanceof Http2Exception.HeaderListSizeException
        ? "answer with a head over " + MAX_HEADER_BYTES + " bytes"
        : "answer is not strict HTTP/2 (" + error.error() + ")";
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
    end(Cause.MALFORMED, textOf(error));
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
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (root instanceof SSLException) {
      end(Cause.TLS, "TLS broke");
    } else if (root instanceof IOException) {
      end(Cause.RESET, "the connection was reset");
    } else {
      end(Cause.MALFORMED, "answer cannot be read (" + root.getClass().getSimpleName() + ")");
    }
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
