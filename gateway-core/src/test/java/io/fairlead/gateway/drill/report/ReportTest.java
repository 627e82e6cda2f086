package io.fairlead.gateway.drill.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.drill.file.DrillLoader;
import io.fairlead.gateway.drill.file.DrillResult;
import io.fairlead.gateway.drill.judge.Figure;
import io.fairlead.gateway.drill.judge.Measure;
import io.fairlead.gateway.drill.play.Contest;
import io.fairlead.gateway.drill.play.Contestants;
import io.fairlead.gateway.drill.play.Drill;
import io.fairlead.gateway.drill.play.Drill.Outcome;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

final class ReportTest {
  private static final String TEXT =
      """
      name: small
      title: A <b>region</b> & "all" of it
      notes: [ "a | b" ]
      topology:
        regions:
          - { cloud: aws, region: east, rtt: 2ms, upstreams: 2 }
          - { cloud: gcp, region: west, rtt: 10ms, upstreams: 2 }
      load: { rate: 200, classes: [ { class: light, share: 100%, mean: 1ms } ] }
      duration: 6s
      measureFrom: 1s
      timeline: [ { target: region:aws/east, fault: refuse, at: 2s, until: 4s } ]
      bars:
        - { figure: detected, most: 10s }
        - { figure: detected, most: 0ms, why: "nobody is that quick" }
      """;
  private static final Outcome OUTCOME = played();

  @Test
  void pageIsWellFormedAndRefersToNothingOutside() throws Exception {
    String html = HtmlReport.of(OUTCOME);
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Document page = factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    assertEquals(3, page.getElementsByTagName("svg").getLength());
    assertEquals(0, page.getElementsByTagName("b").getLength());
    Pattern outside = Pattern.compile("(src|href|url\\(|@import|<script|<link|https?:)");
    assertFalse(outside.matcher(html).find(), html);
  }

  @Test
  void pageSaysWhatWasPlayedAndHowToRepeatIt() {
    String html = HtmlReport.of(OUTCOME);
    assertTrue(html.contains("region:aws/east from 2 s to 4 s: refuses connections"), html);
    assertTrue(html.contains("./fairlead drill small.yaml --seeds 2 --policy round-robin"), html);
    assertTrue(html.contains("prefers-color-scheme: dark"), html);
    assertTrue(html.contains("name: small"), html);
  }

  @Test
  void tableHasTheFiguresOfTheScores() {
    String text = TextReport.of(OUTCOME);
    for (Figure figure : List.of(Figure.LOST, Figure.DETECTED, Figure.PROBES, Figure.OSCILLATION)) {
      String cell = figure.format(OUTCOME.own().get(Measure.of(figure)).median());
      assertTrue(text.contains("  " + cell), () -> figure + " " + cell + " in\n" + text);
    }
    assertTrue(text.contains("round-robin"), text);
    assertTrue(text.contains("detected <= 10.0 s"), text);
    assertTrue(text.contains("MISSED"), text);
  }

  @Test
  void resultsSayWhatWasMissedAndWhy() {
    String text = ResultsDocument.of(List.of(OUTCOME), "./fairlead drill --results x.md");
    assertTrue(text.contains("**1 of 2 bars are met.**"), text);
    assertTrue(text.contains("Missed, detected: nobody is that quick"), text);
    assertTrue(text.contains("./fairlead drill --results x.md"), text);
    assertEquals(text, ResultsDocument.of(List.of(played()), "./fairlead drill --results x.md"));
  }

  @Test
  void axisHasRoundTicksAndKeepsWhatIsBeyondAtItsEdge() {
    Axis linear = Axis.linear(83);
    assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0), linear.ticks());
    Axis log = Axis.log(3, 2000);
    assertEquals(List.of(1.0, 10.0, 100.0, 1000.0, 10000.0), log.ticks());
    assertEquals(0.5, log.place(100), 1e-9);
    assertEquals(0, log.place(0));
    assertEquals(1, linear.place(1000));
  }

  @Test
  void gridIsAlignedTextMarkdownAndHtml() {
    Grid grid = new Grid(List.of("a", "b"));
    grid.add(List.of("long|er", "<1"));
    assertEquals("a         b\nlong|er  <1\n", grid.toText());
    assertEquals("| a | b |\n|---|---:|\n| long\\|er | <1 |\n", grid.toMarkdown());
    assertTrue(grid.toHtml().contains("<td>&lt;1</td>"), grid.toHtml());
  }

  private static Outcome played() {
    DrillLoader loader = new DrillLoader(Contestants.baselines(), Map.of());
    DrillResult result = loader.parse(Path.of("small.yaml"), TEXT);
    return new Drill(new Contest(Runnable::run), loader, line -> {})
        .play(
            assertInstanceOf(DrillResult.Loaded.class, result, result::toString).file(),
            List.of(Contestants.FAIRLEAD, "round-robin"),
            2);
  }
}
