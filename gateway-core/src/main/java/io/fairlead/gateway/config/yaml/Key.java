package io.fairlead.gateway.config.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One key of a section: its name, its value's type, its default and what it is for.
 *
 * @param <T> what its value becomes
 */
public final class Key<T> {
  private final String name;
  private final ValueType<T> type;
  private final Optional<String> defaultText;
  private final Supplier<Optional<T>> fallback;
  private final String doc;

  private Key(
      String name,
      ValueType<T> type,
      Optional<String> defaultText,
      Supplier<Optional<T>> fallback,
      String doc) {
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.fallback = fallback;
    this.doc = doc;
  }

  /**
   * A key with a default.
   *
   * @param name the key
   * @param type its value's type
   * @param defaultText the default as it would be written in the file: a scalar, <code>{}</code>,
   *     {@code []} or a list of texts in quotes
   * @param doc what it is for, one sentence
   * @param <T> what its value becomes
   * @return the key
   */
  public static <T> Key<T> of(String name, ValueType<T> type, String defaultText, String doc) {
    return new Key<>(
        name, type, Optional.of(defaultText), () -> readDefault(type, defaultText), doc);
  }

  /**
   * A key that must be there.
   *
   * @param name the key
   * @param type its value's type
   * @param doc what it is for, one sentence
   * @param <T> what its value becomes
   * @return the key
   */
  public static <T> Key<T> required(String name, ValueType<T> type, String doc) {
    return new Key<>(name, type, Optional.empty(), Optional::empty, doc);
  }

  /**
   * A key that may be left out.
   *
   * @param name the key
   * @param type its value's type
   * @param doc what it is for, one sentence
   * @param <T> what its value becomes
   * @return the key
   */
  public static <T> Key<Optional<T>> optional(String name, ValueType<T> type, String doc) {
    return absent(name, new Present<>(type), Optional.empty(), doc);
  }

  /**
   * A key that may be left out, with a value for its absence that cannot be written.
   *
   * @param name the key
   * @param type its value's type
   * @param absence the value without it
   * @param doc what it is for, one sentence
   * @param <T> what its value becomes
   * @return the key
   */
  public static <T> Key<T> absent(String name, ValueType<T> type, T absence, String doc) {
    return new Key<>(name, type, Optional.empty(), () -> Optional.of(absence), doc);
  }

  /**
   * The key as it is written.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Its value's type.
   *
   * @return the type
   */
  public ValueType<T> type() {
    return type;
  }

  /**
   * What it is for.
   *
   * @return one sentence
   */
  public String doc() {
    return doc;
  }

  /**
   * The default as it would be written in the file.
   *
   * @return empty if the key is required, or may be left out without a default
   */
  public Optional<String> defaultText() {
    return defaultText;
  }

  /**
   * Whether the key must be there.
   *
   * @return true if its absence is a finding
   */
  public boolean isRequired() {
    return fallback.get().isEmpty();
  }

  /**
   * What the file gives for this key; what holds without it if it is absent or wrong, so that
   * reading goes on; null for a required key after a finding.
   */
  @Nullable T read(YamlNode.Mapping section, Reading at) {
    Optional<YamlNode> node = section.find(name);
    T value = node.isPresent() ? type.read(node.get(), at.key(name)) : null;
    if (node.isEmpty() && isRequired()) {
      at.key(name).refuse(section, "missing", type.expected());
    }
    return value != null ? value : fallback.get().orElse(null);
  }

  private static <T> Optional<T> readDefault(ValueType<T> type, String text) {
    YamlNode node =
        switch (text) {
          case "{}" -> new YamlNode.Mapping(Position.START, List.of());
          case "[]" -> new YamlNode.Sequence(Position.START, List.of());
          default -> text.startsWith("[") ? list(text) : YamlNode.Scalar.of(text);
        };
    Interpolator nowhere = new Interpolator(Map.of(), Path.of(""));
    return Optional.ofNullable(type.read(node, Reading.top(nowhere, new Findings())));
  }

  private static YamlNode list(String text) {
    List<YamlNode> items = new ArrayList<>();
    listItems(text).forEach(item -> items.add(YamlNode.Scalar.of(item)));
    return new YamlNode.Sequence(Position.START, items);
  }

  /** The items of a default such as {@code ["a", "b"]}, all of them in quotes. */
  static List<String> listItems(String text) {
    return List.of(text.substring(2, text.length() - 2).split("\", \"", -1));
  }

  /** A value that is there; its absence reads as empty. */
  private record Present<T>(ValueType<T> type) implements ValueType<Optional<T>> {
    @Override
    public Optional<T> read(YamlNode node, Reading at) {
      return Optional.ofNullable(type.read(node, at));
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
