package io.fairlead.gateway.config;

import io.fairlead.gateway.config.yaml.Key;
import io.fairlead.gateway.config.yaml.ListType;
import io.fairlead.gateway.config.yaml.MapType;
import io.fairlead.gateway.config.yaml.ScalarType;
import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.config.yaml.Section;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.YamlNode.Scalar.Tag;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What single fields of a file may be. */
public final class FieldTypes {
  /** Fits into a path, a label and a command line; no {@code :} and no {@code /}. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final Pattern LOWER = Pattern.compile("[a-z]");
  private static final String NAME_RULE =
      "letters, digits, '.', '_' and '-', a letter or digit first, at most 100";

  /** A name that operators choose. */
  public static final ValueType<String> NAMED = Scalars.text(NAME, NAME_RULE);

  /** What a chain may be called. */
  static final MapType.Names CHAIN_NAMES =
      new MapType.Names(NAME, "a chain's name: " + NAME_RULE, false);

  /** The kinds of failure domains that are not labels; they bound traffic by name too. */
  static final List<String> DOMAIN_KINDS = List.of("cloud", "region", "vendor");

  /** What a label may be called: no kind of failure domain, no word of a target. */
  public static final MapType.Names LABEL_NAMES =
      new MapType.Names(
          Pattern.compile("(?!(?:cloud|region|vendor|chain|upstream)$)[A-Za-z][A-Za-z0-9_-]{0,31}"),
          "a label's name: a letter, then letters, digits, '_' and '-'; not cloud, region, vendor,"
              + " chain or upstream",
          false);

