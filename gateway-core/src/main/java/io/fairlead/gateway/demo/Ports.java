package io.fairlead.gateway.demo;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out which ports are free before the gateway takes them. */
final class Ports {
  /** The system chooses. */
  static final int ANY = 0;

  private Ports() {}

  /** The port when it is free, or {@link #ANY}. */
  static int orAny(int port) throws IOException {
    return isFree(port) ? port : ANY;
  }

  /**
   * The port.
   *
   * @throws BindException if somebody listens there
   */
  static int required(int port) throws IOException {
    if (!isFree(port)) {
      throw new BindException(
          "rpc-port: " + port + " is taken (expected: a free port; choose one with --rpc-port)");
    }
    return port;
  }

  /**
   * Whether nobody listens there. The gateway shares its port among its loops, so it would not
   * notice another gateway by itself.
   */
  private static boolean isFree(int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(NetUtil.LOCALHOST4, port));
      return true;
    } catch (BindException taken) {
      return false;
    }
  }
}
