package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node with WebSocket whose chain grows by a block when the test says so, each with one log as
 * long as the test wants, and which counts what it is asked.
 *
 * <p>Thread-safety: safe.
 */
public final class PushNode implements AutoCloseable {
  private static final int MOST_BODY_BYTES = 1 << 20;

  private final long chainId;
  private final int logBytes;
  private final EventLoops loops = new EventLoops(Transport.choose("nio"), 1, "push-node");
  private final Channel server;
  private final List<Channel> followers = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private volatile long headBlocks = 1000;

  /**
   * A node that listens already.
   *
   * @param chainId its chain's id
   * @param logBytes how long the data of each block's log is
   */
  public PushNode(long chainId, int logBytes) {
    this.chainId = chainId;
    this.logBytes = logBytes;
    server =
        new ServerBootstrap()
            .group(loops.loop(0).eventLoop())
            .channel(loops.transport().serverSocketChannel())
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(MOST_BODY_BYTES))
                        .addLast(new WebSocketServerProtocolHandler("/ws"))
                        .addLast(new Calls())
                        .addLast(new Messages());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  /**
   * Where it takes calls.
   *
   * @return its URL
   */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /**
   * Where it can be subscribed to.
   *
   * @return its URL
   */
  public URI webSocketUri() {
    return URI.create("ws://127.0.0.1:" + port() + "/ws");
  }

  private int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** Makes a block and pushes it to who subscribed. */
  public synchronized void push() {
    headBlocks++;
    String notification =
        "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"0x1\",\"result\":"
            + block(headBlocks)
            + "}}";
    followers.forEach(follower -> follower.writeAndFlush(new TextWebSocketFrame(notification)));
  }

  /**
   * Its newest block.
   *
   * @return the block's number
   */
  public long head() {
    return headBlocks;
  }

  /**
   * Who is pushed its blocks.
   *
   * @return how many connections
   */
  public int followers() {
    return followers.size();
  }

  /**
   * Calls for a method.
   *
   * @param method the method
   * @return how many came so far
   */
  public long count(String method) {
    AtomicLong count = counts.get(method);
    return count == null ? 0 : count.get();
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    loops.close();
  }

  private String answer(byte[] body, Channel channel) {
    JsonNode call = JsonRpcClient.parse(body);
    String method = call.path("method").asText();
    counts.computeIfAbsent(method, m -> new AtomicLong()).incrementAndGet();
    JsonNode first = call.path("params").path(0);
    String result =
        switch (method) {
          case "eth_chainId" -> quote(hex(chainId));
          case "net_version" -> quote("" + chainId);
          case "eth_blockNumber" -> quote(hex(headBlocks));
          case "eth_getBlockByNumber" -> byNumber(first.asText());
          case "eth_getBlockByHash" -> block(ofHash(first.asText()));
          case "eth_getLogs" -> log(ofHash(first.path("blockHash").asText(hash(headBlocks))));
          case "eth_subscribe" -> subscribe(first.asText(), channel);
          default -> "false";
        };
    return "{\"jsonrpc\":\"2.0\",\"id\":" + call.path("id") + ",\"result\":" + result + "}";
  }

  private String subscribe(String kind, Channel channel) {
    if (kind.equals("newHeads")) {
      followers.add(channel);
      channel.closeFuture().addListener(closed -> followers.remove(channel));
    }
    return quote("0x1");
  }

  private String byNumber(String block) {
    long number = block.startsWith("0x") ? Long.decode(block) : headBlocks;
    return number > headBlocks ? "null" : block(number);
  }

  private String block(long number) {
    return String.format(
        Locale.ROOT,
        "{\"number\":\"%s\",\"hash\":\"%s\",\"parentHash\":\"%s\",\"timestamp\":\"0x7fffffff\",\"logsBloom\":\"0x%s\"}",
        hex(number),
        hash(number),
        hash(number - 1),
        "f".repeat(512));
  }

  private String log(long number) {
    return String.format(
        Locale.ROOT,
        "[{\"address\":\"0x%040x\",\"topics\":[],\"data\":\"0x%s\",\"blockNumber\":\"%s\",\"transactionHash\":\"%s\",\"transactionIndex\":\"0x0\",\"blockHash\":\"%s\",\"logIndex\":\"0x0\",\"removed\":false}]",
        1,
        "0".repeat(2 * logBytes),
        hex(number),
        hash(number),
        hash(number));
  }

  private static String hash(long number) {
    return String.format(Locale.ROOT, "0x%064x", number);
  }

  private static long ofHash(String hash) {
    return Long.parseLong(hash.substring(50), 16);
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  private static String quote(String text) {
    return '"' + text + '"';
  }

  /** Calls over HTTP. */
  private final class Calls extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      byte[] body = new byte[request.content().readableBytes()];
      request.content().readBytes(body);
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      response.content().writeCharSequence(answer(body, ctx.channel()), StandardCharsets.UTF_8);
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
      ctx.writeAndFlush(response, ctx.voidPromise());
    }
  }

  /** Calls over WebSocket. */
  private final class Messages extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      byte[] body = frame.text().getBytes(StandardCharsets.UTF_8);
      ctx.writeAndFlush(new TextWebSocketFrame(answer(body, ctx.channel())), ctx.voidPromise());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // the peer is gone, and nobody is left to tell
    }
  }
}
