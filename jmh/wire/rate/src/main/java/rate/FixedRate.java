package rate;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The same call at a fixed rate over kept connections, whatever becomes of earlier calls.
 *
 * <p>A call's time counts from the instant at which it was <em>due</em>. A load that waits for
 * answers before it asks again does not ask while the server stands still, and so does not see what
 * those would have seen who ask then (Tene, "coordinated omission"). Here such calls wait for a
 * free connection, and their waiting counts.
 *
 * <p>Cost: one event loop; what is due is looked at every {@value #TICK_MICROS} us, by which a call
 * may be sent late. That is in all times alike, those of the server without a proxy included.
 */
public final class FixedRate {
  private static final long TICK_MICROS = 100;
  private static final long SETTLE_SECONDS = 2;
  private static final int MOST_ANSWER_BYTES = 1 << 20;
  private static final double NANOS_A_SECOND = 1e9;
  private static final double NANOS_A_MICRO = 1e3;

  private final EventLoop loop;
  private final double perSecond;
  private final ByteBuf request;
  private final Queue<Connection> free = new ArrayDeque<>();
  private final Histogram nanos = new Histogram(3);
  private final CountDownLatch over = new CountDownLatch(1);
  private final long calls;
  private final long unmeasured;
  private long startNanos;
  private long sent;
  private long ended;
  private long failures;

  private FixedRate(EventLoop loop, double perSecond, double seconds, ByteBuf request) {
    this.loop = loop;
    this.perSecond = perSecond;
    this.request = request;
    unmeasured = (long) (SETTLE_SECONDS * perSecond);
    calls = unmeasured + (long) (seconds * perSecond);
  }

  /**
   * Plays the load against a port of this machine and prints {@code
   * wire,calls,seconds,p50,p99,max,failures,p99.9}, times in microseconds.
   *
   * @param args the port, the path, the body, how many calls a second, for how many seconds, over
   *     how many connections
   * @throws InterruptedException if it is told to end
   */
  public static void main(String[] args) throws InterruptedException {
    byte[] body = args[2].getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /"
            + args[1]
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    ByteBuf request =
        Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body).asReadOnly();
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    double seconds = Double.parseDouble(args[4]);
    FixedRate load = new FixedRate(group.next(), Double.parseDouble(args[3]), seconds, request);
    load.connect(
        group,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
        Integer.parseInt(args[5]));
    load.loop.execute(load::start);
    boolean isWhole = load.over.await((long) seconds * 2 + 30, TimeUnit.SECONDS);
    load.print(seconds, isWhole);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void connect(EventLoopGroup group, InetSocketAddress address, int connections) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpResponseDecoder(), new HttpObjectAggregator(MOST_ANSWER_BYTES))
                        .addLast(new Connection(channel));
                  }
                });
    List<Channel> channels = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      channels.add(bootstrap.connect(address).syncUninterruptibly().channel());
    }
    loop.submit(() -> channels.forEach(c -> free.add(c.pipeline().get(Connection.class))))
        .syncUninterruptibly();
  }

  private void start() {
    startNanos = loop.ticker().nanoTime();
    loop.scheduleAtFixedRate(this::send, TICK_MICROS, TICK_MICROS, TimeUnit.MICROSECONDS);
  }

  /** Sends what is due, as far as there are free connections. */
  private void send() {
    long now = loop.ticker().nanoTime();
    while (sent < calls && !free.isEmpty() && dueNanos(sent) - now <= 0) {
      free.remove().send(dueNanos(sent));
      sent++;
    }
  }

  private long dueNanos(long call) {
    return startNanos + (long) (call * NANOS_A_SECOND / perSecond);
  }

  private void onEnd(long dueNanos, boolean isRight) {
    if (ended++ >= unmeasured) {
      nanos.recordValue(Math.max(0, loop.ticker().nanoTime() - dueNanos));
      failures += isRight ? 0 : 1;
    }
    if (ended == calls) {
      over.countDown();
    }
  }

  private void print(double seconds, boolean isWhole) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.printf(
        Locale.ROOT,
        "wire,%d,%.6f,%.0f,%.0f,%.0f,%d,%.0f%n",
        nanos.getTotalCount(),
        seconds,
        micros(nanos.getValueAtPercentile(50)),
        micros(nanos.getValueAtPercentile(99)),
        micros(nanos.getMaxValue()),
        isWhole ? failures : failures + calls - ended,
        micros(nanos.getValueAtPercentile(99.9)));
  }

  private static double micros(long nanos) {
    return nanos / NANOS_A_MICRO;
  }

  /** One connection with at most one call under way. */
  private final class Connection extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final Channel channel;
    private long dueNanos;
    private boolean isBusy;

    Connection(Channel channel) {
      this.channel = channel;
    }

    void send(long due) {
      dueNanos = due;
      isBusy = true;
      channel.writeAndFlush(request.retainedDuplicate(), channel.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer) {
      isBusy = false;
      onEnd(dueNanos, answer.status().code() == 200);
      free.add(this);
      FixedRate.this.send();
    }

    /** It is not opened again: the call that it carried has failed. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      free.remove(this);
      if (isBusy) {
        onEnd(dueNanos, false);
      }
    }
  }
}
