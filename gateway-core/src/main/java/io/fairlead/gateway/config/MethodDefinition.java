package io.fairlead.gateway.config;

import java.util.Map;

/**
 * What an operator says of a method, or of all methods with a beginning, instead of the method
 * data.
 *
 * @param name a method, or a beginning and {@code *}
 * @param columns words by the column of the method data that they replace; what is not named stays
 *     as it was
 */
public record MethodDefinition(String name, Map<String, String> columns) {
  /** Checks the name and copies the map. */
  public MethodDefinition {
    columns = Map.copyOf(columns);
    if (!MethodRules.PATTERN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "define: " + name + " (expected: a method name, or its beginning and *)");
    }
  }
}
