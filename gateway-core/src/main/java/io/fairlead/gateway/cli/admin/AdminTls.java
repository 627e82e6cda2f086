package io.fairlead.gateway.cli.admin;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How an operator's command speaks TLS with the admin port.
 *
 * @param ca whom to trust; empty: whom the JDK trusts
 * @param certificate what to show; empty: nothing
 * @param key of the certificate
 */
record AdminTls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
  /** What a server says that wants a certificate, or another one; RFC 8446, section 6.2. */
  private static final Pattern WANTS_CERTIFICATE =
      Pattern.compile(
          "certificate_required|bad_certificate|certificate_unknown|unknown_ca"
              + "|handshake_failure|certificate required|unknown ca");

  /**
   * What connections are made with.
   *
   * @throws IOException if a file cannot be used; the message says which
   */
  SslContext context() throws IOException {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2");
    if (ca.isPresent()) {
      Path file = readable("--tls-ca", ca.get());
      use("--tls-ca", file, "certificates as PEM", () -> builder.trustManager(file.toFile()));
    }
    if (certificate.isPresent() && key.isPresent()) {
      Path shown = readable("--tls-cert", certificate.get());
      Path secret = readable("--tls-key", key.get());
      use(
          "--tls-cert and --tls-key",
          shown,
          "a certificate and its key, PKCS #8 as PEM",
          () -> builder.keyManager(shown.toFile(), secret.toFile()));
    }
    return builder.build();
  }

  private static Path readable(String option, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(option + ": " + file + " cannot be read (expected: a PEM file)");
    }
    return file;
  }

  private static void use(String option, Path file, String expected, Runnable taking)
      throws IOException {
    try {
      taking.run();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          option + ": " + file + " cannot be used (expected: " + expected + ")", e);
    }
  }

  /** Why there is no connection, if TLS is why. */
  static Optional<String> explain(Throwable failure, String address) {
    if (has(failure, NotSslRecordException.class)) {
      return Optional.of(
          "the gateway at " + address + " speaks no TLS (listen.adminTls); leave out --tls-...");
    }
    @Nullable Throwable untrusted = find(failure, CertificateException.class);
    if (untrusted != null) {
      return Optional.of(
          "the certificate of the gateway at "
              + address
              + " is not trusted: "
              + untrusted.getMessage()
              + "; name its authority with --tls-ca FILE");
    }
    @Nullable Throwable tls = find(failure, SSLException.class);
    if (tls == null) {
      return Optional.empty();
    }
    String text = String.valueOf(tls.getMessage());
    return Optional.of(
        WANTS_CERTIFICATE.matcher(text.toLowerCase(Locale.ROOT)).find()
            ? "the gateway at "
                + address
                + " wants a client certificate that it trusts (listen.adminTls.clientCa); give one"
                + " with --tls-cert FILE and --tls-key FILE"
            : "no TLS with the gateway at " + address + ": " + text);
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    return find(failure, type) != null;
  }

  private static @Nullable Throwable find(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable c = failure; c != null; c = c.getCause()) {
      if (type.isInstance(c)) {
        return c;
      }
    }
    return null;
  }
}
