package io.fairlead.jmh.subscriptions;

import io.fairlead.gateway.net.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many WebSocket clients on one event loop that subscribe and count what they are told. They come
 * from many loopback addresses, so that no address runs out of ports.
 *
 * <p>Thread-safety: safe; the clients are confined to the loop.
 */
final class Crowd implements AutoCloseable {
  private static final ByteBuf END_OF_HEAD =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII).asReadOnly());
  private static final int AT_ONCE = 100;
  private static final int CLIENTS_AN_ADDRESS = 2000;
  private static final int TIMEOUT_SECONDS = 60;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final EventLoops loops;
  private final int loop;
  private final int port;
  private final List<Channel> clients = new ArrayList<>();
  private final Semaphore opening = new Semaphore(AT_ONCE);
  private volatile Round round = new Round(Long.MAX_VALUE);
  private final AtomicLong ended = new AtomicLong();

  /** Messages that are waited for. */
  private static final class Round {
    private final CountDownLatch done = new CountDownLatch(1);
    private final long due;
    private long told;
    private volatile long lastNanos;

    Round(long due) {
      this.due = due;
    }
  }

  /**
   * Nobody yet.
   *
   * @param loops whose loop serves the clients
   * @param loop which of them
   * @param port the gateway's
   */
  Crowd(EventLoops loops, int loop, int port) {
    this.loops = loops;
    this.loop = loop;
    this.port = port;
  }

  int size() {
    return clients.size();
  }

  /** Connections that the gateway ended, or that failed. */
  long ended() {
    return ended.get();
  }

  /** Opens connections that each subscribe to something, and waits until all have. */
  void join(int count, String subscription) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      acquire();
      clients.add(open(clients.size(), subscription));
    }
    for (int i = 0; i < AT_ONCE; i++) {
      acquire();
    }
    opening.release(AT_ONCE);
  }

  private void acquire() throws InterruptedException {
    if (!opening.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(clients.size() + " clients, and the next does not subscribe");
    }
  }

  private Channel open(int index, String subscription) {
    byte[] address = {127, 0, 1, (byte) (1 + index / CLIENTS_AN_ADDRESS)};
    InetSocketAddress from = new InetSocketAddress(addressOf(address), 0);
    return loops
        .loop(loop)
        .newBootstrap()
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new Client(subscription));
              }
            })
        .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), from)
        .channel();
  }

  private static InetAddress addressOf(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** From now on so many messages are waited for. */
  void expect(long messages) {
    round = new Round(messages);
  }

  /** Waits for them; the time in nanoseconds at which the last one came. */
  long await() throws InterruptedException {
    Round current = round;
    if (!current.done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          current.told
              + " of "
              + current.due
              + " messages came, and "
              + ended()
              + " clients ended");
    }
    return current.lastNanos;
  }

  @Override
  public void close() {
    clients.forEach(Channel::close);
    clients.forEach(client -> client.closeFuture().syncUninterruptibly());
  }

  private void onMessage() {
    Round current = round;
    current.told++;
    if (current.told == current.due) {
      current.lastNanos = loops.loop(loop).nanoTime();
      current.done.countDown();
    }
  }

  /** One client: an upgrade, a subscription, then messages. */
  private final class Client extends ByteToMessageDecoder {
    private final String subscription;
    private boolean upgraded;
    private boolean subscribed;

    Client(String subscription) {
      this.subscription = subscription;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      String upgrade =
          """
          GET /ethereum HTTP/1.1\r
          Host: localhost\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          Sec-WebSocket-Version: 13\r
          \r
          """;
      send(ctx, Unpooled.copiedBuffer(upgrade, StandardCharsets.US_ASCII));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ended.incrementAndGet();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (!upgraded) {
        upgrade(ctx, in);
      } else if (in.readableBytes() >= 2) {
        read(ctx, in);
      }
    }

    private void upgrade(ChannelHandlerContext ctx, ByteBuf in) {
      int end = ByteBufUtil.indexOf(END_OF_HEAD, in);
      if (end >= 0) {
        in.skipBytes(end - in.readerIndex() + END_OF_HEAD.readableBytes());
        upgraded = true;
        send(ctx, frame(TEXT, subscription));
      }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in) {
      int at = in.readerIndex();
      int kind = in.getByte(at) & 0xf;
      int length = in.getByte(at + 1) & 0x7f;
      int head = length < 126 ? 2 : length == 126 ? 4 : 10;
      if (in.readableBytes() < head) {
        return;
      }
      long payload =
          switch (length) {
            case 126 -> in.getUnsignedShort(at + 2);
            case 127 -> in.getLong(at + 2);
            default -> length;
          };
      if (in.readableBytes() >= head + payload) {
        in.skipBytes(head + (int) payload);
        onFrame(ctx, kind);
      }
    }

    private void onFrame(ChannelHandlerContext ctx, int kind) {
      switch (kind) {
        case PING -> send(ctx, frame(PONG, ""));
        case CLOSE -> ctx.close();
        default -> {
          if (subscribed) {
            onMessage();
          } else {
            subscribed = true;
            opening.release();
          }
        }
      }
    }

    private ByteBuf frame(int kind, String text) {
      byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
      ByteBuf frame = Unpooled.buffer(payload.length + 8);
      frame.writeByte(0x80 | kind).writeByte(0x80 | payload.length).writeInt(0);
      return frame.writeBytes(payload);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends in channelInactive
    private void send(ChannelHandlerContext ctx, ByteBuf bytes) {
      ctx.writeAndFlush(bytes);
    }
  }
}
