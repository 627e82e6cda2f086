package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.Problem;
import java.util.List;

/** What came of reading a scenario file. */
public sealed interface DrillResult {
  /**
   * The file is good.
   *
   * @param file what it says
   */
  record Loaded(DrillFile file) implements DrillResult {}

  /**
   * The file is refused.
   *
   * @param problems at least one, sorted by position
   */
  record Refused(List<Problem> problems) implements DrillResult {
    /** Copies the list. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
