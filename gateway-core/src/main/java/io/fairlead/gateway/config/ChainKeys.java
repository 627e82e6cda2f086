package io.fairlead.gateway.config;

import io.fairlead.gateway.config.ChainConfig.Family;
import io.fairlead.gateway.config.UpstreamConfig.Capacity;
import io.fairlead.gateway.config.UpstreamConfig.Endpoint;
import io.fairlead.gateway.config.UpstreamConfig.Http2;
import io.fairlead.gateway.config.UpstreamConfig.Kind;
import io.fairlead.gateway.config.UpstreamConfig.Place;
import io.fairlead.gateway.config.UpstreamConfig.Sharing;
import io.fairlead.gateway.config.UpstreamConfig.Tag;
import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.MapType;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.Values;
import io.fairlead.gateway.config.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** The keys of a chain and of its upstreams. */
final class ChainKeys {
  private static final Key<Optional<String>> ID =
      Key.optional(
          "id",
          FieldTypes.NAMED,
          "The upstream's name, unique within the chain; by default its host, with -port if the URL"
              + " names one, and with -2, -3 ... if several have the same.");
  private static final Key<UpstreamUrl> URL =
      Key.required(
          "url",
          FieldTypes.url(Set.of("http", "https"), "an http or https URL"),
          "JSON-RPC over HTTP. What follows the host is treated as a secret.");
  private static final Key<Optional<UpstreamUrl>> WS =
      Key.optional(
          "ws",
          FieldTypes.url(Set.of("ws", "wss"), "a ws or wss URL"),
          "JSON-RPC over WebSocket: new blocks and pending transactions are pushed there instead of"
              + " being polled for.");
  private static final Key<Boolean> WS_CALLS =
      Key.of(
          "wsCalls",
          Scalars.word(autoOrOff()),
          "auto",
          "auto: calls go over ws too where that is cheaper, brief ones while several are under"
              + " way; off: never.");
  private static final Key<String> CLOUD =
      Key.of(
          "cloud",
          FieldTypes.NAMED,
          UpstreamConfig.UNKNOWN,
          "The outer failure domain: aws, azure, gcp, cloudflare, hetzner, home ...");
  private static final Key<String> REGION =
      Key.of(
          "region",
          FieldTypes.NAMED,
          UpstreamConfig.UNKNOWN,
          "The inner failure domain, within the cloud.");
  private static final Key<Optional<String>> VENDOR =
      Key.optional(
          "vendor", FieldTypes.NAMED, "Who runs the node: a failure domain across clouds.");
  private static final Key<Map<String, String>> LABELS =
      Key.of(
          "labels",
          MapType.of(FieldTypes.LABEL_NAMES, 0, FieldTypes.NAMED),
          "{}",
          "Further failure domains.");
  private static final Key<Kind> KIND =
      Key.of(
          "kind",
          Scalars.word(kinds()),
          "hyperscaler",
          "What sort of place the node stands in; answers of community ones are not taken on"
              + " trust.");
  private static final Key<Integer> WEIGHT =
      Key.of(
          "weight",
          Scalars.whole(0, 10_000),
          "100",
          "How much traffic it is meant for, relative to the others; 0 takes no new traffic.");
  private static final Key<Integer> TIER =
      Key.of(
          "tier",
          Scalars.whole(0, 99),
          "0",
          "0 first; a higher tier serves only what lower tiers cannot.");
  private static final Key<Optional<Integer>> MAX_CONCURRENCY =
      Key.optional(
          "maxConcurrency", Scalars.whole(1, 1_000_000), "The most attempts in flight at once.");
  private static final Key<Map<String, Secret>> HEADERS =
      Key.of(
          "headers",
          MapType.of(FieldTypes.HEADER_NAMES, 0, FieldTypes.HEADER_VALUE),
          "{}",
          "Sent with every request; the values are secrets.");
  private static final Key<Boolean> ALLOW_LINK_LOCAL =
      Key.of(
          "allowLinkLocal",
          Scalars.flag(),
          "false",
          "Whether its host may be, or resolve to, a link-local address or that of a cloud's"
              + " metadata service.");
  private static final Key<Boolean> PIPELINING =
      Key.of(
          "pipelining",
          Scalars.flag(),
          "true",
          "Whether brief calls may be sent behind each other on one connection. Only without TLS,"
              + " and only as many as the upstream answers at once.");
  private static final Key<Http2> HTTP2 =
      Key.of(
          "http2",
          Scalars.word(http2()),
          "auto",
          "HTTP/2 to the upstream: auto (over TLS where it offers it), off, or prior-knowledge"
              + " (always, also without TLS).");
  private static final Key<List<Tag>> TAGS =
      Key.of(
          "tags",
          new ListType<>(Scalars.word(Map.of("private", Tag.PRIVATE)), 0),
          "[]",
          "What it is for; `private`: transactions that others must not see, and nothing else.");
  private static final Key<MethodRules> UPSTREAM_METHODS =
      Key.of("methods", FieldTypes.METHODS, "{}", "Which methods this upstream serves.");

