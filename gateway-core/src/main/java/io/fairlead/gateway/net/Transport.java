package io.fairlead.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A way in which the process speaks with the kernel about sockets.
 *
 * <p>The order of {@link #AUTO} was decided by measurement, see docs/decisions/0001-transport.md.
 */
public enum Transport {
  /** Linux epoll through Netty's native library. */
  EPOLL("epoll", true) {
    @Override
    @Nullable Throwable unavailability() {
      return Epoll.unavailabilityCause();
    }

    @Override
    IoHandlerFactory newIoHandlerFactory() {
      return EpollIoHandler.newFactory();
    }

    @Override
    public Class<? extends SocketChannel> socketChannel() {
      return EpollSocketChannel.class;
    }

    @Override
    public Class<? extends ServerSocketChannel> serverSocketChannel() {
      return EpollServerSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> unixServerChannel() {
      return EpollServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends DatagramChannel> datagramChannel() {
      return EpollDatagramChannel.class;
    }

    @Override
    long smoothedRttNanos(Channel channel) {
      return channel instanceof EpollSocketChannel socket ? nanos(socket.tcpInfo().rtt()) : 0;
    }

    @Override
    ChannelOption<Boolean> quickAck() {
      return EpollChannelOption.TCP_QUICKACK;
    }
  },
  /** Linux io_uring through Netty's native library. */
  IO_URING("io_uring", true) {
    @Override
    @Nullable Throwable unavailability() {
      return IoUring.unavailabilityCause();
    }

    @Override
    IoHandlerFactory newIoHandlerFactory() {
      return IoUringIoHandler.newFactory();
    }

    @Override
    public Class<? extends SocketChannel> socketChannel() {
      return IoUringSocketChannel.class;
    }

    @Override
    public Class<? extends ServerSocketChannel> serverSocketChannel() {
      return IoUringServerSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> unixServerChannel() {
      return IoUringServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends DatagramChannel> datagramChannel() {
      return IoUringDatagramChannel.class;
    }

    @Override
    long smoothedRttNanos(Channel channel) {
      return channel instanceof IoUringSocketChannel socket ? nanos(socket.tcpInfo().rtt()) : 0;
    }

    @Override
    ChannelOption<Boolean> quickAck() {
      return IoUringChannelOption.TCP_QUICKACK;
    }
  },
  /** The JDK's selectors; works everywhere. */
  NIO("nio", false) {
    @Override
    @Nullable Throwable unavailability() {
      return null;
    }

    @Override
    IoHandlerFactory newIoHandlerFactory() {
      return NioIoHandler.newFactory();
    }

    @Override
    public Class<? extends SocketChannel> socketChannel() {
      return NioSocketChannel.class;
    }

    @Override
    public Class<? extends ServerSocketChannel> serverSocketChannel() {
      return NioServerSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> unixServerChannel() {
      return NioServerDomainSocketChannel.class;
    }

    @Override
    SocketAddress unixAddress(Path path) {
      return UnixDomainSocketAddress.of(path);
    }

    @Override
    public Class<? extends DatagramChannel> datagramChannel() {
      return NioDatagramChannel.class;
    }
  };

  /** The preference that leaves the choice to {@link #choose(String)}. */
  public static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

  private final String label;
  private final boolean reusesPort;

  Transport(String label, boolean reusesPort) {
    this.label = label;
    this.reusesPort = reusesPort;
  }

  /**
   * The first transport that works on this machine; says in the log why others do not.
   *
   * @param preference {@link #AUTO} or the label of the transport to try first
   * @return a transport that works
   * @throws IllegalArgumentException if the preference is none of these words
   */
  public static Transport choose(String preference) {
    if (!preference.equals(AUTO)) {
      Transport preferred = parse(preference);
      if (preferred.isAvailable()) {
        return preferred;
      }
    }
    for (Transport candidate : List.of(EPOLL, IO_URING)) {
      if (!candidate.label.equals(preference) && candidate.isAvailable()) {
        return candidate;
      }
    }
    return NIO;
  }

  private static Transport parse(String label) {
    for (Transport transport : values()) {
      if (transport.label.equals(label.toLowerCase(Locale.ROOT))) {
        return transport;
      }
    }
    throw new IllegalArgumentException(
        "transport: '" + label + "' (expected: auto, epoll, io_uring or nio)");
  }

  /**
   * Whether it works here; if not, the log says why.
   *
   * @return whether it may be used
   */
  public boolean isAvailable() {
    Throwable cause = unavailability();
    if (cause == null) {
      return true;
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    LOG.info("transport {} does not work here: {}", label, root.toString());
    return false;
  }

  /**
   * Its name in configuration, logs and metrics.
   *
   * @return {@code epoll}, {@code io_uring} or {@code nio}
   */
  public String label() {
    return label;
  }

  /**
   * Whether several listeners may share a port, so that each event loop has its own.
   *
   * @return whether SO_REUSEPORT is to be had
   */
  boolean reusesPort() {
    return reusesPort;
  }

  /** Why it does not work, or null when it does. */
  abstract @Nullable Throwable unavailability();

  abstract IoHandlerFactory newIoHandlerFactory();

  /**
   * The class of its connections.
   *
   * @return the channel class
   */
  public abstract Class<? extends SocketChannel> socketChannel();

  /**
   * The class of its listeners.
   *
   * @return the channel class
   */
  public abstract Class<? extends ServerSocketChannel> serverSocketChannel();

  /** The class of its listeners on Unix domain sockets. */
  abstract Class<? extends ServerChannel> unixServerChannel();

  /** What such a listener is bound to: the JDK and Netty's native libraries have a class each. */
  SocketAddress unixAddress(Path path) {
    return new DomainSocketAddress(path.toFile());
  }

  /**
   * The class of its datagram sockets.
   *
   * @return the channel class
   */
  public abstract Class<? extends DatagramChannel> datagramChannel();

  /**
   * The smoothed round trip of a connection by {@code TCP_INFO} (tcp(7)); not to be had from the
   * JDK.
   *
   * @param channel an open connection
   * @return 0 where nobody knows
   */
  long smoothedRttNanos(Channel channel) {
    return 0;
  }

  /**
   * The option that has the kernel acknowledge what has come at once (TCP_QUICKACK, tcp(7)).
   *
   * @return null where there is none
   */
  @Nullable ChannelOption<Boolean> quickAck() {
    return null;
  }

  /** The kernel counts microseconds, unsigned; 0 before the first measurement. */
  private static long nanos(long micros) {
    return TimeUnit.MICROSECONDS.toNanos(micros);
  }
}
