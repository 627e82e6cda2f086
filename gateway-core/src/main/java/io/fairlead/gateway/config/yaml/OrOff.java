package io.fairlead.gateway.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A value, or the word {@code off} for none.
 *
 * @param type the value's type
 * @param <T> what the value becomes
 */
public record OrOff<T>(ValueType<T> type) implements ValueType<Optional<T>> {
  private static final String OFF = "off";

  @Override
  public Optional<T> read(YamlNode node, Reading at) {
    if (node instanceof YamlNode.Scalar scalar && scalar.tag() != YamlNode.Scalar.Tag.NULL) {
      Interpolator.Text text = at.text(scalar);
      if (text != null && !text.value().equals(OFF)) {
        at.refuse(node, Reading.show(text.value(), text.foreign()), expected());
      }
      return Optional.empty();
    }
    if (node instanceof YamlNode.Mapping) {
      return Optional.ofNullable(type.read(node, at));
    }
    at.refuseSort(node, expected());
    return Optional.empty();
  }

  @Override
  public String expected() {
    return "off or " + type.expected();
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("anyOf", List.of(Map.of("const", OFF), Scalars.REFERENCE, type.schema()));
    return schema;
  }

  @Override
  public Stream<KeyDoc> keyDocs(String path) {
    return type.keyDocs(path);
  }
}