  private static final Section<Draft> UPSTREAM =
      Section.of(
          List.of(
              ID,
              URL,
              WS,
              WS_CALLS,
              CLOUD,
              REGION,
              VENDOR,
              LABELS,
              KIND,
              WEIGHT,
              TIER,
              MAX_CONCURRENCY,
              HEADERS,
              ALLOW_LINK_LOCAL,
              PIPELINING,
              HTTP2,
              TAGS,
              UPSTREAM_METHODS),
          ChainKeys::draft);

  private static final Key<Family> FAMILY =
      Key.of(
          "family",
          Scalars.word(Map.of("evm", Family.EVM), "evm; other families are not served yet"),
          "evm",
          "The sort of chain.");
  private static final Key<OptionalLong> CHAIN_ID = chainIdKey();
  private static final Key<Duration> BLOCK_TIME =
      Key.of("blockTime", Scalars.duration("10ms", "1d"), "12s", "How often a block is expected.");
  private static final Key<MethodKeys.ChainMethods> METHODS =
      Key.of("methods", MethodKeys.CHAIN_METHODS, "{}", "Which methods the chain offers.");
  private static final Key<List<Draft>> UPSTREAMS =
      Key.required("upstreams", new ListType<>(UPSTREAM, 1), "The nodes that serve the chain.");

  private static final Section<Function<String, ChainConfig>> CHAIN =
      Section.of(
              List.of(FAMILY, CHAIN_ID, BLOCK_TIME, METHODS, UPSTREAMS, VerifyKeys.VERIFY),
              ChainKeys::namedLater)
          .checkedBy(ChainKeys::check);

  /** All chains by name. */
  static final ValueType<Map<String, ChainConfig>> CHAINS =
      MapType.named(FieldTypes.CHAIN_NAMES, 1, CHAIN, (name, chain) -> chain.apply(name));

  private ChainKeys() {}

  /** An upstream that may still lack an id of its own; then it has the one derived from its URL. */
  private record Draft(boolean isNamed, UpstreamConfig upstream) {}

  private static Draft draft(Values v) {
    Endpoint endpoint =
        new Endpoint(
            v.get(URL),
            v.get(WS),
            v.get(HEADERS),
            v.get(ALLOW_LINK_LOCAL),
            new Sharing(v.get(PIPELINING), v.get(HTTP2), v.get(WS_CALLS)));
    Place place = new Place(v.get(CLOUD), v.get(REGION), v.get(VENDOR), v.get(LABELS), v.get(KIND));
    OptionalInt maxConcurrency =
        v.get(MAX_CONCURRENCY).map(OptionalInt::of).orElse(OptionalInt.empty());
    Capacity capacity =
        new Capacity(v.get(WEIGHT), v.get(TIER), maxConcurrency, Set.copyOf(v.get(TAGS)));
    String id = v.get(ID).orElseGet(() -> derivedId(endpoint.url()));
    return new Draft(
        v.get(ID).isPresent(),
        new UpstreamConfig(id, endpoint, place, capacity, v.get(UPSTREAM_METHODS)));
  }

