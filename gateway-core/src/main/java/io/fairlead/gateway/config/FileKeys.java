package io.fairlead.gateway.config;

import io.fairlead.gateway.config.FairleadConfig.Admin;
import io.fairlead.gateway.config.FairleadConfig.Cache;
import io.fairlead.gateway.config.FairleadConfig.Outbox;
import io.fairlead.gateway.config.FairleadConfig.Probes;
import io.fairlead.gateway.config.FairleadConfig.Services;
import io.fairlead.gateway.config.FairleadConfig.Token;
import io.fairlead.gateway.config.FairleadConfig.Transactions;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.OrOff;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.ScalarType;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.probes.ProbePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The keys of the whole file: the one place that says what it may hold. */
final class FileKeys {
  private static final Key<String> TOKEN_NAME =
      Key.required("name", FieldTypes.NAMED, "Who: the author of what is done with the token.");
  private static final Key<Secret> TOKEN_VALUE =
      Key.required("token", FieldTypes.TOKEN, "The token, best as ${file:PATH}.");
  private static final Key<List<Token>> TOKENS =
      Key.of(
          "tokens",
          new ListType<>(
              Section.of(
                  List.of(TOKEN_NAME, TOKEN_VALUE),
                  v -> new Token(v.get(TOKEN_NAME), v.get(TOKEN_VALUE))),
              0),
          "[]",
          "Who may use the admin port; needed unless it is on loopback.");

  private static final Key<Duration> INTERVAL =
      Key.of(
          "interval",
          Scalars.duration("100ms", "1h"),
          "1s",
          "Between probes of an upstream that needs watching.");
  private static final Key<Duration> PROBE_TIMEOUT =
      Key.of("timeout", Scalars.duration("10ms", "5m"), "2s", "Of one probe.");
  private static final Key<Integer> DAILY_BUDGET =
      Key.of(
          "dailyBudget",
          Scalars.whole(ProbePolicy.MIN_DAILY_BUDGET, 100_000_000),
          "20000",
          "Probes of an upstream in any 24 hours at the most.");
  private static final Key<Long> MAX_SIZE =
      Key.of(
          "maxSize", Scalars.size("1MiB", "1024GiB"), "256MiB", "Of all cached answers together.");
  private static final ScalarType<Boolean> ON_OR_OFF = Scalars.word(onOrOff());
  private static final Key<Integer> BROADCAST =
      Key.of(
          "broadcast",
          Scalars.whole(1, 100),
          "3",
          "How many upstreams, in different failure domains, get a raw transaction at once.");
  private static final Key<Boolean> PRIVATE =
      Key.of(
          "private",
          ON_OR_OFF,
          "off",
          "Whether raw transactions go to upstreams with `tags: [private]` alone; each chain needs"
              + " one then.");
  private static final Key<Boolean> OUTBOX =
      Key.of(
          "outbox",
          ON_OR_OFF,
          "off",
          "Whether accepted transactions are kept on disk and sent again until they are mined.");
  private static final Key<Long> OUTBOX_SIZE =
      Key.of(
          "outboxSize",
          Scalars.size("1MiB", "4GiB"),
          "64MiB",
          "Of all transactions in the outbox together; while it is full a transaction needs an"
              + " upstream's acceptance.");
  private static final Key<Duration> OUTBOX_EXPIRY =
      Key.of(
          "outboxExpiry",
          Scalars.duration("1m", "30d"),
          "1d",
          "After which a transaction that is not mined leaves the outbox.");
  private static final Key<Integer> CONFIRMATIONS =
      Key.of(
          "confirmations",
          Scalars.whole(1, 10_000),
          "12",
          "Blocks, its own included, after which a mined transaction leaves the outbox.");
  private static final Key<Path> STATE_DIR =
      Key.of(
          "dir",
          FieldTypes.FOLDER,
          "fairlead-state",
          "The folder of operators' overrides and of the outbox, relative to the file.");

