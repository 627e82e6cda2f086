package io.fairlead.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.config.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Any text is a configuration or a list of problems inside the text that tells no secret. */
final class ConfigTarget implements FuzzTarget {
  private static final Path FILE = Path.of("fairlead.yaml");
  private static final String SECRET = "MARKED-SECRET";

  @Override
  public void take(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    if (text.contains(SECRET)) {
      return;
    }
    ConfigResult result = ConfigLoader.parse(FILE, text, Map.of("A", SECRET, "KEY", SECRET));
    assertFalse(result.toString().contains(SECRET), "a secret is shown");
    if (result instanceof ConfigResult.Refused refused) {
      assertFalse(refused.problems().isEmpty(), "refused without a word");
      check(refused.problems(), text);
    } else if (result instanceof ConfigResult.Loaded loaded) {
      check(loaded.warnings(), text);
    }
  }

  private static void check(List<Problem> problems, String text) {
    int lines = text.split("\r\n|\r|\n", -1).length;
    for (Problem problem : problems) {
      assertTrue(problem.line() >= 1 && problem.line() <= lines, problem.toString());
      assertTrue(problem.column() >= 1, problem.toString());
      assertFalse(problem.message().isBlank(), "no word");
    }
  }
}
