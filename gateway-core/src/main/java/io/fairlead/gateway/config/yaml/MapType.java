package io.fairlead.gateway.config.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values under names that the user chooses; wrong ones are left out after a finding.
 *
 * @param <V> what a value becomes, its name included if it is to know it
 */
public final class MapType<V> implements ValueType<Map<String, V>> {
  private final Names names;
  private final int minEntries;
  private final Entries<V> entries;

  /**
   * What a name may be.
   *
   * @param pattern all of a name
   * @param expected the rule in words
   * @param hidden whether a wrong name may show a secret
   */
  public record Names(Pattern pattern, String expected, boolean hidden) {}

  /** How the values are read. */
  private record Entries<V>(
      ValueType<?> type, BiFunction<YamlNode.Entry, Reading, @Nullable V> reader) {}

  private MapType(Names names, int minEntries, Entries<V> entries) {
    this.names = names;
    this.minEntries = minEntries;
    this.entries = entries;
  }

  /**
   * A map.
   *
   * @param names what a name may be
   * @param minEntries how many there must be
   * @param type the values' type
   * @param <V> what a value becomes
   * @return the map's type
   */
  public static <V> MapType<V> of(Names names, int minEntries, ValueType<V> type) {
    return new MapType<>(
        names, minEntries, new Entries<>(type, (entry, at) -> type.read(entry.value(), at)));
  }

  /**
   * A map whose values know their names.
   *
   * @param names what a name may be
   * @param minEntries how many there must be
   * @param type the values' type, before they know their names
   * @param naming gives a value its name
   * @param <U> what a value becomes first
   * @param <V> what it becomes then
   * @return the map's type
   */
  public static <U, V> MapType<V> named(
      Names names, int minEntries, ValueType<U> type, BiFunction<String, U, V> naming) {
    return new MapType<>(
        names,
        minEntries,
        new Entries<>(
            type,
            (entry, at) -> {
              U value = type.read(entry.value(), at);
              return value == null ? null : naming.apply(entry.key().text(), value);
            }));
  }

  /**
   * The values' type.
   *
   * @return before they know their names
   */
  public ValueType<?> valueType() {
    return entries.type();
  }

  @Override
  public @Nullable Map<String, V> read(YamlNode node, Reading at) {
    if (!(node instanceof YamlNode.Mapping map)) {
      at.refuseSort(node, expected());
      return null;
    }
    if (map.entries().size() < minEntries) {
      at.refuse(node, "empty", expected());
      return null;
    }
    Section.refuseRepeated(map, at, names.hidden());
    Map<String, V> values = new LinkedHashMap<>();
    for (YamlNode.Entry entry : map.entries()) {
      String name = entry.key().text();
      V value = isName(entry.key(), at) ? entries.reader().apply(entry, at.key(name)) : null;
      if (value != null) {
        values.put(name, value);
      }
    }
    return values.size() < minEntries ? null : values;
  }

  private boolean isName(YamlNode.Scalar key, Reading at) {
    if (names.pattern().matcher(key.text()).matches()) {
      return true;
    }
    at.refuse(key, Reading.show(key.text(), names.hidden()), names.expected());
    return false;
  }

  @Override
  public String expected() {
    return minEntries == 0 ? "a section of names and values" : "a section with at least one name";
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("propertyNames", Map.of("pattern", Scalars.anchored(names.pattern().pattern())));
    schema.put("additionalProperties", entries.type().schema());
    if (minEntries > 0) {
      schema.put("minProperties", minEntries);
    }
    return schema;
  }

  @Override
  public Stream<KeyDoc> keyDocs(String path) {
    return entries.type().keyDocs(path + ".NAME");
  }
}
