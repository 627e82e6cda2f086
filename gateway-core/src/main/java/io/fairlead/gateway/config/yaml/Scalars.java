package io.fairlead.gateway.config.yaml;

import io.fairlead.gateway.config.yaml.YamlNode.Scalar.Tag;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The single values that a file may hold: words, numbers, durations, sizes, shares. */
public final class Scalars {
  /** A text with a reference, which no schema can look into. */
  static final Map<String, Object> REFERENCE = ordered("type", "string", "pattern", "\\$\\{");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Map<String, Duration> TIME_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(B|KiB|MiB|GiB)?");
  private static final Map<String, Integer> SIZE_SHIFTS =
      Map.of("", 0, "B", 0, "KiB", 10, "MiB", 20, "GiB", 30);
  private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
  private static final BigDecimal PERCENT = new BigDecimal(100);

  private Scalars() {}

  /**
   * A text by a pattern.
   *
   * @param pattern all of the text
   * @param expected the rule in words
   * @return the type
   */
  public static ScalarType<String> text(Pattern pattern, String expected) {
    return ScalarType.of(
        new ScalarType.Rule(expected, string(pattern.pattern())),
        EnumSet.of(Tag.TEXT),
        text -> pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty());
  }

  /**
   * One of some words.
   *
   * @param words what each stands for, in the order to name them
   * @param <T> what a word becomes
   * @return the type
   */
  public static <T> ScalarType<T> word(Map<String, T> words) {
    return word(words, "one of " + String.join(", ", words.keySet()));
  }

  /**
   * One of some words.
   *
   * @param words what each stands for, in the order to name them
   * @param expected the rule in words
   * @param <T> what a word becomes
   * @return the type
   */
  public static <T> ScalarType<T> word(Map<String, T> words, String expected) {
    Map<String, T> copy = new LinkedHashMap<>(words);
    Map<String, Object> schema = Map.of("enum", List.copyOf(copy.keySet()));
    ScalarType.Rule rule = new ScalarType.Rule(expected, schema);
    return ScalarType.of(rule, EnumSet.of(Tag.TEXT), text -> Optional.ofNullable(copy.get(text)))
        .suggesting(copy.keySet());
  }

  /**
   * A truth value.
   *
   * @return the type
   */
  public static ScalarType<Boolean> flag() {
    Map<String, Boolean> words = Map.of("true", true, "false", false);
    return ScalarType.of(
        new ScalarType.Rule("true or false", Map.of("type", "boolean")),
        EnumSet.of(Tag.FLAG),
        text -> Optional.ofNullable(words.get(text)));
  }

  /**
   * A whole number.
   *
   * @param min the least
   * @param max the most
   * @return the type
   */
  public static ScalarType<Integer> whole(int min, int max) {
    return ScalarType.of(
        new ScalarType.Rule(min + " to " + max, range("integer", min, max)),
        EnumSet.of(Tag.WHOLE),
        text -> wholeOf(text).filter(n -> n >= min && n <= max).map(Math::toIntExact));
  }

  /**
   * A number.
   *
   * @param min the least
   * @param max the most
   * @return the type
   */
  public static ScalarType<Double> number(int min, int max) {
    return ScalarType.of(
        new ScalarType.Rule("a number from " + min + " to " + max, range("number", min, max)),
        EnumSet.of(Tag.WHOLE, Tag.NUMBER),
        text ->
            Optional.of(text)
                .filter(t -> NUMBER.matcher(t).matches())
                .map(Double::valueOf)
                .filter(n -> n >= min && n <= max));
  }

  /**
   * A duration.
   *
   * @param min the least, as it is written
   * @param max the most, as it is written
   * @return the type
   */
  public static ScalarType<Duration> duration(String min, String max) {
    Duration least = durationOf(min).orElseThrow();
    Duration most = durationOf(max).orElseThrow();
    String expected = "a duration from " + min + " to " + max + ", like 250ms, 2s or 1m";
    return ScalarType.of(
        new ScalarType.Rule(expected, string(DURATION.pattern())),
        EnumSet.of(Tag.TEXT),
        text -> durationOf(text).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0));
  }

  /**
   * A size in bytes.
   *
   * @param min the least, as it is written
   * @param max the most, as it is written
   * @return the type
   */
  public static ScalarType<Long> size(String min, String max) {
    long least = sizeOf(min).orElseThrow();
    long most = sizeOf(max).orElseThrow();
    Map<String, Object> number = range("integer", least, most);
    return ScalarType.of(
        new ScalarType.Rule(
            "a size from " + min + " to " + max + ", like 64KiB or 256MiB",
            Map.of("anyOf", List.of(string(SIZE.pattern()), number))),
        EnumSet.of(Tag.TEXT, Tag.WHOLE),
        text -> sizeOf(text).filter(n -> n >= least && n <= most));
  }

  /**
   * A share.
   *
   * @param min the least, as it is written
   * @return 0 to 1
   */
  public static ScalarType<Double> share(String min) {
    double least = shareOf(min).orElseThrow();
    return ScalarType.of(
        new ScalarType.Rule("a share from " + min + " to 100%", string(SHARE.pattern())),
        EnumSet.of(Tag.TEXT),
        text -> shareOf(text).filter(s -> s >= least && s <= 1));
  }

  private static Optional<Long> wholeOf(String text) {
    return WHOLE.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  /**
   * Reads a duration wherever one is written, on a command line too.
   *
   * @param text like {@code 250ms}, {@code 2s}, {@code 1m}
   * @return the duration, or empty if the text is none
   */
  public static Optional<Duration> durationOf(String text) {
    Matcher m = DURATION.matcher(text);
    return m.matches()
        ? Optional.ofNullable(TIME_UNITS.get(m.group(2)))
            .map(unit -> unit.multipliedBy(Long.parseLong(m.group(1))))
        : Optional.empty();
  }

  private static Optional<Long> sizeOf(String text) {
    Matcher m = SIZE.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    int shift = SIZE_SHIFTS.getOrDefault(Optional.ofNullable(m.group(2)).orElse(""), 0);
    long number = Long.parseLong(m.group(1));
    return number > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(number << shift);
  }

  private static Optional<Double> shareOf(String text) {
    Matcher m = SHARE.matcher(text);
    return m.matches()
        ? Optional.of(new BigDecimal(m.group(1)).divide(PERCENT).doubleValue())
        : Optional.empty();
  }

  /** A schema for texts that match as a whole. */
  public static Map<String, Object> string(String pattern) {
    return ordered("type", "string", "pattern", anchored(pattern));
  }

  static String anchored(String pattern) {
    return "^(?:" + pattern + ")$";
  }

  private static Map<String, Object> range(String type, long min, long max) {
    Map<String, Object> schema = ordered("type", type, "minimum", min);
    schema.put("maximum", max);
    return schema;
  }

  /**
   * A schema of two entries in this order.
   *
   * @param k1 the first key
   * @param v1 its value
   * @param k2 the second key
   * @param v2 its value
   * @return a map that may grow
   */
  public static Map<String, Object> ordered(String k1, Object v1, String k2, Object v2) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(k1, v1);
    map.put(k2, v2);
    return map;
  }
}
