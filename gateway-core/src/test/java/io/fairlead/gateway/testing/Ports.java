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
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(loopback(port));
        return port;
      } catch (IOException e) {
        if (attempt == 99) {
          throw e;
        }
      }
    }
    throw new IOException("no unused port");
  }

  private static synchronized int candidate() {
    return FIRST + RANDOM.nextInt(COUNT);
  }
}
