package io.fairlead.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Ports below the range from which the kernel takes the client side of connections, so that nobody
 * takes a port while its owner is down for a moment.
 */
public final class Ports {
  private static final int FIRST = 15_000;
  private static final int COUNT = 15_000;
  private static final SplittableRandom RANDOM =
      new SplittableRandom(ProcessHandle.current().pid() * 0x9E3779B97F4A7C15L);

  private Ports() {}

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /**
   * A port that nobody listened on a moment ago.
   *
   * @return the port
   * @throws IOException if there is none
   */
  public static int unused() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = candidate();
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("no unused port");
  }

  /**
   * Whether a port can be listened on, as it can a moment after a process that did was killed.
   *
   * @param port the port
   * @return false while somebody has it
   */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(loopback(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static synchronized int candidate() {
    return FIRST + RANDOM.nextInt(COUNT);
  }
}
