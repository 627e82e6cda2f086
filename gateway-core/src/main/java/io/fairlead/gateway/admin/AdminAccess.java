package io.fairlead.gateway.admin;

import io.fairlead.gateway.config.FairleadConfig.Admin;
import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.TlsConfig.ClientAuth;
import io.fairlead.gateway.net.ServerTls;
import java.util.Optional;

/**
 * Where the admin port listens and who may call.
 *
 * @param listen where; port 0 lets the system choose
 * @param admin whose tokens are taken
 * @param tls how callers prove themselves before they call; empty: the port is plain
 */
public record AdminAccess(HostPort listen, Admin admin, Optional<ServerTls> tls) {
  /**
   * A port without TLS.
   *
   * @param listen where
   * @param admin whose tokens are taken
   * @return access in plain
   */
  public static AdminAccess plain(HostPort listen, Admin admin) {
    return new AdminAccess(listen, admin, Optional.empty());
  }

  /** Whether somebody on another machine could call who has shown nothing. */
  boolean isOpen() {
    boolean mutual = tls.map(t -> t.config().clientAuth() == ClientAuth.REQUIRED).orElse(false);
    return admin.tokens().isEmpty() && !mutual && !listen.isLoopback();
  }
}
