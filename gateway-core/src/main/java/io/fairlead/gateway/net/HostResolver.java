package io.fairlead.gateway.net;

import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.List;

/**
 * Turns host names into addresses, on one event loop.
 *
 * <p>Thread-safety: to be used on that loop's thread only; answers come there.
 */
public interface HostResolver extends AutoCloseable {
  /**
   * All addresses of a host.
   *
   * @param host a name, never a literal address
   * @return the addresses in the order to try them, at least one; or why there are none
   */
  Future<List<InetAddress>> resolveAll(String host);

  /** Gives up sockets and caches. */
  @Override
  void close();
}
