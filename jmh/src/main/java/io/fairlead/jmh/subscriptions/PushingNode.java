package io.fairlead.jmh.subscriptions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.net.EventLoops;
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
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A node that makes a block when it is told to and pushes it to who subscribed, with as much of a
 * chain behind it as a gateway asks for. Its blocks are as long as those of Ethereum in {@code
 * newHeads}.
 *
 * <p>Thread-safety: safe; everything happens on the one event loop.
 */
final class PushingNode implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BODY_BYTES = 1 << 20;
  private static final String ZEROS = "0".repeat(512);

  private final EventLoops loops;
  private final Channel server;
  private final List<Channel> subscribers = new ArrayList<>();
  private final String bloom;
  private final int logBytes;
  private long headBlocks = 1000;

  /**
   * A node that listens already.
   *
   * @param loops its first loop serves
   * @param logBytes how long the data of each block's one log is; 0 for no logs
   */
  PushingNode(EventLoops loops, int logBytes) {
    this.loops = loops;
    this.logBytes = logBytes;
    this.bloom = logBytes == 0 ? ZEROS : "f".repeat(512);
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

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** How many subscriptions it has. */
  Future<Integer> subscriptions() {
    return loops.loop(0).eventLoop().submit(subscribers::size);
  }

  /** Makes a block and pushes it; done with the time in nanoseconds at which it was written. */
  Future<Long> push() {
    return loops.loop(0).eventLoop().submit(this::pushNow);
  }

  private long pushNow() {
    headBlocks++;
    long at = loops.loop(0).nanoTime();
    for (Channel subscriber : subscribers) {
      subscriber.writeAndFlush(
          new TextWebSocketFrame(
              "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"0x1\",\"result\":"
                  + block(headBlocks)
                  + "}}"));
    }
    return at;
  }

  private String answer(JsonNode call, Channel channel) {
    String result =
        switch (call.path("method").asText()) {
          case "eth_chainId" -> quote("0x1");
          case "net_version" -> quote("1");
          case "eth_blockNumber" -> quote(hex(headBlocks));
          case "eth_getBlockByNumber" -> byNumber(call.path("params").path(0).asText());
          case "eth_getBlockByHash" -> block(ofHash(call.path("params").path(0).asText()));
          case "eth_getLogs" -> logs(call.path("params").path(0));
          case "eth_subscribe" -> subscribe(channel);
          default -> "false";
        };
    return "{\"jsonrpc\":\"2.0\",\"id\":" + call.path("id") + ",\"result\":" + result + "}";
  }

  private String subscribe(Channel channel) {
    if (!subscribers.contains(channel)) {
      subscribers.add(channel);
      channel.closeFuture().addListener(closed -> subscribers.remove(channel));
    }
    return quote("0x1");
  }

  private String byNumber(String block) {
    long number = block.startsWith("0x") ? Long.decode(block) : headBlocks;
    return number > headBlocks ? "null" : block(number);
  }

  private String logs(JsonNode filter) {
    if (logBytes == 0) {
      return "[]";
    }
    long number = ofHash(filter.path("blockHash").asText(hash(headBlocks)));
    return String.format(
        Locale.ROOT,
        "[{\"address\":\"0x%040x\",\"topics\":[],\"data\":\"0x%s\",\"blockNumber\":\"%s\",\"transactionHash\":\"%s\",\"transactionIndex\":\"0x0\",\"blockHash\":\"%s\",\"logIndex\":\"0x0\",\"removed\":false}]",
        1,
        "0".repeat(2 * logBytes),
        hex(number),
        hash(number),
        hash(number));
  }

  private String block(long number) {
    StringBuilder text = new StringBuilder(2048);
    text.append("{\"hash\":\"").append(hash(number));
    text.append("\",\"parentHash\":\"").append(hash(number - 1));
    text.append("\",\"number\":\"").append(hex(number));
    text.append("\",\"timestamp\":\"").append(hex(1_700_000_000 + number));
    text.append("\",\"logsBloom\":\"0x").append(bloom).append('"');
    for (String root :
        List.of("sha3Uncles", "stateRoot", "transactionsRoot", "receiptsRoot", "mixHash")) {
      text.append(",\"").append(root).append("\":\"").append(hash(number)).append('"');
    }
    for (String quantity :
        List.of("difficulty", "gasLimit", "gasUsed", "baseFeePerGas", "blobGasUsed", "size")) {
      text.append(",\"").append(quantity).append("\":\"0x1c9c380\"");
    }
    text.append(",\"miner\":\"0x").append("0".repeat(40)).append("\",\"nonce\":\"0x");
    return text.append("0".repeat(16)).append("\",\"extraData\":\"0x\"}").toString();
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

  @Override
  public void close() {
    server.close().syncUninterruptibly();
  }

  private String answerAll(String text, Channel channel) {
    try {
      JsonNode body = JSON.readTree(text);
      if (!body.isArray()) {
        return answer(body, channel);
      }
      List<String> answers = new ArrayList<>();
      body.forEach(call -> answers.add(answer(call, channel)));
      return "[" + String.join(",", answers) + "]";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }

  /** Calls over HTTP. */
  private final class Calls extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      String answer = answerAll(request.content().toString(StandardCharsets.UTF_8), ctx.channel());
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      response.content().writeCharSequence(answer, StandardCharsets.UTF_8);
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
      ctx.writeAndFlush(response, ctx.voidPromise());
    }
  }

  /** Calls over WebSocket. */
  private final class Messages extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      String answer = answerAll(frame.text(), ctx.channel());
      ctx.writeAndFlush(new TextWebSocketFrame(answer), ctx.voidPromise());
    }
  }
}
