package io.fairlead.gateway.cli.admin;

import io.fairlead.gateway.config.HostPort;
import io.fairlead.gateway.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the gateway is and who asks: the options that all admin commands share. */
final class AdminOptions {
  static final String ADDRESS_VARIABLE = "FAIRLEAD_ADMIN";
  static final String TOKEN_VARIABLE = "FAIRLEAD_TOKEN";

  private static final String DEFAULT_ADDRESS = "127.0.0.1:9545";

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "The gateway's admin port (default: $FAIRLEAD_ADMIN or 127.0.0.1:9545).")
  private @Nullable String admin;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "An admin token, which others on this machine can see in the process list; better"
              + " --token-file or $FAIRLEAD_TOKEN.")
  private @Nullable String token;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file that holds an admin token.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "Speak TLS, and trust the gateway's certificate if it is of these authorities: PEM"
              + " (default: $FAIRLEAD_TLS_CA, else those that the JDK trusts).")
  private @Nullable Path tlsCa;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Speak TLS, and show the gateway this certificate: PEM (default: $FAIRLEAD_TLS_CERT).")
  private @Nullable Path tlsCert;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description =
          "The private key of --tls-cert, PKCS #8 without a passphrase: PEM (default:"
              + " $FAIRLEAD_TLS_KEY).")
  private @Nullable Path tlsKey;

  @Option(names = "--json", description = "JSON with stable field names instead of text.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** The address as it was given, for messages. */
  String addressText(Map<String, String> environment) {
    return admin != null ? admin : environment.getOrDefault(ADDRESS_VARIABLE, DEFAULT_ADDRESS);
  }

  /** The address; empty if what was given is none. */
  Optional<HostPort> address(Map<String, String> environment) {
    return HostPort.parse(addressText(environment)).filter(address -> address.port() > 0);
  }

  /** How TLS is spoken; empty if none of its options is given. */
  Optional<AdminTls> tls(Map<String, String> environment) {
    Optional<Path> ca = file(tlsCa, environment, "FAIRLEAD_TLS_CA");
    Optional<Path> certificate = file(tlsCert, environment, "FAIRLEAD_TLS_CERT");
    Optional<Path> key = file(tlsKey, environment, "FAIRLEAD_TLS_KEY");
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "--tls-cert and --tls-key: one without the other (expected: both or neither)");
    }
    return ca.isEmpty() && certificate.isEmpty()
        ? Optional.empty()
        : Optional.of(new AdminTls(ca, certificate, key));
  }

  private static Optional<Path> file(
      @Nullable Path option, Map<String, String> environment, String variable) {
    return option != null
        ? Optional.of(option)
        : Optional.ofNullable(environment.get(variable)).filter(v -> !v.isEmpty()).map(Path::of);
  }

  /** The token: of the option, of the file, of the environment, in this order. */
  Optional<Secret> token(Map<String, String> environment) throws IOException {
    if (token != null) {
      return Optional.of(Secret.of(token));
    }
    if (tokenFile != null) {
      return Optional.of(Secret.of(Files.readString(tokenFile).strip()));
    }
    return Optional.ofNullable(environment.get(TOKEN_VARIABLE))
        .filter(value -> !value.isEmpty())
        .map(Secret::of);
  }
}
