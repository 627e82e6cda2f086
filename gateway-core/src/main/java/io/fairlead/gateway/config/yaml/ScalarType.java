package io.fairlead.gateway.config.yaml;

import io.fairlead.gateway.config.yaml.YamlNode.Scalar.Tag;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A single value that is read from its text.
 *
 * <p>A text from a reference is taken for whatever the rule wants. A text in quotes is text, and a
 * number without quotes is none, so that a file means the same to this reader and to other tools.
 *
 * @param <T> what it becomes
 */
public final class ScalarType<T> implements ValueType<T> {
  private final Rule rule;
  private final Function<String, Optional<T>> parser;
  private final Set<Tag> tags;
  private final boolean secret;
  private final Collection<String> words;

  /**
   * The rule, for people and for other programs.
   *
   * @param expected in words
   * @param schema as JSON Schema for a value without references
   */
  public record Rule(String expected, Map<String, Object> schema) {}

  private ScalarType(
      Rule rule,
      Function<String, Optional<T>> parser,
      Set<Tag> tags,
      boolean secret,
      Collection<String> words) {
    this.rule = rule;
    this.parser = parser;
    this.tags = tags;
    this.secret = secret;
    this.words = words;
  }

  /**
   * A single value.
   *
   * @param rule what it may be
   * @param tags what sorts of scalars are read
   * @param parser gives empty for a text that breaks the rule
   * @param <T> what it becomes
   * @return the type
   */
  public static <T> ScalarType<T> of(
      Rule rule, Set<Tag> tags, Function<String, Optional<T>> parser) {
    return new ScalarType<>(rule, parser, tags, false, List.of());
  }

  /**
   * This type with values that no message shows.
   *
   * @return a copy
   */
  public ScalarType<T> secret() {
    return new ScalarType<>(rule, parser, tags, true, words);
  }

  /** This type, suggesting the nearest of some words for a wrong one. */
  ScalarType<T> suggesting(Collection<String> candidates) {
    return new ScalarType<>(rule, parser, tags, secret, candidates);
  }

  @Override
  public @Nullable T read(YamlNode node, Reading at) {
    if (!(node instanceof YamlNode.Scalar scalar) || scalar.tag() == Tag.NULL) {
      at.refuseSort(node, rule.expected());
      return null;
    }
    Interpolator.Text text = at.text(scalar);
    if (text == null) {
      return null;
    }
    boolean hidden = secret || text.foreign();
    if (!text.foreign() && !tags.contains(scalar.tag())) {
      at.refuse(node, Reading.show(text.value(), hidden), rule.expected() + sortHint(scalar));
      return null;
    }
    T value = parser.apply(text.value()).orElse(null);
    if (value == null) {
      String hint = hidden ? "" : Spelling.hint(text.value(), words);
      at.refuse(node, Reading.show(text.value(), hidden), rule.expected() + hint);
    }
    return value;
  }

  /** How to write the same so that it is of the right sort, if it can be. */
  private String sortHint(YamlNode.Scalar scalar) {
    if (parser.apply(scalar.text()).isEmpty()) {
      return "";
    }
    return scalar.plain() ? ", in quotes" : ", without quotes";
  }

  @Override
  public String expected() {
    return rule.expected();
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("anyOf", List.of(rule.schema(), Scalars.REFERENCE));
    return schema;
  }
}