  /** The host, with the port if the URL names it, in the characters of an id. */
  private static String derivedId(UpstreamUrl url) {
    String host =
        url.hostHeader().replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
    return host.isEmpty() ? "upstream" : host.substring(0, Math.min(host.length(), 90));
  }

  private static Function<String, ChainConfig> namedLater(Values v) {
    return name -> chain(name, v);
  }

  private static ChainConfig chain(String name, Values v) {
    ChainConfig.Identity identity =
        new ChainConfig.Identity(v.get(FAMILY), v.get(CHAIN_ID), v.get(BLOCK_TIME));
    MethodKeys.ChainMethods methods = v.get(METHODS);
    return new ChainConfig(
        name,
        identity,
        new ChainConfig.Offer(methods.rules(), methods.defined()),
        withUniqueIds(v.get(UPSTREAMS)),
        v.get(VerifyKeys.VERIFY));
  }

  private static List<UpstreamConfig> withUniqueIds(List<Draft> drafts) {
    Set<String> taken = new HashSet<>();
    drafts.stream().filter(Draft::isNamed).forEach(d -> taken.add(d.upstream().id()));
    List<UpstreamConfig> upstreams = new ArrayList<>();
    for (Draft draft : drafts) {
      UpstreamConfig upstream = draft.upstream();
      if (!draft.isNamed()) {
        upstream = withFreeId(upstream, taken);
      }
      upstreams.add(upstream);
    }
    return upstreams;
  }

  private static UpstreamConfig withFreeId(UpstreamConfig upstream, Set<String> taken) {
    String id = upstream.id();
    for (int n = 2; !taken.add(id); n++) {
      id = upstream.id() + "-" + n;
    }
    return upstream.withId(id);
  }

  private static void check(Values values, YamlNode.Mapping section, Reading at) {
    refuseRepeatedIds(section, at);
    values
        .find(UPSTREAMS)
        .map(drafts -> drafts.stream().map(Draft::upstream).toList())
        .ifPresent(
            upstreams -> VerifyKeys.check(values.get(VerifyKeys.VERIFY), upstreams, section, at));
  }

  /** Looks at the file and not at the values, so that an upstream with other faults counts too. */
  private static void refuseRepeatedIds(YamlNode.Mapping chain, Reading at) {
    List<YamlNode> items =
        chain.find(UPSTREAMS.name()).orElse(chain) instanceof YamlNode.Sequence list
            ? list.items()
            : List.of();
    Map<String, Integer> lines = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof YamlNode.Mapping item)) {
        continue;
      }
      Optional<YamlNode> node = item.find(ID.name());
      Reading there = at.key(UPSTREAMS.name()).item(i).key(ID.name());
      Optional<String> id = node.flatMap(there::textOf);
      if (node.isPresent() && id.isPresent()) {
        Integer first = lines.putIfAbsent(id.get(), node.get().position().line());
        if (first != null) {
          there.refuse(node.get(), "taken", "an id of its own; line " + first + " has the same");
        }
      }
    }
  }

  private static Key<OptionalLong> chainIdKey() {
    return Key.absent(
        "chainId",
        FieldTypes.CHAIN_ID,
        OptionalLong.empty(),
        "An upstream on another chain is never used; without it the id is learnt from the first"
            + " upstreams that agree.");
  }

  private static Map<String, Boolean> autoOrOff() {
    Map<String, Boolean> words = new LinkedHashMap<>();
    words.put("auto", true);
    words.put("off", false);
    return words;
  }

  private static Map<String, Http2> http2() {
    Map<String, Http2> words = new LinkedHashMap<>();
    words.put("auto", Http2.AUTO);
    words.put("off", Http2.OFF);
    words.put("prior-knowledge", Http2.PRIOR_KNOWLEDGE);
    return words;
  }

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    kinds.put("hyperscaler", Kind.HYPERSCALER);
    kinds.put("edge", Kind.EDGE);
    kinds.put("bare-metal", Kind.BARE_METAL);
    kinds.put("community", Kind.COMMUNITY);
    return kinds;
  }
}
