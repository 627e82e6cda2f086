package io.fairlead.gateway.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Declared keys that together make one value.
 *
 * <p>Reading it finds unknown and repeated keys, reads every declared key, then runs the section's
 * check, and makes the value if no required key failed.
 *
 * @param <T> what the section becomes
 */
public final class Section<T> implements ValueType<T> {
  private static final Pattern SHOWABLE_KEY = Pattern.compile("[A-Za-z][A-Za-z_-]{0,31}");

  private final List<Key<?>> keys;
  private final Function<Values, T> maker;
  private final Check check;

  /** A rule over several keys of a section. */
  @FunctionalInterface
  public interface Check {
    /** No rule. */
    Check NONE = (values, section, at) -> {};

    /**
     * Reports what is wrong.
     *
     * @param values the section's values; those of wrong keys are their defaults
     * @param section the section as it stands in the file
     * @param at where findings go
     */
    void run(Values values, YamlNode.Mapping section, Reading at);
  }

  private Section(List<Key<?>> keys, Function<Values, T> maker, Check check) {
    this.keys = List.copyOf(keys);
    this.maker = maker;
    this.check = check;
  }

  /**
   * A section.
   *
   * @param keys its keys, in the order to describe them
   * @param maker makes the value from the keys' values
   * @param <T> what the section becomes
   * @return the section
   */
  public static <T> Section<T> of(List<Key<?>> keys, Function<Values, T> maker) {
    return new Section<>(keys, maker, Check.NONE);
  }

  /**
   * This section with a rule over several keys.
   *
   * @param rule the rule
   * @return a copy
   */
  public Section<T> checkedBy(Check rule) {
    return new Section<>(keys, maker, rule);
  }

  @Override
  public @Nullable T read(YamlNode node, Reading at) {
    if (!(node instanceof YamlNode.Mapping section)) {
      at.refuseSort(node, expected());
      return null;
    }
    refuseRepeated(section, at, false);
    refuseUnknown(section, at);
    Values values = new Values();
    keys.forEach(key -> readKey(key, section, values, at));
    check.run(values, section, at);
    return keys.stream().allMatch(values::has) ? maker.apply(values) : null;
  }

  private static <V> void readKey(Key<V> key, YamlNode.Mapping section, Values values, Reading at) {
    values.put(key, key.read(section, at));
  }

  private void refuseUnknown(YamlNode.Mapping section, Reading at) {
    List<String> names = names();
    for (YamlNode.Entry entry : section.entries()) {
      String name = entry.key().text();
      if (!names.contains(name)) {
        Reading there = SHOWABLE_KEY.matcher(name).matches() ? at.key(name) : at.key("***");
        String rule = "one of " + String.join(", ", names) + Spelling.hint(name, names);
        there.refuse(entry.key(), "unknown key", rule);
      }
    }
  }

  /** Reports keys that come twice. */
  static void refuseRepeated(YamlNode.Mapping section, Reading at, boolean hideKeys) {
    Map<String, Integer> lines = new HashMap<>();
    for (YamlNode.Entry entry : section.entries()) {
      String name = entry.key().text();
      Integer first = lines.putIfAbsent(name, entry.key().position().line());
      if (first != null) {
        boolean hidden = hideKeys || !SHOWABLE_KEY.matcher(name).matches();
        at.key(Reading.show(name, hidden))
            .refuse(entry.key(), "given again", "once; it is on line " + first);
      }
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    keys.forEach(key -> names.add(key.name()));
    return names;
  }

  @Override
  public String expected() {
    return "a section with keys";
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    keys.forEach(key -> properties.put(key.name(), schema(key)));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    List<String> required = keys.stream().filter(Key::isRequired).map(Key::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> schema(Key<?> key) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", key.doc());
    schema.putAll(key.type().schema());
    key.defaultText().ifPresent(text -> schema.put("default", jsonDefault(text)));
    return schema;
  }

  private static Object jsonDefault(String text) {
    if (text.startsWith("[\"")) {
      return Key.listItems(text);
    }
    return switch (text) {
      case "{}" -> Map.of();
      case "[]" -> List.of();
      case "true", "false" -> Boolean.valueOf(text);
      default -> text.matches("[0-9]+") ? (Object) Long.valueOf(text) : text;
    };
  }

  @Override
  public Stream<KeyDoc> keyDocs(String path) {
    return keys.stream().flatMap(key -> keyDocs(path.isEmpty() ? "" : path + ".", key));
  }

  private static Stream<KeyDoc> keyDocs(String prefix, Key<?> key) {
    String path = prefix + key.name();
    String absence = key.isRequired() ? "required" : key.defaultText().orElse("none");
    KeyDoc own = new KeyDoc(path, key.type().expected(), absence, key.doc());
    return Stream.concat(Stream.of(own), key.type().keyDocs(path));
  }
}
