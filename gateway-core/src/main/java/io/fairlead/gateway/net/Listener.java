package io.fairlead.gateway.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A listening port or Unix domain socket whose connections are spread over the event loops.
 *
 * <p>Where the transport can, each loop listens on the port for itself (SO_REUSEPORT) and a
 * connection stays on the loop that accepted it; elsewhere, and on Unix sockets, which cannot be
 * shared so, one loop accepts and hands over to all in turn.
 *
 * <p>Thread-safety: safe; {@link #bind} and {@link #close} wait and so must not run on a loop.
 *
 * @param <A> the sort of its address
 */
public final class Listener<A extends SocketAddress> implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final List<Channel> channels;
  private final A address;
  private final @Nullable SocketFile file;

  private Listener(List<Channel> channels, A address, @Nullable SocketFile file) {
    this.channels = List.copyOf(channels);
    this.address = address;
    this.file = file;
  }

  /**
   * Begins to listen on a port.
   *
   * @param loops what accepts and serves
   * @param address where; port 0 takes a free one
   * @param newHandler makes the first handler of a connection, on the loop that serves it
   * @return the open listener
   * @throws IOException if the address cannot be had; the message names it
   */
  public static Listener<InetSocketAddress> bind(
      EventLoops loops, InetSocketAddress address, Function<IoLoop, ChannelHandler> newHandler)
      throws IOException {
    boolean shared = loops.transport().reusesPort() && loops.size() > 1;
    List<Channel> channels = new ArrayList<>();
    try {
      if (!shared) {
        channels.add(bindOne(portBootstrap(loops, loops.group(), newHandler), address));
      } else {
        InetSocketAddress target = reserve(address);
        for (IoLoop loop : loops.all()) {
          ServerBootstrap bootstrap =
              portBootstrap(loops, loop.eventLoop(), newHandler)
                  .option(UnixChannelOption.SO_REUSEPORT, true);
          channels.add(bindOne(bootstrap, target));
        }
      }
    } catch (IOException e) {
      closeAll(channels);
      throw cannotListen(text(address), e);
    }
    return new Listener<>(channels, (InetSocketAddress) channels.get(0).localAddress(), null);
  }

  /**
   * Begins to listen on a Unix domain socket. Its file can be opened by the owner and the group; it
   * replaces the file of a process that is gone, and {@link #close} removes it.
   *
   * @param loops what accepts and serves
   * @param address where
   * @param newHandler makes the first handler of a connection, on the loop that serves it
   * @return the open listener
   * @throws IOException if the path cannot be had; the message names it
   */
  public static Listener<UnixDomainSocketAddress> bindUnix(
      EventLoops loops,
      UnixDomainSocketAddress address,
      Function<IoLoop, ChannelHandler> newHandler)
      throws IOException {
    SocketFile file = new SocketFile(address.getPath());
    List<Channel> channels = new ArrayList<>();
    try {
      SocketAddress draft = loops.transport().unixAddress(file.claim());
      channels.add(
          bindOne(
              bootstrap(loops, loops.group(), newHandler)
                  .channel(loops.transport().unixServerChannel()),
              draft));
      file.publish();
    } catch (IOException e) {
      file.remove();
      closeAll(channels);
      throw cannotListen("unix:" + address, e);
    }
    return new Listener<>(channels, address, file);
  }

  /**
   * Whether a connection came by a Unix domain socket: its client is on this machine and has no
   * address.
   *
   * @param channel an accepted connection, or a stream of one
   * @return whether it did
   */
  public static boolean isUnix(Channel channel) {
    SocketAddress local = channel.localAddress();
    return local instanceof DomainSocketAddress || local instanceof UnixDomainSocketAddress;
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
    }
  }

  private static IOException cannotListen(String address, IOException cause) {
    return new IOException("cannot listen on " + address + ": " + cause.getMessage(), cause);
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress() == null ? address.getHostString() : hostText(address);
    return host + ":" + address.getPort();
  }

  private static String hostText(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress();
    return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
  }

  private static ServerBootstrap portBootstrap(
      EventLoops loops, EventLoopGroup children, Function<IoLoop, ChannelHandler> newHandler) {
    return bootstrap(loops, children, newHandler)
        .channel(loops.transport().serverSocketChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true);
  }

  private static ServerBootstrap bootstrap(
      EventLoops loops, EventLoopGroup children, Function<IoLoop, ChannelHandler> newHandler) {
    EventLoopGroup parent = children == loops.group() ? loops.at(0) : children;
    return new ServerBootstrap()
        .group(parent, children)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.ALLOCATOR, loops.allocator())
        .childOption(ChannelOption.ALLOCATOR, loops.allocator())
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(newHandler.apply(loops.of(channel.eventLoop())));
              }
            });
  }

  private static Channel bindOne(ServerBootstrap bootstrap, SocketAddress address)
      throws IOException {
    var future = bootstrap.bind(address).awaitUninterruptibly();
    Throwable cause = future.cause();
    if (cause != null) {
      throw cause instanceof IOException e ? e : new IOException(cause.getMessage(), cause);
    }
    return future.channel();
  }

  /**
   * Where it listens, with the port that was taken.
   *
   * @return the address
   */
  public A address() {
    return address;
  }

  /** Accepts no more; connections that are open stay. */
  @Override
  public void close() {
    if (file != null) {
      file.remove();
    }
    closeAll(channels);
  }

  private static void closeAll(List<Channel> channels) {
    for (Channel channel : channels) {
      channel.close().awaitUninterruptibly();
    }
  }
}
