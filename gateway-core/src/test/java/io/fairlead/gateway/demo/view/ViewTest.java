package io.fairlead.gateway.demo.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.demo.load.LoadFigures;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of what the demo shows, as golden text. */
class ViewTest {
  private static final Timeline TIMELINE = Timeline.of("aws", Duration.ofSeconds(45));
  private static final LoadFigures LOAD =
      new LoadFigures(
          counts(4_912, 0, 0, 3.14, 41.4, 88),
          counts(398, 0, 0, 3.06, 12_345, 20_000),
          List.of(
              counts(3_200, 0, 0, 3.1, 41, 88),
              counts(1_712, 0, 0, 4.2, 55, 412),
              counts(0, 0, 0, 0, 0, 0)),
          3,
          List.of());

  private static LoadFigures.Counts counts(long calls, long failed, long wrong, double... latency) {
    return new LoadFigures.Counts(
        calls, failed, wrong, new LoadFigures.Latency(latency[0], latency[1], latency[2]));
  }

  private static Frame frame(double seconds, LoadFigures load) {
    return new Frame(
        seconds,
        TIMELINE,
        load,
        List.of(
            new Frame.Place("aws", "us-east-1", 0.0, 2, "black hole"),
            new Frame.Place("gcp", "europe-west4", 0.064, 25.4, ""),
            new Frame.Place("cloudflare", "edge", 0.936, 371, "")),
        List.of(new Frame.Event(10.31, "cloud:aws ejected: 14 attempts silent")));
  }

  private static String screen(double seconds, Style style) {
    return String.join("\n", ScreenView.render(frame(seconds, LOAD), style)) + '\n';
  }

  @Test
  void screenShowsSharesFiguresAndEvents() {
    assertEquals(
        """
        fairlead demo 12.3 s of 45.0 s · aws is a black hole

        aws             ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0.0 %     2/s black hole
          us-east-1     ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0.0 %     2/s
        gcp             ██░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   6.4 %    25/s
          europe-west4  ██░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   6.4 %    25/s
        cloudflare      █████████████████████████████░░    94 %   371/s
          edge          █████████████████████████████░░    94 %   371/s

         398/s  p50 3.1 ms  p99 12.3 s  failed 0  wrong 0  of 4,912  waiting 3

         10.3 s  cloud:aws ejected: 14 attempts silent







        """,
        screen(12.34, new Style(76, false, true)));
  }

