package io.fairlead.gateway.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where clients find the gateway: a port of an address, or a Unix domain socket. */
public sealed interface ListenAddress permits HostPort, ListenAddress.Unix {
  /**
   * A Unix domain socket.
   *
   * @param path its file
   */
  record Unix(Path path) implements ListenAddress {
    private static final String SCHEME = "unix:";

    @Override
    public String toString() {
      return SCHEME + path;
    }
  }

  /**
   * Reads {@code host:port}, {@code [ipv6]:port} or {@code unix:PATH}.
   *
   * @param text the text
   * @return the address, or empty if the text is not one
   */
  static Optional<ListenAddress> parse(String text) {
    return text.startsWith(Unix.SCHEME)
        ? unix(text.substring(Unix.SCHEME.length()))
        : HostPort.parse(text).map(address -> address);
  }

  private static Optional<ListenAddress> unix(String path) {
    try {
      return path.isBlank() ? Optional.empty() : Optional.of(new Unix(Path.of(path)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * The same address with its file in a folder.
   *
   * @param folder what a relative path is relative to
   * @return this, or a copy
   */
  default ListenAddress in(Path folder) {
    return this instanceof Unix unix ? new Unix(folder.resolve(unix.path())) : this;
  }
}
