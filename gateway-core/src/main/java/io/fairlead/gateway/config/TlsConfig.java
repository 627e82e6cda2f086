package io.fairlead.gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a listening port needs for TLS; all files are PEM.
 *
 * @param certificate the chain, the port's own certificate first
 * @param key the private key of that certificate, without a passphrase
 * @param clientCa the authorities that clients' certificates are verified against; present exactly
 *     when certificates are asked for
 * @param clientAuth whether clients show a certificate
 */
public record TlsConfig(
    Path certificate, Path key, Optional<Path> clientCa, ClientAuth clientAuth) {

  /** Whether clients show a certificate. */
  public enum ClientAuth {
    /** They are not asked for one. */
    NONE,
    /** They may; one that is shown must be good. */
    OPTIONAL,
    /** A handshake without a good one fails. */
    REQUIRED
  }

  /** Checks that certificates are asked for if there is somebody to trust, and only then. */
  public TlsConfig {
    if (clientCa.isPresent() == (clientAuth == ClientAuth.NONE)) {
      throw new IllegalArgumentException(
          "clientAuth: "
              + clientAuth
              + " (expected: optional or required with a clientCa, else none)");
    }
  }

  /**
   * This configuration with its files in a folder.
   *
   * @param folder what relative paths are relative to
   * @return a copy
   */
  TlsConfig in(Path folder) {
    return new TlsConfig(
        folder.resolve(certificate),
        folder.resolve(key),
        clientCa.map(folder::resolve),
        clientAuth);
  }
}
