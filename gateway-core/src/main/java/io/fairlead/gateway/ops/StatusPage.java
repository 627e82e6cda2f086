package io.fairlead.gateway.ops;

import io.fairlead.gateway.control.StampedEvent;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.table.RoutingTable;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The page at {@code /}: where traffic goes now and why it moved, in plain HTML. */
final class StatusPage {
  private static final int EVENTS = 50;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ISO_LOCAL_TIME.withZone(ZoneOffset.UTC);
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="refresh" content="2">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Fairlead</title>
      <style>
      body { font: 14px/1.4 system-ui, sans-serif; margin: 1.5em; color: #222; background: #fff }
      table { border-collapse: collapse; margin: .5em 0 1.5em }
      th, td { text-align: left; padding: .15em .7em; border-bottom: 1px solid #ddd;
        font-variant-numeric: tabular-nums; vertical-align: top }
      th { font-weight: 600; border-bottom-color: #888 }
      .out td { color: #a11 } .part td { color: #850 } .note { color: #666 }
      </style></head><body>
      """;

  private final OpsView view;

  StatusPage(OpsView view) {
    this.view = view;
  }

  Page toPage() {
    Html html = new Html().raw(HEAD);
    html.element("h1", "Fairlead " + view.version());
    if (view.isDraining()) {
      html.element("p", "Going down: no new traffic is taken.");
    }
    Collection<RoutingTable> tables = view.tables();
    if (tables.isEmpty()) {
      html.element("p", "Starting.");
    }
    List<LatencyRow> latency = view.latency();
    tables.forEach(table -> new ChainSection(table, latency).write(html));
    writeEvents(html);
    return Page.html(html.raw("</body></html>\n").toString());
  }

  private void writeEvents(Html html) {
    List<StampedEvent> events = new ArrayList<>(view.recentEvents(EVENTS));
    Collections.reverse(events);
    html.element("h2", "Why traffic moved");
    if (events.isEmpty()) {
      html.element("p", "Nothing has happened yet.");
      return;
    }
    html.raw("<table>\n")
        .header(List.of("UTC", "chain", "event", "subject", "share", "reason", "by"));
    events.forEach(event -> html.row("", cells(event)));
    html.raw("</table>\n");
  }

  private static List<String> cells(StampedEvent stamped) {
    RoutingEvent event = stamped.event();
    return List.of(
        TIME.format(stamped.at().truncatedTo(ChronoUnit.MILLIS)),
        event.chain(),
        event.kind().label().replace('_', ' '),
        event.subject(),
        percent(event.shareBefore()) + " → " + percent(event.shareAfter()),
        event.reason(),
        event.author());
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
