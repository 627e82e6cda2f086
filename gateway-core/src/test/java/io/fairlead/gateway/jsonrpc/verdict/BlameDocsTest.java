package io.fairlead.gateway.jsonrpc.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of the catalogue of quirks is held by laws that are there. */
class BlameDocsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9, to]+) \\| .* \\|$");
  private static final Pattern LAW = Pattern.compile("`([A-Z][A-Za-z]+Test)\\.([a-zA-Z0-9]+)`");

  @Test
  void everyRowIsHeldByLawsThatAreThere() throws IOException {
    String page = Files.readString(ROOT.resolve("docs").resolve("ethereum-semantics.md"));
    Set<Integer> rows = new TreeSet<>();
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      addRows(row.group(1), rows);
      List<MatchResult> laws = LAW.matcher(row.group()).results().toList();
      assertTrue(!laws.isEmpty(), row.group());
      for (MatchResult law : laws) {
        String source = sourceOf(law.group(1));
        assertTrue(source.contains(" void " + law.group(2) + "("), law.group());
      }
    }
    Set<Integer> all = new TreeSet<>();
    for (int n = 1; n <= 25; n++) {
      all.add(n);
    }
    assertEquals(all, rows);
  }

  private static void addRows(String written, Set<Integer> rows) {
    String[] bounds = written.strip().split(" to ", -1);
    if (bounds.length == 2) {
      for (int n = Integer.parseInt(bounds[0]); n <= Integer.parseInt(bounds[1]); n++) {
        rows.add(n);
      }
      return;
    }
    for (String n : written.strip().split(", ", -1)) {
      rows.add(Integer.valueOf(n));
    }
  }

  private static String sourceOf(String test) {
    for (String module : List.of("gateway-core", "probes", "routing")) {
      Path tests = ROOT.resolve(module).resolve("src").resolve("test").resolve("java");
      try (Stream<Path> files = Files.walk(tests)) {
        for (Path file :
            files.filter(f -> f.getFileName().toString().equals(test + ".java")).toList()) {
          return Files.readString(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return "";
  }
}