  @Test
  void narrowScreenInAsciiKeepsWhatMatters() {
    assertEquals(
        """
        fairlead demo 30.0 s of 45.0 s - aws has

        aws             .......   0.0 %     2/s
          us-east-1     .......   0.0 %     2/s
        gcp             .......   6.4 %    25/s
          europe-west4  .......   6.4 %    25/s
        cloudflare      #######    94 %   371/s
          edge          #######    94 %   371/s

         398/s  p50 3.1 ms  p99 12.3 s  failed 0

         10.3 s  cloud:aws ejected: 14 attempts
                 silent
        """,
        screen(30, new Style(40, false, false)).replaceAll("\n+$", "\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 33, 40, 63, 64, 80, 110, 300})
  void noLineIsWiderThanTheScreenAndTheirNumberIsConstant(int width) {
    Style style = new Style(width, true, true);
    List<String> lines = ScreenView.render(frame(12, LOAD), style);
    assertEquals(19, lines.size());
    for (String line : lines) {
      String visible = line.replaceAll("\033\\[[0-9;]*m", "");
      assertTrue(visible.length() <= style.width(), visible);
    }
  }

  @Test
  void screenIsDrawnAgainInItsPlaceAndTheCursorComesBack() {
    StringWriter text = new StringWriter();
    ScreenView view = new ScreenView(new PrintWriter(text), new Style(80, false, true));
    view.onFrame(frame(1, LOAD));
    assertTrue(text.toString().startsWith("\033[?25l"));
    text.getBuffer().setLength(0);
    view.onFrame(frame(2, LOAD));
    assertTrue(text.toString().startsWith("\033[19A\r"));
    assertFalse(text.toString().contains("\033[?25h"));
    view.onEnd();
    assertTrue(text.toString().endsWith("\033[?25h"));
  }

  @Test
  void logHasALineASecondAndEachEventOnce() {
    StringWriter text = new StringWriter();
    LogView view = new LogView(new PrintWriter(text));
    for (double seconds : new double[] {12.01, 12.26, 12.51, 12.76, 13.01}) {
      view.onFrame(frame(seconds, LOAD));
    }
    String expected =
        """
         10.3 s  -- cloud:aws ejected: 14 attempts silent
         12.0 s  during   398/s  p50  3.1 ms  p99  12.3 s  failed 0  wrong 0  aws 0.0 %  gcp 6.4 %  cloudflare 94 %
         13.0 s  during   398/s  p50  3.1 ms  p99  12.3 s  failed 0  wrong 0  aws 0.0 %  gcp 6.4 %  cloudflare 94 %
        """;
    assertEquals(expected, text.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void recordIsCsv() {
    StringWriter text = new StringWriter();
    CsvView view = new CsvView(new PrintWriter(text));
    view.onFrame(frame(12.01, LOAD));
    view.onFrame(frame(44.26, LOAD));
    view.onEnd();
    assertEquals(
        """
        time_s,phase,calls,failed,wrong,calls_per_s,p50_ms,p99_ms,share_aws,share_gcp,share_cloudflare
        12.01,during,4912,0,0,398,3.060,12345.000,0.0000,0.0640,0.9360
        44.26,after,4912,0,0,398,3.060,12345.000,0.0000,0.0640,0.9360
        """,
        text.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void summarySaysWhatWasLostAndHowLongTheShiftTook() {
    Summary.Shift shift =
        new Summary.Shift(0.713, OptionalDouble.of(0.214), OptionalDouble.of(14.26));
    Summary summary = new Summary(frame(45, LOAD), shift);
    assertTrue(summary.isLossless());
    assertEquals(
        """
        calls       4,912, failed 0, wrong answers 0
        failure     at 10.0 s aws became a black hole; its share of new calls, 71 % before, was under 5 % after 214 ms
        healing     at 25.0 s it healed; its share was back at nine tenths after 14.3 s
        traffic now cloudflare 94 %, gcp 6.4 %, aws 0.0 %

        latency            p50       p99       max
          before        3.1 ms     41 ms     88 ms
          during        4.2 ms     55 ms    412 ms
          after     no calls
        """,
        String.join("\n", summary.lines()) + '\n');
  }

  @Test
  void summaryNamesFailedCallsAndWhatDidNotHappen() {
    LoadFigures lost =
        new LoadFigures(
            counts(9, 2, 1, 1, 1, 1),
            LOAD.lastSecond(),
            LOAD.stages(),
            0,
            List.of(new LoadFigures.Complaint(10_250_000_000L, "eth_call: HTTP 504")));
    Summary.Shift none = new Summary.Shift(0.5, OptionalDouble.empty(), OptionalDouble.empty());
    Summary summary = new Summary(frame(20, lost), none);
    assertFalse(summary.isLossless());
    String text = String.join("\n", summary.lines());
    assertTrue(text.contains("failed 2, wrong answers 1"), text);
    assertTrue(text.contains("50 % before, stayed over 5 %"), text);
    assertTrue(text.contains("healing     not reached"), text);
    assertTrue(text.endsWith("failed, due at 10.3 s: eth_call: HTTP 504"), text);
  }

  @Test
  void timelineKeepsItsProportions() {
    assertEquals(new Timeline("aws", 10, 25, 45), TIMELINE);
    Timeline quick = Timeline.of("aws", Duration.ofSeconds(9));
    assertEquals(new Timeline("aws", 2, 5, 9), quick);
    assertEquals(Phase.BEFORE, quick.phaseAt(1.999));
    assertEquals(Phase.DURING, quick.phaseAt(2));
    assertEquals(Phase.AFTER, quick.phaseAt(5));
  }
}
