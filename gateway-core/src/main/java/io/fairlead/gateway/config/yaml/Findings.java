package io.fairlead.gateway.config.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects what is wrong with a text while it is read. */
public final class Findings {
  private final List<Finding> findings = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();

  /**
   * One thing that is wrong, or odd.
   *
   * @param position where
   * @param message what, and what is expected
   */
  public record Finding(Position position, String message) implements Comparable<Finding> {
    @Override
    public int compareTo(Finding other) {
      int byPosition = position.compareTo(other.position);
      return byPosition != 0 ? byPosition : message.compareTo(other.message);
    }
  }

  /** Nothing found yet. */
  public Findings() {}

  void add(Position position, String message) {
    findings.add(new Finding(position, message));
  }

  void warn(Position position, String message) {
    warnings.add(new Finding(position, message));
  }

  /**
   * What is odd yet no reason to refuse the text.
   *
   * @return by position, each once
   */
  public List<Finding> warnings() {
    return sorted(warnings);
  }

  /**
   * Whether all is well so far.
   *
   * @return true when nothing was found
   */
  public boolean isEmpty() {
    return findings.isEmpty();
  }

  /**
   * All that was found.
   *
   * @return by position, each once
   */
  public List<Finding> sorted() {
    return sorted(findings);
  }

  private static List<Finding> sorted(List<Finding> some) {
    List<Finding> sorted = new ArrayList<>(some.stream().distinct().toList());
    Collections.sort(sorted);
    return sorted;
  }
}
