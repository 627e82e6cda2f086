package io.fairlead.gateway.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which methods a chain offers or an upstream serves, by patterns.
 *
 * <p>A pattern is a method's name, or the beginning of names followed by {@code *}. Of all patterns
 * that match a name the longest decides; between equal ones {@code deny} does. So {@code allow:
 * [debug_traceTransaction], deny: ["debug_*"]} opens one method, and {@code allow:
 * [eth_sendRawTransaction], deny: ["*"]} leaves only one.
 *
 * @param allow patterns of methods that are open, also if they are closed by default
 * @param deny patterns of methods that are closed
 */
public record MethodRules(List<String> allow, List<String> deny) {
  /** No rule: every method has its default. */
  public static final MethodRules NONE = new MethodRules(List.of(), List.of());

  static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_.]{1,128}\\*?|\\*");

  /** What the rules say of one method. */
  public enum Verdict {
    /** A pattern of {@code allow} decides. */
    ALLOWED,
    /** A pattern of {@code deny} decides. */
    DENIED,
    /** No pattern matches: the method's default holds. */
    UNNAMED
  }

  /** Checks the patterns and copies the lists. */
  public MethodRules {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    allow.forEach(MethodRules::check);
    deny.forEach(MethodRules::check);
  }

  /**
   * What the rules say of a method.
   *
   * @param method the method's name
   * @return the verdict of the longest pattern that matches
   */
  public Verdict verdict(String method) {
    int allowed = longest(allow, method);
    int denied = longest(deny, method);
    if (allowed < 0 && denied < 0) {
      return Verdict.UNNAMED;
    }
    return allowed > denied ? Verdict.ALLOWED : Verdict.DENIED;
  }

  private static int longest(List<String> patterns, String method) {
    return patterns.stream()
        .filter(p -> matches(p, method))
        .mapToInt(MethodRules::rank)
        .max()
        .orElse(-1);
  }

  private static boolean matches(String pattern, String method) {
    return pattern.endsWith("*")
        ? method.startsWith(pattern.substring(0, pattern.length() - 1))
        : method.equals(pattern);
  }

  /** A whole name beats every beginning, and a longer beginning a shorter one. */
  private static int rank(String pattern) {
    return pattern.endsWith("*") ? pattern.length() - 1 : Integer.MAX_VALUE;
  }

  private static void check(String pattern) {
    if (!PATTERN.matcher(pattern).matches()) {
      throw new IllegalArgumentException(
          "methods: " + pattern + " (expected: a method name, or its beginning and *)");
    }
  }
}
