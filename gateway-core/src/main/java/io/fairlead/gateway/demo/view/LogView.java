package io.fairlead.gateway.demo.view;

import io.fairlead.gateway.demo.load.LoadFigures;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** One line a second, and one for each event: for pipes and logs. */
public final class LogView implements DemoView {
  private final PrintWriter out;
  private int nextSecond;
  private int shownEvents;

  /**
   * A log that has no line yet.
   *
   * @param out where lines go
   */
  public LogView(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void onFrame(Frame frame) {
    for (; shownEvents < frame.events().size(); shownEvents++) {
      Frame.Event event = frame.events().get(shownEvents);
      out.println(Numbers.pad(Numbers.seconds(event.seconds()), 7) + "  -- " + event.text());
    }
    if (frame.seconds() >= nextSecond) {
      nextSecond = (int) frame.seconds() + 1;
      out.println(line(frame));
    }
    out.flush();
  }

  @Override
  public void onEnd() {
    out.flush();
  }

  static String line(Frame frame) {
    LoadFigures.Counts now = frame.load().lastSecond();
    LoadFigures.Counts total = frame.load().total();
    StringJoiner text = new StringJoiner("  ");
    text.add(Numbers.pad(Numbers.seconds(frame.seconds()), 7));
    text.add(Numbers.pad(frame.phase().label(), -6));
    text.add(Numbers.pad(Numbers.rate((double) now.calls()), 6));
    text.add("p50 " + Numbers.pad(Numbers.millis(now.latency().p50Millis()), 7));
    text.add("p99 " + Numbers.pad(Numbers.millis(now.latency().p99Millis()), 7));
    text.add("failed " + total.failed());
    text.add("wrong " + total.wrong());
    shares(frame).forEach((cloud, share) -> text.add(cloud + ' ' + Numbers.percent(share)));
    return text.toString();
  }

  /** Shares by cloud, in the order of the places. */
  static Map<String, Double> shares(Frame frame) {
    Map<String, Double> shares = new LinkedHashMap<>();
    frame.places().forEach(place -> shares.merge(place.cloud(), place.share(), Double::sum));
    return shares;
  }
}
