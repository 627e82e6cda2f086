package io.fairlead.gateway.config.yaml;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of one section, by key. */
public final class Values {
  private final Map<Key<?>, Object> values = new HashMap<>();

  Values() {}

  <T> void put(Key<T> key, @Nullable T value) {
    if (value != null) {
      values.put(key, value);
    }
  }

  boolean has(Key<?> key) {
    return values.containsKey(key);
  }

  /**
   * The value of a key of this section.
   *
   * @param key the key
   * @param <T> its type
   * @return the value
   * @throws IllegalStateException if the key has none: it is required and wrong, or of another
   *     section
   */
  public <T> T get(Key<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException(key.name() + ": no value"));
  }

  /**
   * The value of a key of this section, which may be wrong.
   *
   * @param key the key
   * @param <T> its type
   * @return the value, or empty if the key is required and wrong
   */
  @SuppressWarnings("unchecked") // put() keeps key and value of one type
  public <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable((T) values.get(key));
  }
}
