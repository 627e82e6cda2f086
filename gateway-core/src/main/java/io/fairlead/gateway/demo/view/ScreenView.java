package io.fairlead.gateway.demo.view;

import io.fairlead.gateway.demo.load.LoadFigures;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A screen on a terminal that is drawn again in its place. */
public final class ScreenView implements DemoView {
  private static final int LABEL_COLUMNS = 16;
  private static final int FIGURE_COLUMNS = 17;
  private static final int FAULT_COLUMNS = 12;
  private static final int WIDE = 64;
  private static final int EVENT_LINES = 8;
  private static final String HIDE_CURSOR = "\033[?25l\033[?7l";
  private static final String SHOW_CURSOR = "\033[?7h\033[?25h";
  private static final String CLEAR_TO_END = "\033[K";

  private final PrintWriter out;
  private final Style style;
  private int drawn;

  /**
   * A screen that is not drawn yet.
   *
   * @param out the terminal
   * @param style what it can show
   */
  public ScreenView(PrintWriter out, Style style) {
    this.out = out;
    this.style = style;
  }

  @Override
  public void onFrame(Frame frame) {
    List<String> lines = render(frame, style);
    StringBuilder text = new StringBuilder(4096);
    text.append(drawn == 0 ? HIDE_CURSOR : "\033[" + drawn + "A\r");
    for (String line : lines) {
      text.append(line).append(CLEAR_TO_END).append('\n');
    }
    drawn = lines.size();
    out.print(text);
    out.flush();
  }

  @Override
  public void onEnd() {
    out.print(drawn == 0 ? "" : SHOW_CURSOR);
    out.flush();
  }

  /** The lines of a frame; always equally many. */
  static List<String> render(Frame frame, Style style) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(frame, style));
    lines.add("");
    Map<String, List<Frame.Place>> clouds = new LinkedHashMap<>();
    frame.places().forEach(p -> clouds.computeIfAbsent(p.cloud(), c -> new ArrayList<>()).add(p));
    clouds.forEach((cloud, regions) -> addCloud(cloud, regions, style, lines));
    lines.add("");
    lines.add(figures(frame.load(), style));
    lines.add("");
    List<String> events = new ArrayList<>();
    List<Frame.Event> newest = frame.events();
    newest.stream()
        .skip(Math.max(0, newest.size() - EVENT_LINES))
        .forEach(event -> addEvent(event, style, events));
    for (int i = 0; i < EVENT_LINES; i++) {
      int index = Math.max(0, events.size() - EVENT_LINES) + i;
      lines.add(index < events.size() ? events.get(index) : "");
    }
    return lines;
  }

  private static String headline(Frame frame, Style style) {
    Phase phase = frame.phase();
    Tone tone =
        switch (phase) {
          case BEFORE -> Tone.GOOD;
          case DURING -> Tone.BAD;
          case AFTER -> Tone.CHANGING;
        };
    String time =
        Numbers.pad(Numbers.seconds(frame.seconds()), 7)
            + " of "
            + Numbers.seconds(frame.timeline().endSeconds());
    return new Line(style)
        .add(Tone.STRONG, "fairlead demo")
        .add(Tone.PLAIN, time)
        .add(Tone.FAINT, " · ")
        .add(tone, frame.timeline().describe(phase))
        .toString();
  }

  private static void addCloud(
      String cloud, List<Frame.Place> regions, Style style, List<String> lines) {
    double share = regions.stream().mapToDouble(Frame.Place::share).sum();
    double rate = regions.stream().mapToDouble(Frame.Place::requestsPerSecond).sum();
    String fault = regions.get(0).fault();
    lines.add(row(Tone.STRONG, new Frame.Place(cloud, cloud, share, rate, fault), style));
    for (Frame.Place each : regions) {
      String name = "  " + each.region();
      double regionRate = each.requestsPerSecond();
      Frame.Place region = new Frame.Place(cloud, name, each.share(), regionRate, "");
      lines.add(row(Tone.FAINT, region, style));
    }
  }

  private static String row(Tone tone, Frame.Place place, Style style) {
    boolean isWide = style.width() >= WIDE;
    Line line = new Line(style).add(tone, Numbers.pad(place.region(), -LABEL_COLUMNS));
    int columns = line.room() - FIGURE_COLUMNS - (isWide ? FAULT_COLUMNS : 0);
    if (columns > 3) {
      String filled = Bar.filled(place.share(), columns, style.isUnicode());
      line.add(tone == Tone.FAINT ? Tone.FAINT : Tone.BAR, filled);
      line.add(Tone.FAINT, Bar.empty(columns - filled.length(), style.isUnicode()));
    }
    line.add(Tone.PLAIN, Numbers.pad(Numbers.percent(place.share()), 8));
    line.add(Tone.FAINT, Numbers.pad(Numbers.rate(place.requestsPerSecond()), 8));
    return line.add(Tone.BAD, place.fault().isEmpty() ? "" : " " + place.fault()).toString();
  }

  private static String figures(LoadFigures load, Style style) {
    LoadFigures.Counts now = load.lastSecond();
    LoadFigures.Counts total = load.total();
    return new Line(style)
        .add(Tone.STRONG, Numbers.pad(Numbers.rate((double) now.calls()), 6))
        .add(Tone.PLAIN, "  p50 " + Numbers.pad(Numbers.millis(now.latency().p50Millis()), -7))
        .add(Tone.PLAIN, " p99 " + Numbers.pad(Numbers.millis(now.latency().p99Millis()), -7))
        .add(total.failed() == 0 ? Tone.GOOD : Tone.BAD, " failed " + Numbers.count(total.failed()))
        .add(total.wrong() == 0 ? Tone.GOOD : Tone.BAD, "  wrong " + Numbers.count(total.wrong()))
        .add(Tone.FAINT, "  of " + Numbers.count(total.calls()))
        .add(Tone.FAINT, "  waiting " + Numbers.count(load.inFlight()))
        .toString();
  }

  /** An event in as many lines as its words take. */
  private static void addEvent(Frame.Event event, Style style, List<String> lines) {
    String time = Numbers.pad(Numbers.seconds(event.seconds()), 7) + "  ";
    int room = style.width() - time.length();
    String left = time;
    StringBuilder line = new StringBuilder();
    for (String word : event.text().split(" (?!%)", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
        lines.add(eventLine(left, line, style));
        left = " ".repeat(time.length());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(eventLine(left, line, style));
  }

  private static String eventLine(String left, CharSequence text, Style style) {
    return new Line(style).add(Tone.FAINT, left).add(Tone.PLAIN, text.toString()).toString();
  }
}
