package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.yaml.Position;
import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.ValueType;
import io.fairlead.gateway.config.yaml.YamlNode;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A value that knows where it stands, for rules that need more than its own keys.
 *
 * @param value the value
 * @param node as it stands in the file
 * @param at where findings go
 * @param <T> the value's type
 */
record Located<T>(T value, YamlNode node, Reading at) {
  /**
   * A type whose values know where they stand.
   *
   * @param type the type without the place
   */
  static <T> ValueType<Located<T>> of(ValueType<T> type) {
    return new LocatedType<>(type);
  }

  /** Says that this value, or a key of it, breaks a rule. */
  void refuse(String key, String shown, String expected) {
    reading(key).report(position(key), shown + " (expected: " + expected + ")");
  }

  /** Whether a key of it is written. */
  boolean has(String key) {
    return node instanceof YamlNode.Mapping m && m.find(key).isPresent();
  }

  private Reading reading(String key) {
    return key.isEmpty() ? at : at.key(key);
  }

  private Position position(String key) {
    return node instanceof YamlNode.Mapping m ? m.locate(key) : node.position();
  }

  private record LocatedType<T>(ValueType<T> type) implements ValueType<Located<T>> {
    @Override
    public @Nullable Located<T> read(YamlNode node, Reading at) {
      T value = type.read(node, at);
      return value == null ? null : new Located<>(value, node, at);
    }

    @Override
    public String expected() {
      return type.expected();
    }

    @Override
    public Map<String, Object> schema() {
      return type.schema();
    }

    @Override
    public Stream<KeyDoc> keyDocs(String path) {
      return type.keyDocs(path);
    }
  }
}
