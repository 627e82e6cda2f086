package io.fairlead.gateway.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address to listen on or to connect to; the host is not resolved.
 *
 * @param host a name or a literal address, IPv6 without brackets
 * @param port 0 to 65535; 0 asks the system for a free port
 */
public record HostPort(String host, int port) implements ListenAddress {
  private static final int MAX_PORT = 65_535;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]+)?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /** Checks both parts. */
  public HostPort {
    if (!NAME.matcher(host).matches() && !isIpv6(host)) {
      throw new IllegalArgumentException("host: " + host + " (expected: a host name or address)");
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
  }

  /**
   * Reads {@code host:port} or {@code [ipv6]:port}.
   *
   * @param text the text
   * @return the address, or empty if the text is not one
   */
  public static Optional<HostPort> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !PORT.matcher(text.substring(colon + 1)).matches()) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    int port = Integer.parseInt(text.substring(colon + 1));
    boolean valid = bracketed ? isIpv6(bare) : NAME.matcher(bare).matches();
    return valid && port <= MAX_PORT ? Optional.of(new HostPort(bare, port)) : Optional.empty();
  }

  /**
   * Whether only this machine can reach it.
   *
   * @return true for {@code localhost}, 127.0.0.0/8 and ::1
   */
  public boolean isLoopback() {
    return host.equalsIgnoreCase("localhost")
        || host.matches("127(\\.[0-9]{1,3}){3}")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1");
  }

  /**
   * Whether it stands for every address of this machine.
   *
   * @return true for {@code 0.0.0.0} and {@code ::}
   */
  public boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  /**
   * Whether both cannot be listened on at once.
   *
   * @param other another address
   * @return true when the ports are the same and the hosts are, or one is a wildcard
   */
  public boolean isConflicting(HostPort other) {
    return port != 0
        && port == other.port
        && (isWildcard() || other.isWildcard() || hostKey().equals(other.hostKey()));
  }

  private String hostKey() {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("localhost") ? "127.0.0.1" : lower;
  }

  private static boolean isIpv6(String host) {
    return host.indexOf(':') >= 0 && IPV6.matcher(host).matches();
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
