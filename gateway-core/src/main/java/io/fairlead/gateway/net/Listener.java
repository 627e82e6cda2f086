package io.fairlead.gateway.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A listening port whose connections are spread over the event loops.
 *
 * <p>Where the transport can, each loop listens for itself (SO_REUSEPORT) and a connection stays on
 * the loop that accepted it; elsewhere one loop accepts and hands over.
 *
 * <p>Thread-safety: safe; {@link #bind} and {@link #close} wait and so must not run on a loop.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final List<Channel> channels;
  private final InetSocketAddress address;

  private Listener(List<Channel> channels, InetSocketAddress address) {
    this.channels = List.copyOf(channels);
    this.address = address;
  }

  /**
   * Begins to listen.
   *
   * @param loops what accepts and serves
   * @param address where; port 0 takes a free one
   * @param newHandler makes the first handler of a connection, on the loop that serves it
   * @return the open listener
   * @throws IOException if the address cannot be had; the message names it
   */
  public static Listener bind(
      EventLoops loops, InetSocketAddress address, Function<IoLoop, ChannelHandler> newHandler)
      throws IOException {
    boolean shared = loops.transport().reusesPort() && loops.size() > 1;
    List<Channel> channels = new ArrayList<>();
    try {
      if (!shared) {
        channels.add(bindOne(bootstrap(loops, loops.group(), newHandler), address));
      } else {
        InetSocketAddress target = reserve(address);
        for (IoLoop loop : loops.all()) {
          ServerBootstrap bootstrap =
              bootstrap(loops, loop.eventLoop(), newHandler)
                  .option(UnixChannelOption.SO_REUSEPORT, true);
          channels.add(bindOne(bootstrap, target));
        }
      }
    } catch (IOException e) {
      closeAll(channels);
      throw e;
    }
    return new Listener(channels, (InetSocketAddress) channels.get(0).localAddress());
  }

  /**
   * Finds out whether the port is free, and picks one for port 0. SO_REUSEPORT alone would let two
   * processes of one user share a port by mistake, each with half of the connections.
   */
  private static InetSocketAddress reserve(InetSocketAddress address) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
      return new InetSocketAddress(address.getAddress(), probe.getLocalPort());
    } catch (IOException e) {
      throw cannotListen(address, e);
    }
  }

  private static IOException cannotListen(InetSocketAddress address, Throwable cause) {
    String host = address.getAddress() == null ? address.getHostString() : hostText(address);
    return new IOException(
        "cannot listen on " + host + ":" + address.getPort() + ": " + cause.getMessage(), cause);
  }

  private static String hostText(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress();
    return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
  }

  private static ServerBootstrap bootstrap(
      EventLoops loops, EventLoopGroup children, Function<IoLoop, ChannelHandler> newHandler) {
    EventLoopGroup parent = children == loops.group() ? loops.at(0) : children;
    return new ServerBootstrap()
        .group(parent, children)
        .channel(loops.transport().serverSocketChannel())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.ALLOCATOR, loops.allocator())
        .childOption(ChannelOption.ALLOCATOR, loops.allocator())
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(newHandler.apply(loops.of(channel.eventLoop())));
              }
            });
  }

  private static Channel bindOne(ServerBootstrap bootstrap, InetSocketAddress address)
      throws IOException {
    var future = bootstrap.bind(address).awaitUninterruptibly();
    Throwable cause = future.cause();
    if (cause != null) {
      throw cannotListen(address, cause);
    }
    return future.channel();
  }

  /**
   * Where it listens, with the port that was taken.
   *
   * @return the address
   */
  public InetSocketAddress address() {
    return address;
  }

  /** Accepts no more; connections that are open stay. */
  @Override
  public void close() {
    closeAll(channels);
  }

  private static void closeAll(List<Channel> channels) {
    for (Channel channel : channels) {
      channel.close().awaitUninterruptibly();
    }
  }
}
