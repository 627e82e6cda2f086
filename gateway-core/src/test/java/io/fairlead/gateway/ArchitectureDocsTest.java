package io.fairlead.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/architecture.md} names the packages that there are, and where to start in them. */
class ArchitectureDocsTest {
  private static final Path SOURCES = Path.of("src/main/java/io/fairlead/gateway");
  private static final Path PAGE = Path.of("../docs/architecture.md");
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  @Test
  void theTableNamesEveryPackage() throws IOException {
    assertEquals(packages(), new TreeSet<>(table().keySet()));
  }

  @Test
  void whereToStartIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    Map<String, List<String>> table = table();
    for (Map.Entry<String, List<String>> row : table.entrySet()) {
      for (String type : row.getValue()) {
        if (!Files.exists(
            SOURCES.resolve(row.getKey().replace('.', '/')).resolve(type + ".java"))) {
          missing.add(row.getKey() + "." + type);
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  private static Set<String> packages() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      Set<String> packages = new TreeSet<>();
      files
          .filter(file -> file.endsWith("package-info.java"))
          .filter(file -> !SOURCES.equals(file.getParent()))
          .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
          .forEach(packages::add);
      return packages;
    }
  }

  /** What stands under the heading: packages, and the types to start at. */
  private static Map<String, List<String>> table() throws IOException {
    Map<String, List<String>> table = new TreeMap<>();
    String page = Files.readString(PAGE);
    String part = page.substring(page.indexOf("## Packages of gateway-core"));
    for (String line : part.substring(0, part.indexOf("\n## ")).split("\n", -1)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 5 && cells[1].contains("`")) {
        words(cells[1]).forEach(name -> table.put(name, words(cells[3])));
      }
    }
    return table;
  }

  private static List<String> words(String cell) {
    return WORD.matcher(cell).results().map((MatchResult word) -> word.group(1)).toList();
  }
}
