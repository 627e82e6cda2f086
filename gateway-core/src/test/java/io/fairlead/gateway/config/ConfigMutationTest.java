package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.ConfigResult.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, loading gives a configuration or problems that stand inside the file. */
final class ConfigMutationTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final int MUTATIONS = 400;
  private static final String SCRAPS =
      "\n \t:,-[]{}\"'&*!|>#%@`?~$\\\u00e9\u0000\r\u2028\uD83D\uDE00x0";
  private static final List<String> INSERTS =
      List.of(
          "${",
          "${A}",
          "${file:x}",
          "$${",
          "&a ",
          "*a",
          "<<: ",
          "- ",
          "? ",
          "!!str ",
          "---\n",
          "|\n");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20_261_120})
  void mutatedFilesNeverThrow(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    String example = example();
    for (int i = 0; i < MUTATIONS; i++) {
      String text = mutated(example, random);
      String trial = "seed " + seed + ", mutation " + i + ":\n" + text;
      ConfigResult result = ConfigLoader.parse(PAGE, text, Map.of("A", "SECRET-VALUE"));
      if (result instanceof Refused refused) {
        assertFalse(refused.problems().isEmpty(), trial);
        refused.problems().forEach(p -> assertInside(p, text, trial));
        assertFalse(refused.toString().contains("SECRET-VALUE"), trial);
      }
    }
  }

  private static void assertInside(Problem problem, String text, String trial) {
    String[] lines = text.split("\r\n|\r|\n", -1);
    assertTrue(problem.line() >= 1 && problem.line() <= lines.length, problem + " in " + trial);
    String line = lines[problem.line() - 1];
    int last = line.codePointCount(0, line.length()) + 1;
    assertTrue(problem.column() >= 1 && problem.column() <= last, problem + " in " + trial);
  }

  private static String mutated(String text, SplittableRandom random) {
    StringBuilder out = new StringBuilder(text);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      out.append(out.isEmpty() ? "#" : "");
      int at = random.nextInt(out.length());
      int end = Math.min(out.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(6)) {
        case 0 -> out.delete(at, end);
        case 1 -> out.insert(at, SCRAPS.charAt(random.nextInt(SCRAPS.length())));
        case 2 -> out.setCharAt(at, SCRAPS.charAt(random.nextInt(SCRAPS.length())));
        case 3 -> out.insert(at, INSERTS.get(random.nextInt(INSERTS.size())));
        case 4 -> out.insert(random.nextInt(out.length()), out.substring(at, end));
        default -> out.setLength(Math.max(1, at));
      }
    }
    return out.toString();
  }

  private static String example() throws IOException {
    Matcher m =
        Pattern.compile("```yaml example\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertTrue(m.find());
    return m.group(1);
  }
}
