package io.fairlead.gateway.config.yaml;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A part of a YAML document that knows where it stands. */
public sealed interface YamlNode {
  /**
   * Where it begins.
   *
   * @return line and column
   */
  Position position();

  /**
   * A text, number, truth value or nothing.
   *
   * @param position where it begins
   * @param text what it says, quotes and escapes resolved
   * @param raw how it is written
   * @param plain whether it stands without quotes
   */
  record Scalar(Position position, String text, String raw, boolean plain) implements YamlNode {
    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern FLAG = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern WHOLE =
        Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER =
        Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
                + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    /** What a scalar is by the rules of YAML 1.2. */
    public enum Tag {
      /** Nothing. */
      NULL,
      /** True or false. */
      FLAG,
      /** A whole number. */
      WHOLE,
      /** Another number. */
      NUMBER,
      /** Text. */
      TEXT
    }

    /**
     * What it is by the rules of YAML 1.2 (core schema); everything in quotes is text.
     *
     * @return the tag
     */
    public Tag tag() {
      if (!plain) {
        return Tag.TEXT;
      }
      if (NULL.matcher(text).matches()) {
        return Tag.NULL;
      }
      if (FLAG.matcher(text).matches()) {
        return Tag.FLAG;
      }
      if (WHOLE.matcher(text).matches()) {
        return Tag.WHOLE;
      }
      return NUMBER.matcher(text).matches() ? Tag.NUMBER : Tag.TEXT;
    }

    /**
     * A scalar that stands in no file.
     *
     * @param text what it says
     * @return the scalar, plain
     */
    public static Scalar of(String text) {
      return new Scalar(Position.START, text, text, true);
    }
  }

  /**
   * A list.
   *
   * @param position where it begins
   * @param items in the file's order
   */
  record Sequence(Position position, List<YamlNode> items) implements YamlNode {
    /** Copies the list. */
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /**
   * Keys with values.
   *
   * @param position where it begins
   * @param entries in the file's order; a key may come twice
   */
  record Mapping(Position position, List<Entry> entries) implements YamlNode {
    /** Copies the list. */
    public Mapping {
      entries = List.copyOf(entries);
    }

    /**
     * The value of a key.
     *
     * @param key the key
     * @return the first value under it
     */
    public Optional<YamlNode> find(String key) {
      return entries.stream().filter(e -> e.key().text().equals(key)).findFirst().map(Entry::value);
    }

    /**
     * Where a key's value begins, at any depth.
     *
     * @param path keys from here downwards
     * @return the deepest place on the path that is in the file
     */
    public Position locate(String... path) {
      YamlNode node = this;
      for (String key : path) {
        Optional<YamlNode> next = node instanceof Mapping m ? m.find(key) : Optional.empty();
        if (next.isEmpty()) {
          break;
        }
        node = next.get();
      }
      return node.position();
    }
  }

  /**
   * A key with its value.
   *
   * @param key the key
   * @param value what stands under it
   */
  record Entry(Scalar key, YamlNode value) {}
}