  private static final Key<ListenConfig> LISTEN =
      Key.of("listen", ListenKeys.LISTEN, "{}", "Where the gateway listens.");
  private static final Key<Admin> ADMIN =
      Key.of(
          "admin",
          Section.of(List.of(TOKENS), v -> new Admin(v.get(TOKENS))),
          "{}",
          "Who may use the admin port.");
  private static final Key<Map<String, ChainConfig>> CHAINS =
      Key.required(
          "chains", ChainKeys.CHAINS, "The chains by name; the name is the path: POST /ethereum.");
  private static final Key<RoutingConfig> ROUTING =
      Key.of(
          "routing",
          RoutingKeys.ROUTING,
          "{}",
          "How calls are spread over upstreams and repeated.");
  private static final Key<Probes> PROBES =
      Key.of(
          "probes",
          Section.of(
              List.of(INTERVAL, PROBE_TIMEOUT, DAILY_BUDGET),
              v -> new Probes(v.get(INTERVAL), v.get(PROBE_TIMEOUT), v.get(DAILY_BUDGET))),
          "{}",
          "Active measurement.");
  private static final Key<Optional<Cache>> CACHE =
      Key.of(
          "cache",
          new OrOff<>(Section.of(List.of(MAX_SIZE), v -> new Cache(v.get(MAX_SIZE)))),
          "{}",
          "The answer cache; off turns it off, and the sharing of calls under way too.");
  private static final Key<Transactions> TRANSACTIONS =
      Key.of(
          "transactions",
          Section.of(
              List.of(BROADCAST, PRIVATE, OUTBOX, OUTBOX_SIZE, OUTBOX_EXPIRY, CONFIRMATIONS),
              FileKeys::transactions),
          "{}",
          "How transactions are sent.");
  private static final Key<ClientLimits> LIMITS =
      Key.of("limits", LimitKeys.LIMITS, "{}", "What one client may ask for.");
  private static final Key<Path> STATE =
      Key.of(
          "state",
          Section.of(List.of(STATE_DIR), v -> v.get(STATE_DIR)),
          "{}",
          "What survives a restart.");

  /** The whole file. */
  static final Section<FairleadConfig> FILE =
      Section.of(
              List.of(LISTEN, ADMIN, CHAINS, ROUTING, PROBES, CACHE, TRANSACTIONS, LIMITS, STATE),
              FileKeys::config)
          .checkedBy(
              (values, file, at) -> {
                refuseOpenAdmin(values, file, at);
                refuseDanglingShares(values, file, at);
                values
                    .find(CHAINS)
                    .ifPresent(c -> PrivateCheck.look(c, values.get(TRANSACTIONS), file, at));
                values
                    .find(CHAINS)
                    .filter(chains -> at.isClean())
                    .ifPresent(chains -> ShareCheck.warn(chains, values.get(ROUTING), file, at));
              });

  private FileKeys() {}

  private static Map<String, Boolean> onOrOff() {
    Map<String, Boolean> words = new LinkedHashMap<>();
    words.put("on", true);
    words.put("off", false);
    return words;
  }

  private static Transactions transactions(Values v) {
    Outbox outbox = new Outbox(v.get(OUTBOX_SIZE), v.get(OUTBOX_EXPIRY), v.get(CONFIRMATIONS));
    return new Transactions(
        v.get(BROADCAST), v.get(PRIVATE), v.get(OUTBOX) ? Optional.of(outbox) : Optional.empty());
  }

  private static FairleadConfig config(Values v) {
    Services services =
        new Services(v.get(PROBES), v.get(CACHE), v.get(TRANSACTIONS), v.get(LIMITS), v.get(STATE));
    return new FairleadConfig(v.get(LISTEN), v.get(ADMIN), v.get(CHAINS), v.get(ROUTING), services);
  }

  private static void refuseOpenAdmin(Values values, YamlNode.Mapping file, Reading at) {
    ListenConfig listen = values.get(LISTEN);
    boolean asksForCertificates =
        listen.encryption().admin().flatMap(TlsConfig::clientCa).isPresent();
    if (!listen.admin().isLoopback()
        && values.get(ADMIN).tokens().isEmpty()
        && !asksForCertificates) {
      at.key("listen")
          .key("admin")
          .report(
              file.locate("listen", "admin"),
              "beyond loopback without a token (expected: admin.tokens, listen.adminTls.clientCa or"
                  + " a loopback address)");
    }
  }

  /** A bound for a kind of failure domain that no upstream has is a misspelling. */
  private static void refuseDanglingShares(Values values, YamlNode.Mapping file, Reading at) {
    Optional<Map<String, ChainConfig>> chains = values.find(CHAINS);
    if (chains.isEmpty() || !at.isClean()) {
      return;
    }
    TreeSet<String> kinds = new TreeSet<>(FieldTypes.DOMAIN_KINDS);
    chains
        .get()
        .values()
        .forEach(c -> c.upstreams().forEach(u -> kinds.addAll(u.place().labels().keySet())));
    for (String kind : values.get(ROUTING).spread().maxShare().keySet()) {
      if (!kinds.contains(kind)) {
        at.key("routing")
            .key("maxShare")
            .key(kind)
            .report(
                file.locate("routing", "maxShare", kind),
                "no upstream has it (expected: " + String.join(", ", kinds) + ")");
      }
    }
  }
}
