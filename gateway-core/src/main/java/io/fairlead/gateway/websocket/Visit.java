package io.fairlead.gateway.websocket;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who opened a connection, and for which chain.
 *
 * @param path by which the chain is found in a serving plan, without the key
 * @param chain the chain's name when the connection was opened
 * @param apiKey the key in the request's path; null for none
 * @param address where the client is
 */
public record Visit(String path, String chain, @Nullable String apiKey, InetAddress address) {
  /** Leaves the key out. */
  @Override
  public String toString() {
    return path + " from " + address;
  }
}
