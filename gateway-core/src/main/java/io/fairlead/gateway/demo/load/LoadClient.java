package io.fairlead.gateway.demo.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A small HTTP/1.1 client with keep-alive connections to one address.
 *
 * <p>Every call gets a connection of its own while it lasts, so a slow call delays no other.
 *
 * <p>Thread-safety: confined to its event loop.
 */
final class LoadClient {
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final InetSocketAddress target;
  private final EventLoop loop;
  private final long timeoutMillis;
  private final Bootstrap bootstrap;
  private final Deque<LoadConnection> idle = new ArrayDeque<>();

  LoadClient(InetSocketAddress target, EventLoop loop, Duration timeout) {
    this.timeoutMillis = timeout.toMillis();
    this.target = target;
    this.loop = loop;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeoutMillis)
            .remoteAddress(target)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(MAX_ANSWER_BYTES),
                            new LoadConnection(LoadClient.this));
                  }
                });
  }

  /** Told once how an exchange ended. */
  interface AnswerListener {
    void onAnswer(int status, byte[] body, EndedCall.Route route);

    void onFailure(String reason);
  }

  /** Sends a body; the listener hears of the end within the timeout. */
  void post(byte[] body, AnswerListener listener) {
    LoadConnection connection = idle.pollLast();
    if (connection != null) {
      connection.post(body, listener);
      return;
    }
    bootstrap
        .connect()
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                handler(connected.channel()).post(body, listener);
              } else {
                listener.onFailure("connect: " + connected.cause().getMessage());
              }
            });
  }

  /** The value of the Host header. */
  String host() {
    return target.getHostString() + ':' + target.getPort();
  }

  void onIdle(LoadConnection connection) {
    idle.addLast(connection);
  }

  void onClosed(LoadConnection connection) {
    idle.remove(connection);
  }

  /** Runs a task when the answer is overdue. */
  Future<?> onTimeout(Runnable task) {
    return loop.schedule(task, timeoutMillis, TimeUnit.MILLISECONDS);
  }

  private static LoadConnection handler(Channel channel) {
    return channel.pipeline().get(LoadConnection.class);
  }
}
