package io.fairlead.gateway.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be shown: a token, a key, a header's value.
 *
 * <p>{@link #toString()} is {@code ***}. Equality takes the same time wherever two texts of one
 * length differ, so a token may be compared with it.
 */
public final class Secret {
  private static final String SHOWN = "***";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a text.
   *
   * @param value the text to hide
   * @return the secret
   */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /**
   * The text itself, for the wire alone: never for a log line, a label or a message.
   *
   * @return the hidden text
   */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Secret other && MessageDigest.isEqual(bytes(), other.bytes());
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return SHOWN;
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
