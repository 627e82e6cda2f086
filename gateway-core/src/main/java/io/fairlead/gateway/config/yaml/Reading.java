package io.fairlead.gateway.config.yaml;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader stands in a document: the path of keys, and where findings go.
 *
 * <p>Messages have the form {@code field: value (expected: rule)}. A value that came from a
 * reference, wholly or in part, and a secret one are shown as {@code ***}.
 */
public final class Reading {
  private static final int MAX_SHOWN = 60;

  private final Interpolator interpolator;
  private final Findings findings;
  private final String path;

  private Reading(Interpolator interpolator, Findings findings, String path) {
    this.interpolator = interpolator;
    this.findings = findings;
    this.path = path;
  }

  /** The top of a document. */
  static Reading top(Interpolator interpolator, Findings findings) {
    return new Reading(interpolator, findings, "");
  }

  /**
   * One key down.
   *
   * @param name the key
   * @return the place of its value
   */
  public Reading key(String name) {
    return new Reading(interpolator, findings, path.isEmpty() ? name : path + "." + name);
  }

  /**
   * One item down.
   *
   * @param index from 0
   * @return the place of the item
   */
  public Reading item(int index) {
    return new Reading(interpolator, findings, path + "[" + index + "]");
  }

  /** The scalar's text with references replaced, or null after a finding. */
  Interpolator.@Nullable Text text(YamlNode.Scalar scalar) {
    return interpolator.resolve(scalar, this);
  }

  /**
   * A node's text with references replaced.
   *
   * @param node the node
   * @return the text; empty if the node is no scalar, and after a finding
   */
  public Optional<String> textOf(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar
        ? Optional.ofNullable(text(scalar)).map(Interpolator.Text::value)
        : Optional.empty();
  }

  /**
   * Whether nothing was found so far, here or elsewhere.
   *
   * @return true when all is well
   */
  public boolean isClean() {
    return findings.isEmpty();
  }

  /**
   * Says that the field here is wrong.
   *
   * @param position where
   * @param what the value or what is the matter with it, and what is expected
   */
  public void report(Position position, String what) {
    findings.add(position, (path.isEmpty() ? "file" : path) + ": " + what);
  }

  /**
   * Says that the field here is odd, though no reason to refuse the document.
   *
   * @param position where
   * @param what the value or what is the matter with it, and what is expected
   */
  public void warn(Position position, String what) {
    findings.warn(position, path + ": " + what);
  }

  /**
   * Says that the field here has a value that breaks the rule.
   *
   * @param node where
   * @param shown the value, fit to be shown
   * @param expected the rule
   */
  public void refuse(YamlNode node, String shown, String expected) {
    report(node.position(), shown + " (expected: " + expected + ")");
  }

  /** Says that the field here is of another sort than expected; a scalar itself is not shown. */
  void refuseSort(YamlNode node, String expected) {
    refuse(node, sort(node), expected);
  }

  private static String sort(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.tag() == YamlNode.Scalar.Tag.NULL ? "empty" : "a single value";
    }
    return node instanceof YamlNode.Mapping ? "a section" : "a list";
  }

  /** A value for a message: short, in one line, and hidden when it may be secret. */
  static String show(String value, boolean hidden) {
    if (hidden) {
      return "***";
    }
    if (value.isEmpty()) {
      return "empty";
    }
    StringBuilder shown = new StringBuilder();
    value
        .codePoints()
        .limit(MAX_SHOWN)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.length() < value.length() ? shown + "..." : shown.toString();
  }
}
