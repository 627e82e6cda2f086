package io.fairlead.gateway.testing;

import io.fairlead.gateway.testing.RawWebSocket.Frame;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client of HTTP/2 that knows beforehand that the server speaks it, and WebSockets on its streams
 * that send exactly the bytes they are given.
 *
 * <p>Failure: what does not come within 30 s throws.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows in what does not come
public final class Http2Client implements AutoCloseable {
  private static final int CONNECTION_WINDOW_BYTES = 16 << 20;
  private static final long PATIENCE_SECONDS = 30;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final CompletableFuture<Http2Settings> settings = new CompletableFuture<>();
  private final CompletableFuture<Http2Error> goAway = new CompletableFuture<>();
  private final BlockingQueue<Long> pongs = new LinkedBlockingQueue<>();
  private final Channel channel;

  /**
   * Connects.
   *
   * @param address of the server
   * @param windowBytes what a stream may send us before we have read it
   */
  public Http2Client(SocketAddress address, int windowBytes) {
    channel =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(new Pipeline(windowBytes))
            .connect(address)
            .syncUninterruptibly()
            .channel();
    channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW_BYTES));
  }

  /** Connects with the window of 64 KiB that HTTP/2 begins with. */
  public Http2Client(SocketAddress address) {
    this(address, 65_535);
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    private final int windowBytes;

    Pipeline(int windowBytes) {
      this.windowBytes = windowBytes;
    }

    @Override
    protected void initChannel(Channel socket) {
      Http2Settings own = Http2Settings.defaultSettings().initialWindowSize(windowBytes);
      socket
          .pipeline()
          .addLast(
              Http2FrameCodecBuilder.forClient()
                  .initialSettings(own)
                  .encoderIgnoreMaxHeaderListSize(true)
                  .build(),
              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
              new Control());
    }
  }

  private final class Control extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http2SettingsFrame told) {
        settings.complete(told.settings());
      } else if (frame instanceof Http2PingFrame pong && pong.ack()) {
        pongs.add(pong.content());
      } else if (frame instanceof Http2GoAwayFrame away) {
        goAway.complete(Http2Error.valueOf(away.errorCode()));
      }
      ReferenceCountUtil.release(frame);
    }
  }

  /** The server's settings. */
  public Http2Settings settings() {
    return await(settings);
  }

  /** Waits until the server has read all that was sent. */
  public void ping() {
    try {
      channel.writeAndFlush(new DefaultHttp2PingFrame(1)).syncUninterruptibly();
      if (pongs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
        throw new IllegalStateException("no PING came back");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Why the server wants no more streams. */
  public Http2Error goAway() {
    return await(goAway);
  }

  /** Waits for the end of the connection. */
  public boolean isClosedByServer() {
    return channel.closeFuture().awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The head of a request to go on as WebSocket. */
  public static Http2Headers webSocketHead(String path) {
    return new DefaultHttp2Headers()
        .method("CONNECT")
        .scheme("http")
        .authority("gateway.test")
        .path(path)
        .set(":protocol", "websocket")
        .set("sec-websocket-version", "13");
  }

  /** Sends a request's head on a stream of its own. */
  public Stream open(Http2Headers head, boolean isLast) {
    settings();
    Stream stream = new Stream();
    new Http2StreamChannelBootstrap(channel).handler(stream).open().syncUninterruptibly();
    await(stream.channel)
        .writeAndFlush(new DefaultHttp2HeadersFrame(head, isLast))
        .syncUninterruptibly();
    return stream;
  }

  /** Opens a stream and calls it off at once, if the connection still is. */
  public void openAndCancel(String path) {
    new Http2StreamChannelBootstrap(channel)
        .handler(new ChannelInboundHandlerAdapter())
        .open()
        .addListener(
            opened -> {
              if (opened.isSuccess()) {
                Channel stream = (Channel) opened.getNow();
                stream.write(new DefaultHttp2HeadersFrame(webSocketHead(path)));
                stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
              }
            });
  }

  /** Opens a WebSocket. */
  public Stream openWebSocket(String path) {
    Stream stream = open(webSocketHead(path), false);
    if (stream.status() != 200) {
      throw new IllegalStateException("refused: " + stream.status());
    }
    return stream;
  }

  private static <T> T await(CompletableFuture<T> what) {
    return what.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Ends the connection. */
  public void leave() {
    channel.close().syncUninterruptibly();
  }

  @Override
  public void close() {
    leave();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** One stream of the connection. */
  public static final class Stream extends ChannelInboundHandlerAdapter {
    private static final int END = -1;

    /** How many frames are still taken before it takes no more; 0: as long as it reads. */
    private int allowance;

    private final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
    private final CompletableFuture<Http2Error> reset = new CompletableFuture<>();
    private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();
    private final CompletableFuture<Channel> channel = new CompletableFuture<>();

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      channel.complete(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http2HeadersFrame answer) {
        head.complete(answer.headers());
        if (answer.isEndStream()) {
          bytes.add(END);
        }
      } else if (frame instanceof Http2DataFrame data) {
        if (allowance > 0 && --allowance == 0) {
          ctx.channel().config().setAutoRead(false);
        }
        for (byte each : ByteBufUtil.getBytes(data.content())) {
          bytes.add(each & 0xff);
        }
        if (data.isEndStream()) {
          bytes.add(END);
        }
      }
      ReferenceCountUtil.release(frame);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame told) {
        reset.complete(Http2Error.valueOf(told.errorCode()));
        bytes.add(END);
      }
    }

    /** The status of the answer. */
    public int status() {
      return Integer.parseInt(headers().status().toString());
    }

    /** The head of the answer. */
    public Http2Headers headers() {
      return await(head);
    }

    /** With what the server reset the stream. */
    public Http2Error reset() {
      return await(reset);
    }

    /** Sends DATA. */
    public void sendBytes(byte[] data) {
      await(channel).writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(data)));
    }

    /** Sends a frame of WebSocket. */
    public void send(int first, byte[] payload) {
      sendBytes(RawWebSocket.frame(first, payload));
    }

    /** Sends a text message. */
    public void send(String text) {
      send(RawWebSocket.FIN | RawWebSocket.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends our side with END_STREAM. */
    public void end() {
      ByteBuf nothing = Unpooled.EMPTY_BUFFER;
      await(channel).writeAndFlush(new DefaultHttp2DataFrame(nothing, true)).syncUninterruptibly();
    }

    /** Calls the stream off. */
    public void cancel() {
      await(channel)
          .writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL))
          .syncUninterruptibly();
    }

    /** Takes no more DATA, or goes on. */
    public void setReading(boolean on) {
      await(channel).config().setAutoRead(on);
    }

    /** Takes some frames of DATA and then no more. */
    public void takeSome() {
      Channel stream = await(channel);
      stream
          .eventLoop()
          .execute(
              () -> {
                allowance = 16;
                stream.config().setAutoRead(true);
              });
    }

    /** Reads the next byte; -1 at the end. */
    public int readByte() {
      try {
        Integer next = bytes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
          throw new IllegalStateException("nothing came");
        }
        return next;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** Whether nothing but the end of the stream comes. */
    public boolean isEndedByServer() {
      return readByte() == END;
    }

    /** Reads up to the end. */
    public String readAll() {
      StringBuilder text = new StringBuilder();
      for (int next = readByte(); next != END; next = readByte()) {
        text.append((char) next);
      }
      return text.toString();
    }

    /** Reads the next frame of WebSocket. */
    public Frame read() {
      int first = readByte();
      int second = readByte();
      if (first < 0 || second < 0) {
        throw new IllegalStateException("ended instead of a frame");
      }
      int more = second == 126 ? 2 : second == 127 ? 8 : 0;
      int length = more == 0 ? second : 0;
      for (int i = 0; i < more; i++) {
        length = length << 8 | readByte();
      }
      byte[] payload = new byte[length];
      for (int i = 0; i < length; i++) {
        payload[i] = (byte) readByte();
      }
      return new Frame(first, payload);
    }
  }
}
