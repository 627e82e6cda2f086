package io.fairlead.gateway.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list of values of one type; wrong items are left out after a finding.
 *
 * @param item the items' type
 * @param minItems how many there must be
 * @param <T> what an item becomes
 */
public record ListType<T>(ValueType<T> item, int minItems) implements ValueType<List<T>> {
  @Override
  public @Nullable List<T> read(YamlNode node, Reading at) {
    if (!(node instanceof YamlNode.Sequence list)) {
      at.refuseSort(node, expected());
      return null;
    }
    if (list.items().size() < minItems) {
      at.refuse(node, "empty", expected());
      return null;
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      T value = item.read(list.items().get(i), at.item(i));
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() < minItems ? null : values;
  }

  @Override
  public String expected() {
    return minItems == 0 ? "a list" : "a list of at least " + minItems;
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "array");
    schema.put("items", item.schema());
    if (minItems > 0) {
      schema.put("minItems", minItems);
    }
    return schema;
  }

  @Override
  public Stream<KeyDoc> keyDocs(String path) {
    return item.keyDocs(path + "[]");
  }
}
