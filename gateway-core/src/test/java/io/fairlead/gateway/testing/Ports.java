package io.fairlead.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports below the range from which the kernel takes the client side of connections, so that nobody
 * takes a port while its owner is down for a moment.
 *
 * <p>Tests run in several JVMs at once. Each takes its ports from blocks that are its own for as
 * long as it lives: it listens on the first port of a block, which no other can do then, and hands
 * out the others, each once.
 */
public final class Ports {
  private static final int FIRST = 15_000;
  private static final int BLOCK = 100;
  private static final int BLOCKS = 150;
  private static final Ports SHARED = new Ports();

  private final List<ServerSocket> claims = new ArrayList<>();
  private int next;
  private int end;

  Ports() {}

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /**
   * A port that nobody listened on a moment ago, and that no other caller is given.
   *
   * @return the port
   * @throws IOException if there is none
   */
  public static int unused() throws IOException {
    return SHARED.take();
  }

  /**
   * Whether a port can be listened on, as it can a moment after a process that did was killed.
   *
   * @param port the port
   * @return false while somebody has it
   */
  public static boolean isFree(int port) {
    try (ServerSocket socket = listen(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** The next free port of this one's blocks. */
  synchronized int take() throws IOException {
    while (true) {
      if (next == end) {
        claim();
      }
      int port = next++;
      if (isFree(port)) {
        return port;
      }
    }
  }

  private void claim() throws IOException {
    int start = (int) (ProcessHandle.current().pid() % BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      int first = FIRST + (start + i) % BLOCKS * BLOCK;
      try {
        claims.add(listen(first));
      } catch (IOException e) {
        continue; // another's
      }
      next = first + 1;
      end = first + BLOCK;
      return;
    }
    throw new IOException("no unused port");
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(loopback(port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
