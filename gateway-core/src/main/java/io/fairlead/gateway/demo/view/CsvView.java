package io.fairlead.gateway.demo.view;

import io.fairlead.gateway.demo.load.LoadFigures;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.StringJoiner;

/** The timeline as CSV, a row for each frame. */
public final class CsvView implements DemoView {
  private final PrintWriter out;
  private boolean hasHeader;

  /**
   * A file that has no row yet.
   *
   * @param out the file; closed at the end
   */
  public CsvView(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void onFrame(Frame frame) {
    if (!hasHeader) {
      hasHeader = true;
      StringJoiner header = new StringJoiner(",");
      header.add("time_s,phase,calls,failed,wrong,calls_per_s,p50_ms,p99_ms");
      LogView.shares(frame).keySet().forEach(cloud -> header.add("share_" + cloud));
      out.println(header);
    }
    out.println(row(frame));
  }

  @Override
  public void onEnd() {
    out.close();
  }

  private static String row(Frame frame) {
    LoadFigures.Counts total = frame.load().total();
    LoadFigures.Counts now = frame.load().lastSecond();
    StringJoiner row = new StringJoiner(",");
    row.add(number("%.2f", frame.seconds())).add(frame.phase().label());
    row.add("" + total.calls()).add("" + total.failed()).add("" + total.wrong());
    row.add("" + now.calls());
    row.add(number("%.3f", now.latency().p50Millis()));
    row.add(number("%.3f", now.latency().p99Millis()));
    LogView.shares(frame).values().forEach(share -> row.add(number("%.4f", share)));
    return row.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
