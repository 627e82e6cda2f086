package io.fairlead.gateway.rpc;

import io.fairlead.gateway.admission.LoopAdmission;
import io.fairlead.gateway.admission.MemoryStage;
import io.fairlead.gateway.admission.ReadGate;
import io.fairlead.gateway.admission.ReadGate.Objection;
import io.fairlead.gateway.call.ServingPlan.ClientPace;
import io.fairlead.gateway.call.ServingPlan.HttpLimits;
import io.fairlead.gateway.metrics.RefusalReason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's HTTP/2 connection, each stream of which is a request, or a WebSocket by extended
 * CONNECT.
 *
 * <p><b>Bounds.</b> Streams and the bytes of a head are limited ({@link HttpLimits}). What it sends
 * on streams that are not read waits within the windows: 1 MiB a stream, some 6 MiB in all. While
 * it does not take what is written, the connection is not read, so that answers to whatever it
 * sends cannot pile up. Beyond that Netty's decoder ends connections that flood it: 200 resets in
 * 30 s, theirs or provoked from us, 16 small CONTINUATION frames in turn, 2 empty DATA frames in
 * turn, and {@value #QUEUED_CONTROL_FRAMES} acknowledgements that are not taken.
 *
 * <p>A connection without streams ends like an idle one of HTTP/1.1; a PING does not keep it.
 *
 * <p>Thread-safety: confined to the connection's event loop. Source: RFC 9113; RFC 8441.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends in channelInactive
final class Http2Connection extends ClientConnection {
  private static final int STREAM_WINDOW_BYTES = 1 << 20;

  /** What the connection may receive beyond the windows that the codec begins with. */
  private static final int MORE_WINDOW_BYTES = 4 << 20;

  /** Between the announcement that it ends and the end, for want of memory. */
  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int QUEUED_CONTROL_FRAMES = 1000;
  private static final int RESETS = 200;
  private static final int RESETS_SECONDS = 30;
  private static final int SMALL_CONTINUATIONS = 16;
  private static final int EMPTY_DATA_FRAMES = 2;

  private final LoopConnections home;
  private final RpcServer server;
  private final Http2FrameCodec codec;
  private final Set<StreamRequest> requests = new LinkedHashSet<>();
  private @Nullable ChannelHandlerContext context;
  private final WriteProgress progress = new WriteProgress();
  private final ReadGate gate = new ReadGate();
  private final Set<Channel> webSockets = new HashSet<>();
  private long busyNanos;
  private Drain drain = Drain.NONE;
  private long drainNanos;
  private boolean ending;

  /** How far the client was told that the connection ends. */
  private enum Drain {
    NONE,
    ANNOUNCED,
    SAID
  }

  private Http2Connection(LoopConnections home, RpcServer server, Http2FrameCodec codec) {
    this.home = home;
    this.server = server;
    this.codec = codec;
    this.busyNanos = home.loop().nanoTime();
  }

  /** Adds the handlers of HTTP/2 to a connection whose client speaks it; its preface follows. */
  static Http2Connection takeOver(
      ChannelPipeline pipeline, LoopConnections home, RpcServer server) {
    Http2FrameCodec codec = newCodec(server.plan().limits().http());
    Http2Connection connection = new Http2Connection(home, server, codec);
    pipeline.addLast(codec, new Http2MultiplexHandler(connection.newStreams()), connection);
    return connection;
  }

  /**
   * Answers a request of HTTP/1.1 that offered to go on with HTTP/2, as the first stream.
   *
   * @param settings of the client
   * @param request whole; what it has is taken over
   */
  void goOn(Http2Settings settings, ClientRequest request) {
    try {
      codec.onHttpServerUpgrade(settings);
    } catch (Http2Exception e) {
      throw new IllegalStateException("the connection is new", e);
    }
    requests.iterator().next().takeOver(request);
  }

  private static Http2FrameCodec newCodec(HttpLimits limits) {
    return new StrictCodecBuilder()
        .initialSettings(
            Http2Settings.defaultSettings()
                .maxConcurrentStreams(limits.streams())
                .maxHeaderListSize(limits.headerBytes())
                .initialWindowSize(STREAM_WINDOW_BYTES)
                .connectProtocolEnabled(true))
        .decoderEnforceMaxRstFramesPerWindow(RESETS, RESETS_SECONDS)
        .encoderEnforceMaxRstFramesPerWindow(RESETS, RESETS_SECONDS)
        .decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS)
        .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_DATA_FRAMES)
        .encoderEnforceMaxQueuedControlFrames(QUEUED_CONTROL_FRAMES)
        .build();
  }

  private ChannelHandler newStreams() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        stream.pipeline().addLast(new StreamRequest(Http2Connection.this, home, server));
      }
    };
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    home.add(this);
    ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(MORE_WINDOW_BYTES));
  }

  long nanoTime() {
    return home.loop().nanoTime();
  }

  int loopIndex() {
    return home.loop().index();
  }

  LoopAdmission admission() {
    return home.admission();
  }

  void add(StreamRequest request) {
    requests.add(request);
  }

  void remove(StreamRequest request) {
    requests.remove(request);
  }

  /** A stream that goes on as WebSocket is to end with the connection. */
  void addWebSocket(Channel stream) {
    webSockets.add(stream);
    stream.closeFuture().addListener(closed -> webSockets.remove(stream));
  }

  /** Netty ends the streams, but not those that are not read and have something to be read. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    home.remove(this);
    List.copyOf(webSockets).forEach(stream -> stream.unsafe().closeForcibly());
    ctx.fireChannelInactive();
  }

  /** What concerns the connection alone is answered by the codec. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    ReferenceCountUtil.release(frame);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    gate.set(ctx.channel(), Objection.UNTAKEN, !ctx.channel().isWritable());
    ctx.fireChannelWritabilityChanged();
  }

  /** A violation of the protocol is answered with GOAWAY by the codec. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception) {
      server.onRefused(RefusalReason.BAD_HTTP);
      return;
    }
    if (!(cause instanceof IOException)) {
      server.onUnexpected(ctx.channel(), cause);
    }
    ctx.close();
  }

  /**
   * Says first that the connection is to end, and only when requests that were on their way have
   * arrived, which of them are the last; after these it ends (RFC 9113, section 6.8).
   */
  @Override
  void onDrain(long nowNanos, long quietNanos) {
    if (drain == Drain.NONE) {
      drain = Drain.ANNOUNCED;
      drainNanos = nowNanos;
      goAway(Integer.MAX_VALUE);
    } else if (drain == Drain.ANNOUNCED && nowNanos - drainNanos > quietNanos) {
      drain = Drain.SAID;
      goAway(0);
    }
    if (drain == Drain.SAID && codec.connection().numActiveStreams() == 0) {
      end();
    }
  }

  private void goAway(int extraStreams) {
    ChannelHandlerContext present = context;
    if (present != null) {
      var frame = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
      frame.setExtraStreamIds(extraStreams);
      present.writeAndFlush(frame);
    }
  }

  /**
   * While answers are on their way it is read all the same, since their windows are opened by what
   * is read; in the last stage it is not.
   */
  @Override
  void onMemory(MemoryStage stage) {
    ChannelHandlerContext present = context;
    if (present != null) {
      boolean answers = requests.stream().anyMatch(StreamRequest::isAnswering);
      boolean isHeld = stage == MemoryStage.REFUSING || (stage != MemoryStage.NORMAL && !answers);
      gate.set(present.channel(), Objection.MEMORY, isHeld);
    }
    if (stage.isAtLeast(MemoryStage.CLOSING)) {
      onDrain(nanoTime(), DRAIN_NANOS);
    }
  }

  @Override
  public boolean mayGoUnread() {
    return !gate.isShut(Objection.TOO_SOON)
        && requests.stream().noneMatch(StreamRequest::isAnswering);
  }

  @Override
  public void setUnread(boolean isUnread) {
    ChannelHandlerContext present = context;
    if (present != null) {
      gate.set(present.channel(), Objection.TOO_SOON, isUnread);
    }
  }

  @Override
  long heldBytes() {
    return requests.stream().mapToLong(StreamRequest::heldBytes).sum();
  }

  @Override
  void giveUp() {
    List.copyOf(requests).stream().filter(r -> r.heldBytes() > 0).forEach(StreamRequest::giveUp);
  }

  @Override
  void onSweep(long nowNanos, ClientPace pace) {
    if (gate.isHeldByGateway()) {
      requests.forEach(request -> request.excuse(nowNanos));
    }
    List.copyOf(requests).forEach(request -> request.onSweep(nowNanos, pace));
    if (isStalled(nowNanos, pace)) {
      server.onRefused(RefusalReason.TOO_SLOW);
      end();
    } else if (codec.connection().numActiveStreams() > 0) {
      busyNanos = nowNanos;
    } else if (nowNanos - busyNanos > pace.idleNanos()) {
      end();
    }
  }

  private boolean isStalled(long nowNanos, ClientPace pace) {
    ChannelHandlerContext present = context;
    return present != null
        && progress.stalledNanos(present.channel(), nowNanos) > pace.stallNanos();
  }

  /** Ends a connection without streams; the codec says GOAWAY if nobody has. */
  private void end() {
    ChannelHandlerContext present = context;
    if (present != null && !ending) {
      ending = true;
      present.close();
    }
  }
}