  /** What a failure domain's kind may be called. */
  static final MapType.Names KIND_NAMES =
      new MapType.Names(
          Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}"),
          "cloud, region, vendor or a label",
          false);

  /** Headers that the gateway writes itself, or that would change how a message is framed. */
  private static final String OWN_HEADERS =
      "accept-encoding|connection|content-encoding|content-length|content-type|expect|host"
          + "|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade";

  /** What a header may be called. */
  static final MapType.Names HEADER_NAMES =
      new MapType.Names(
          Pattern.compile("(?!(?:" + anyCase(OWN_HEADERS) + ")$)[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}"),
          "a header's name, and none that the gateway writes itself",
          true);

  /** A header's value. */
  static final ValueType<Secret> HEADER_VALUE =
      secret(Pattern.compile("[!-~](?:[ -~]{0,8190}[!-~])?"), "visible ASCII characters");

  /** A bearer token. */
  static final ValueType<Secret> TOKEN =
      secret(Pattern.compile("[A-Za-z0-9._~+/=-]{16,512}"), "16 to 512 letters, digits, ._~+/=-");

  /** An address to listen on. */
  static final ValueType<HostPort> HOST_PORT =
      ScalarType.of(
          new ScalarType.Rule(
              "host:port, like 127.0.0.1:8545 or [::1]:8545", Scalars.string("\\S+:[0-9]{1,5}")),
          EnumSet.of(Tag.TEXT),
          HostPort::parse);

  /** A port or a Unix domain socket to listen on. */
  static final ValueType<ListenAddress> LISTEN_ADDRESS =
      ScalarType.of(
          new ScalarType.Rule(
              "host:port, like 127.0.0.1:8545 or [::1]:8545, or unix:PATH",
              Scalars.string("\\S+:[0-9]{1,5}|unix:.+")),
          EnumSet.of(Tag.TEXT),
          ListenAddress::parse);

  /** IP addresses. */
  static final ValueType<AddressBlock> ADDRESS_BLOCK =
      ScalarType.of(
          new ScalarType.Rule(
              "an IP address or a block, like 10.0.0.0/8 or \"::1\"",
              Scalars.string("[0-9A-Fa-f:.]{2,45}(?:/[0-9]{1,3})?")),
          EnumSet.of(Tag.TEXT),
          AddressBlock::parse);

  /** A chain's id: EIP-2294 bounds it well within a long. */
  static final ValueType<OptionalLong> CHAIN_ID =
      ScalarType.of(
          new ScalarType.Rule(
              "1 to 9223372036854775771, decimal or 0x hexadecimal",
              Map.of(
                  "anyOf",
                  List.of(integerFromOne(), Scalars.string("0[xX][0-9A-Fa-f]{1,16}|[0-9]{1,19}")))),
          EnumSet.of(Tag.WHOLE, Tag.TEXT),
          FieldTypes::chainId);

  /** How many event loops. */
  static final ValueType<OptionalInt> LOOPS =
      ScalarType.of(
          new ScalarType.Rule(
              "auto or 1 to 1024", Map.of("anyOf", List.of(Map.of("const", "auto"), loops()))),
          EnumSet.of(Tag.WHOLE, Tag.TEXT),
          FieldTypes::loops);

  /** A percentile. */
  static final ValueType<Double> PERCENTILE =
      ScalarType.of(
          new ScalarType.Rule(
              "p50 to p99.9, like p95", Scalars.string("p[0-9]{2}(?:\\.[0-9]{1,3})?")),
          EnumSet.of(Tag.TEXT),
          FieldTypes::percentile);

  /** A folder. */
  static final ValueType<Path> FOLDER = path("a folder's path");

  /** A file. */
  public static final ValueType<Path> FILE = path("a file's path");

  /** Methods, by name or by its beginning. */
  static final ValueType<List<String>> PATTERNS =
      new ListType<>(
          Scalars.text(
              MethodRules.PATTERN, "a method's name, or its beginning and *, like \"debug_*\""),
          0);

  /** Methods that are open. */
  static final Key<List<String>> ALLOW =
      Key.of(
          "allow", PATTERNS, "[]", "Methods that are open, also those that are closed by default.");

  /** Methods that are closed. */
  static final Key<List<String>> DENY = Key.of("deny", PATTERNS, "[]", "Methods that are closed.");

  /** Rules for methods. */
  static final Section<MethodRules> METHODS =
      Section.of(List.of(ALLOW, DENY), v -> new MethodRules(v.get(ALLOW), v.get(DENY)));

  private FieldTypes() {}

  /** A URL with one of some schemes. */
  static ValueType<UpstreamUrl> url(Set<String> schemes, String expected) {
    String pattern = "(?:" + anyCase(String.join("|", new TreeSet<>(schemes))) + ")://\\S+";
    return ScalarType.of(
            new ScalarType.Rule(expected, Scalars.string(pattern)),
            EnumSet.of(Tag.TEXT),
            text -> UpstreamUrl.parse(text).filter(u -> schemes.contains(u.scheme())))
        .secret();
  }

  private static ValueType<Path> path(String expected) {
    return ScalarType.of(
        new ScalarType.Rule(expected, Scalars.ordered("type", "string", "minLength", 1)),
        EnumSet.of(Tag.TEXT),
        FieldTypes::pathOf);
  }

  private static ValueType<Secret> secret(Pattern pattern, String expected) {
    return ScalarType.of(
            new ScalarType.Rule(expected, Scalars.string(pattern.pattern())),
            EnumSet.of(Tag.TEXT),
            text ->
                pattern.matcher(text).matches() ? Optional.of(Secret.of(text)) : Optional.empty())
        .secret();
  }

  /** A pattern for words in any case, without the flags that only some dialects know. */
  private static String anyCase(String words) {
    return LOWER
        .matcher(words)
        .replaceAll(m -> "[" + m.group().toUpperCase(Locale.ROOT) + m.group() + "]");
  }

  private static Optional<OptionalLong> chainId(String text) {
    long max = 9_223_372_036_854_775_771L;
    try {
      boolean hex = text.toLowerCase(Locale.ROOT).startsWith("0x");
      long id = hex ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
      return id >= 1 && id <= max ? Optional.of(OptionalLong.of(id)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<OptionalInt> loops(String text) {
    if (text.equals("auto")) {
      return Optional.of(OptionalInt.empty());
    }
    return Optional.of(text)
        .filter(t -> t.matches("[0-9]{1,4}"))
        .map(Integer::valueOf)
        .filter(n -> n >= 1 && n <= 1024)
        .map(OptionalInt::of);
  }

  private static Optional<Double> percentile(String text) {
    return Optional.of(text)
        .filter(t -> t.matches("p[0-9]{2}(\\.[0-9]{1,3})?"))
        .map(t -> Double.parseDouble("0." + t.substring(1).replace(".", "")))
        .filter(q -> q >= 0.5 && q <= 0.999);
  }

  private static Optional<Path> pathOf(String text) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Map<String, Object> integerFromOne() {
    return integer(1, 9_223_372_036_854_775_771L);
  }

  private static Map<String, Object> loops() {
    return integer(1, 1024);
  }

  private static Map<String, Object> integer(long min, long max) {
    Map<String, Object> schema = Scalars.ordered("type", "integer", "minimum", min);
    schema.put("maximum", max);
    return schema;
  }
}
