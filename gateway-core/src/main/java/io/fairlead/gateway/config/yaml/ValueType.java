package io.fairlead.gateway.config.yaml;

import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a key's value may be: how it is read, described and written as JSON Schema.
 *
 * @param <T> what it becomes
 */
public interface ValueType<T> {
  /**
   * Reads a node.
   *
   * @param node the node
   * @param at where it stands; gets what is wrong with it
   * @return the value, or null after at least one finding
   */
  @Nullable T read(YamlNode node, Reading at);

  /**
   * The rule in words.
   *
   * @return fits behind "expected:"
   */
  String expected();

  /**
   * The rule as JSON Schema (draft 2020-12).
   *
   * @return a schema object, keys in the order to write them
   */
  Map<String, Object> schema();

  /**
   * The keys within, for the reference.
   *
   * @param path where the value stands
   * @return each key before those within it
   */
  default Stream<KeyDoc> keyDocs(String path) {
    return Stream.empty();
  }

  /**
   * A line of the reference.
   *
   * @param path the key with those above it; {@code []} stands for an item, {@code NAME} for a name
   *     that the user chooses
   * @param expected what its value may be
   * @param absence its default as it would be written, or what its absence means
   * @param doc what it is for
   */
  record KeyDoc(String path, String expected, String absence, String doc) {}
}
