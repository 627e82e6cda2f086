package io.fairlead.gateway.config;

import java.util.List;

/** What came of loading a configuration. */
public sealed interface ConfigResult {
  /**
   * Stands for the file, and for the variables and files it refers to: when it changes, loading
   * again may give something else. It is a hash over secrets: compare it, do not show it.
   *
   * @return hexadecimal digits
   */
  String digest();

  /**
   * The configuration is good.
   *
   * @param config the configuration
   * @param warnings what is odd in it, sorted by position
   * @param digest see {@link #digest()}
   */
  record Loaded(FairleadConfig config, List<Problem> warnings, String digest)
      implements ConfigResult {
    /** Copies the list. */
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The configuration is refused.
   *
   * @param problems at least one, sorted by position
   * @param digest see {@link #digest()}
   */
  record Refused(List<Problem> problems, String digest) implements ConfigResult {
    /** Copies the list. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
