package io.fairlead.gateway.config;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.MapType;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys of a chain's methods: which are offered, and what the method data does not know. */
final class MethodKeys {
  private static final MapType.Names METHOD_NAMES =
      new MapType.Names(
          MethodRules.PATTERN, "a method's name, or its beginning and *, like \"acme_*\"", false);

  private static final Key<Optional<String>> CLASS =
      words(
          "class",
          List.of("light", "read", "logs", "trace", "write"),
          "With which methods its cost and latency are counted.");
  private static final Key<Optional<Boolean>> REPEATABLE =
      Key.optional(
          "repeatable",
          Scalars.flag(),
          "Whether sending a call twice does no more than sending it once.");
  private static final Key<Optional<String>> HEAD =
      Key.optional(
          "head",
          Scalars.text(
              Pattern.compile("never|always|block:[0-3]\\??|range:[0-3]"),
              "never, always, block:N, block:N? or range:N, N from 0 to 3"),
          "How the answer depends on the newest block; N is the parameter, from 0, that names the"
              + " block, with ? if it may be left out, or that is a log filter.");
  private static final Key<Optional<String>> SHOWS =
      words(
          "shows",
          List.of("nothing", "result", "number", "blockNumber"),
          "Where a result says which block it is of.");
  private static final Key<Optional<String>> NEEDS =
      words(
          "needs",
          List.of(
              "nothing", "blocks", "transactions", "receipts", "logs", "state", "proofs", "traces"),
          "What an upstream must hold of the block.");
  private static final Key<Optional<String>> DISPATCH =
      words(
          "dispatch",
          List.of("any", "not-null"),
          "not-null: null may mean that the upstream does not have it yet, and another is asked.");
  private static final Key<Optional<String>> CACHE =
      words(
          "cache",
          List.of("none", "head", "final", "forever"),
          "For how long an answer holds: head until the next block, final for ever once its block"
              + " is finalized.");
  private static final Key<Optional<String>> ACCESS =
      words("access", List.of("open", "private"), "private: closed unless allow names it.");

  private static final Key<Optional<String>> ANSWER =
      words(
          "answer",
          List.of("brief", "any"),
          "brief: a cheap look-up with a short answer, so that calls may share a connection.");

  private static final Section<Map<String, String>> DEFINITION =
      Section.of(
          List.of(CLASS, REPEATABLE, HEAD, SHOWS, NEEDS, DISPATCH, CACHE, ACCESS, ANSWER),
          MethodKeys::columns);

  private static final Key<Map<String, MethodDefinition>> DEFINE =
      Key.of(
          "define",
          MapType.named(METHOD_NAMES, 0, DEFINITION, MethodDefinition::new),
          "{}",
          "Methods that the gateway does not know, or knows otherwise.");

  /** The methods of a chain. */
  static final Section<ChainMethods> CHAIN_METHODS =
      Section.of(
          List.of(FieldTypes.ALLOW, FieldTypes.DENY, DEFINE),
          v ->
              new ChainMethods(
                  new MethodRules(v.get(FieldTypes.ALLOW), v.get(FieldTypes.DENY)),
                  List.copyOf(v.get(DEFINE).values())));

  private MethodKeys() {}

  /** Which methods a chain offers, and what its operator says of methods. */
  record ChainMethods(MethodRules rules, List<MethodDefinition> defined) {}

  private static Key<Optional<String>> words(String name, List<String> words, String doc) {
    Map<String, String> map = new LinkedHashMap<>();
    words.forEach(word -> map.put(word, word.equals("nothing") ? "-" : word));
    return Key.optional(name, Scalars.word(map), doc);
  }

  private static Map<String, String> columns(Values v) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Key<Optional<String>> key : List.of(CLASS, HEAD, SHOWS, NEEDS, DISPATCH, CACHE, ACCESS)) {
      v.get(key).ifPresent(word -> columns.put(key.name(), word));
    }
    v.get(REPEATABLE).ifPresent(is -> columns.put(REPEATABLE.name(), is ? "yes" : "no"));
    return columns;
  }
}
