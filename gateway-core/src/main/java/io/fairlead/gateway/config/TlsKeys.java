package io.fairlead.gateway.config;

import io.fairlead.gateway.config.TlsConfig.ClientAuth;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that say how a port speaks TLS. */
final class TlsKeys {
  private static final Key<Path> CERTIFICATE =
      Key.required(
          "certificate",
          FieldTypes.FILE,
          "The certificate chain, the port's own first: PEM, relative to the file.");
  private static final Key<Path> KEY =
      Key.required("key", FieldTypes.FILE, "Its private key, without a passphrase: PEM.");
  private static final Key<Optional<Path>> CLIENT_CA =
      Key.optional(
          "clientCa",
          FieldTypes.FILE,
          "The authorities that clients' certificates are verified against: PEM.");
  private static final Key<Optional<ClientAuth>> CLIENT_AUTH =
      Key.optional(
          "clientAuth",
          Scalars.word(words()),
          "Whether clients show a certificate; required if there is a clientCa, else none.");

  /** On the rpc port. */
  static final Section<TlsConfig> RPC =
      Section.of(
              List.of(CERTIFICATE, KEY, CLIENT_CA, CLIENT_AUTH), v -> config(v, v.get(CLIENT_AUTH)))
          .checkedBy(TlsKeys::refuseHalfClientAuth);

  /** On the admin port, where a clientCa makes certificates required. */
  static final Section<TlsConfig> ADMIN =
      Section.of(List.of(CERTIFICATE, KEY, CLIENT_CA), v -> config(v, Optional.empty()));

  private TlsKeys() {}

  private static TlsConfig config(Values v, Optional<ClientAuth> given) {
    Optional<Path> clientCa = v.get(CLIENT_CA);
    ClientAuth usual = clientCa.isPresent() ? ClientAuth.REQUIRED : ClientAuth.NONE;
    ClientAuth wanted =
        given.filter(g -> (g == ClientAuth.NONE) == clientCa.isEmpty()).orElse(usual);
    return new TlsConfig(v.get(CERTIFICATE), v.get(KEY), clientCa, wanted);
  }

  private static void refuseHalfClientAuth(Values values, YamlNode.Mapping tls, Reading at) {
    boolean hasAuthorities = values.get(CLIENT_CA).isPresent();
    values
        .get(CLIENT_AUTH)
        .filter(given -> (given == ClientAuth.NONE) == hasAuthorities)
        .ifPresent(
            given ->
                at.key("clientAuth")
                    .report(
                        tls.locate("clientAuth"),
                        hasAuthorities
                            ? "none, with a clientCa (expected: optional or required)"
                            : "without a clientCa (expected: none, or the clients' authorities)"));
  }

  private static Map<String, ClientAuth> words() {
    Map<String, ClientAuth> words = new LinkedHashMap<>();
    words.put("none", ClientAuth.NONE);
    words.put("optional", ClientAuth.OPTIONAL);
    words.put("required", ClientAuth.REQUIRED);
    return words;
  }
}
