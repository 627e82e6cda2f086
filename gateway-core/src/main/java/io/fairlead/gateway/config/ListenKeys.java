package io.fairlead.gateway.config;

import io.fairlead.gateway.config.ListenConfig.Answers;
import io.fairlead.gateway.config.ListenConfig.Encryption;
import io.fairlead.gateway.config.ListenConfig.Loops;
import io.fairlead.gateway.config.ListenConfig.Ports;
import io.fairlead.gateway.config.ListenConfig.Proxies;
import io.fairlead.gateway.config.ListenConfig.Transport;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys that say where the gateway listens. */
final class ListenKeys {
  private static final Key<ListenAddress> RPC =
      Key.of(
          "rpc",
          FieldTypes.LISTEN_ADDRESS,
          "127.0.0.1:8545",
          "JSON-RPC for clients; unix:PATH is a Unix domain socket.");
  private static final Key<HostPort> ADMIN_PORT =
      Key.of("admin", FieldTypes.HOST_PORT, "127.0.0.1:9545", "gRPC for operators.");
  private static final Key<HostPort> OPS =
      Key.of(
          "ops",
          FieldTypes.HOST_PORT,
          "127.0.0.1:9546",
          "/metrics, /healthz, /readyz and the status page.");
  private static final Key<Optional<TlsConfig>> TLS =
      Key.optional("tls", TlsKeys.RPC, "TLS on the rpc port; left out, it is plain.");
  private static final Key<Optional<TlsConfig>> ADMIN_TLS =
      Key.optional("adminTls", TlsKeys.ADMIN, "TLS on the admin port; left out, it is plain.");
  private static final Key<List<AddressBlock>> PROXY_PROTOCOL =
      Key.of(
          "proxyProtocol",
          new ListType<>(FieldTypes.ADDRESS_BLOCK, 0),
          "[]",
          "Proxies whose connections to the rpc port begin with a PROXY header, version 1 or 2.");
  private static final Key<List<AddressBlock>> FORWARDED_FOR =
      Key.of(
          "forwardedFor",
          new ListType<>(FieldTypes.ADDRESS_BLOCK, 0),
          "[]",
          "Proxies whose X-Forwarded-For says where the client is.");
  private static final Key<Boolean> DEBUG_HEADERS =
      Key.of("debugHeaders", Scalars.flag(), "true", "Whether answers name their upstream.");
  private static final Key<List<AddressBlock>> EXPLAIN_FROM =
      Key.of(
          "explainFrom",
          new ListType<>(FieldTypes.ADDRESS_BLOCK, 0),
          "[\"127.0.0.0/8\", \"::1\"]",
          "Clients whose X-Fairlead-Explain: 1 is answered with the decision.");
  private static final Key<Transport> TRANSPORT =
      Key.of("transport", Scalars.word(transports()), "auto", "How event loops wait.");
  private static final Key<OptionalInt> LOOPS =
      Key.of("loops", FieldTypes.LOOPS, "auto", "How many event loops serve the rpc port.");

  /** The section. */
  static final Section<ListenConfig> LISTEN =
      Section.of(
              List.of(
                  RPC,
                  ADMIN_PORT,
                  OPS,
                  TLS,
                  ADMIN_TLS,
                  PROXY_PROTOCOL,
                  FORWARDED_FOR,
                  DEBUG_HEADERS,
                  EXPLAIN_FROM,
                  TRANSPORT,
                  LOOPS),
              v ->
                  new ListenConfig(
                      new Ports(v.get(RPC), v.get(ADMIN_PORT), v.get(OPS)),
                      new Encryption(v.get(TLS), v.get(ADMIN_TLS)),
                      new Proxies(v.get(PROXY_PROTOCOL), v.get(FORWARDED_FOR)),
                      new Answers(v.get(DEBUG_HEADERS), v.get(EXPLAIN_FROM)),
                      new Loops(v.get(TRANSPORT), v.get(LOOPS))))
          .checkedBy(ListenKeys::refuseSharedPorts);

  private ListenKeys() {}

  private static void refuseSharedPorts(Values values, YamlNode.Mapping listen, Reading at) {
    List<Key<? extends ListenAddress>> keys = List.of(RPC, ADMIN_PORT, OPS);
    for (Key<? extends ListenAddress> key : keys) {
      for (Key<? extends ListenAddress> earlier : keys.subList(0, keys.indexOf(key))) {
        if (areConflicting(values.get(key), values.get(earlier))) {
          // A default cannot be at fault: point at what the file says.
          Key<?> shown = listen.find(key.name()).isPresent() ? key : earlier;
          Key<?> other = shown == key ? earlier : key;
          at.key(shown.name())
              .report(
                  listen.locate(shown.name()),
                  "taken (expected: a port of its own; listen." + other.name() + " has the same)");
        }
      }
    }
  }

  private static boolean areConflicting(ListenAddress one, ListenAddress other) {
    return one instanceof HostPort a && other instanceof HostPort b && a.isConflicting(b);
  }

  private static Map<String, Transport> transports() {
    Map<String, Transport> words = new LinkedHashMap<>();
    words.put("auto", Transport.AUTO);
    words.put("io_uring", Transport.IO_URING);
    words.put("epoll", Transport.EPOLL);
    words.put("nio", Transport.NIO);
    return words;
  }
}
