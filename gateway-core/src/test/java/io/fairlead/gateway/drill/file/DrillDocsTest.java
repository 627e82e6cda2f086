package io.fairlead.gateway.drill.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.yaml.ValueType.KeyDoc;
import io.fairlead.gateway.drill.judge.Figure;
import io.fairlead.gateway.drill.play.Contest;
import io.fairlead.gateway.drill.play.Contestants;
import io.fairlead.gateway.drill.play.Drill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the page on drills to the declarations. With {@code -Dupdate} it writes the table of keys
 * in {@code docs/drill.md} anew.
 */
final class DrillDocsTest {
  private static final Path PAGE = Path.of("..", "docs", "drill.md");
  private static final Pattern TABLE =
      Pattern.compile(
          "(?<=<!-- keys: written by DrillDocsTest -->\n).*?(?=<!-- /keys -->)", Pattern.DOTALL);
  private static final Pattern EXAMPLE =
      Pattern.compile("```yaml example\n(.*?)```", Pattern.DOTALL);

  @Test
  void exampleLoadsAndPlays() throws IOException {
    DrillLoader loader = new DrillLoader(Contestants.baselines(), Map.of());
    DrillResult result = loader.parse(PAGE, example());
    DrillFile file = assertInstanceOf(DrillResult.Loaded.class, result, result::toString).file();
    Drill.Outcome outcome =
        new Drill(new Contest(Runnable::run), loader, line -> {})
            .play(file, List.of(Contestants.FAIRLEAD), 1);
    assertEquals(3, outcome.judgements().size());
  }

  @Test
  void pageNamesEveryFigureAndBaseline() throws IOException {
    String page = Files.readString(PAGE);
    for (Figure figure : Figure.values()) {
      assertTrue(page.contains("`" + figure.label() + "`"), figure::label);
    }
    Contestants.baselines().forEach(name -> assertTrue(page.contains(name), name));
  }

  @Test
  void tableOfKeysIsTheOneTheDeclarationsGive() throws IOException {
    String page = Files.readString(PAGE);
    String expected = TABLE.matcher(page).replaceFirst(Matcher.quoteReplacement(table()));
    if (System.getProperty("update") != null) {
      Files.writeString(PAGE, expected);
    }
    assertEquals(expected, Files.readString(PAGE), "write it anew with -Dupdate");
  }

  private static String example() throws IOException {
    Matcher m = EXAMPLE.matcher(Files.readString(PAGE));
    assertTrue(m.find());
    return m.group(1);
  }

  private static String table() {
    Stream<String> head = Stream.of("| key | value | default | meaning |", "|---|---|---|---|");
    return Stream.concat(head, DrillKeys.FILE.keyDocs("").map(DrillDocsTest::row))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String row(KeyDoc key) {
    String absence =
        switch (key.absence()) {
          case "{}", "[]", "none", "\"\"" -> "";
          case "required" -> "required";
          default -> "`" + key.absence() + "`";
        };
    return Stream.of("`" + key.path() + "`", key.expected(), absence, key.doc())
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
