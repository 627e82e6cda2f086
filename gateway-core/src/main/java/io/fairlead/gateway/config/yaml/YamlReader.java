package io.fairlead.gateway.config.yaml;

import org.jspecify.annotations.Nullable;

/** Reads one YAML text by its declared type. */
public final class YamlReader {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private YamlReader() {}

  /**
   * Reads a text.
   *
   * @param text the text; a byte order mark before it is passed over
   * @param type what it declares
   * @param interpolator replaces references
   * @param findings gets what is wrong
   * @param <T> what it becomes
   * @return the value; null, or a value not to be used, after a finding
   */
  public static <T> @Nullable T read(
      String text, ValueType<T> type, Interpolator interpolator, Findings findings) {
    boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    YamlNode root = YamlTree.parse(marked ? text.substring(1) : text, findings);
    return root == null ? null : type.read(root, Reading.top(interpolator, findings));
  }
}
