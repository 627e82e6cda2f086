package io.fairlead.gateway.ops;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.ShareEntry;
import io.fairlead.routing.table.UpstreamStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One chain's part of the status page: a row for each upstream. */
final class ChainSection {
  private static final List<String> COLUMNS =
      List.of(
          "upstream",
          "cloud",
          "region",
          "tier",
          "weight",
          "share",
          "state",
          "head",
          "lag",
          "p50 ms",
          "p95 ms",
          "p99 ms",
          "in flight",
          "why");
  private static final String NONE = "–";

  private final RoutingTable table;
  private final MethodClass methodClass;
  private final Map<Upstream, LatencyRow> latency = new HashMap<>();

  ChainSection(RoutingTable table, List<LatencyRow> rows) {
    this.table = table;
    List<LatencyRow> ours =
        rows.stream().filter(row -> row.upstream().chain().equals(table.chain())).toList();
    this.methodClass = busiest(ours);
    ours.stream()
        .filter(row -> row.methodClass() == methodClass)
        .forEach(row -> latency.put(row.upstream(), row));
  }

  /** The class with most samples; reads while there are none. */
  private static MethodClass busiest(List<LatencyRow> rows) {
    MethodClass most = MethodClass.READ;
    double samples = 0;
    for (MethodClass each : MethodClass.ALL) {
      double sum =
          rows.stream()
              .filter(row -> row.methodClass() == each)
              .mapToDouble(LatencyRow::samples)
              .sum();
      if (sum > samples) {
        samples = sum;
        most = each;
      }
    }
    return most;
  }

  void write(Html html) {
    html.element("h2", table.chain());
    html.raw("<p class=\"note\">").text(summary()).raw("</p>\n");
    html.raw("<table>\n").header(COLUMNS);
    for (ShareEntry entry : table.entries(methodClass)) {
      html.row(style(entry), cells(entry));
    }
    html.raw("</table>\n");
  }

  private String summary() {
    OptionalLong head = table.headBlocks();
    return (table.isUsable() ? "serving" : "no upstream can serve")
        + (table.isPanic() ? ", panic: nobody is healthy, the least suspect serve" : "")
        + ", head "
        + (head.isPresent() ? head.getAsLong() : "unknown")
        + ", table "
        + table.version()
        + "; shares and latency of "
        + methodClass.label()
        + " calls";
  }

  private String style(ShareEntry entry) {
    if (!table.isServing(entry.upstream())) {
      return "out";
    }
    UpstreamStatus status = table.status(entry.upstream());
    return state(status).equals("healthy") ? "" : "part";
  }

  private List<String> cells(ShareEntry entry) {
    Upstream upstream = entry.upstream();
    UpstreamStatus status = table.status(upstream);
    List<String> cells = new ArrayList<>(COLUMNS.size());
    cells.add(upstream.id());
    cells.add(domain(upstream, FailureDomain.CLOUD));
    cells.add(domain(upstream, FailureDomain.REGION));
    cells.add(Integer.toString(upstream.spec().tier()));
    cells.add(weight(entry));
    cells.add(StatusPage.percent(entry.share()));
    cells.add(state(status));
    cells.add(number(status.headBlocks()));
    cells.add(lag(status));
    addQuantiles(cells, latency.get(upstream));
    cells.add(Integer.toString(upstream.inFlight()));
    cells.add(status.reason());
    return cells;
  }

  private static void addQuantiles(List<String> cells, @Nullable LatencyRow row) {
    if (row == null) {
      cells.addAll(List.of(NONE, NONE, NONE));
      return;
    }
    cells.add(millis(row.quantiles().p50Millis()));
    cells.add(millis(row.quantiles().p95Millis()));
    cells.add(millis(row.quantiles().p99Millis()));
  }

  private static String millis(double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String domain(Upstream upstream, String kind) {
    for (FailureDomain domain : upstream.spec().domains()) {
      if (domain.kind().equals(kind)) {
        return domain.name();
      }
    }
    return NONE;
  }

  private static String weight(ShareEntry entry) {
    for (ShareEntry.Factor factor : entry.factors()) {
      if (factor.name() == ShareEntry.Name.WEIGHT) {
        return String.format(Locale.ROOT, "%.0f", factor.value());
      }
    }
    return Integer.toString(entry.upstream().spec().weight());
  }

  /** The axes that are not as they should be; "healthy" when all are. */
  private static String state(UpstreamStatus status) {
    List<String> words = new ArrayList<>();
    if (status.administrative() != UpstreamStatus.Administrative.ACTIVE) {
      words.add(word(status.administrative()));
    }
    if (status.health() != UpstreamStatus.Health.HEALTHY) {
      words.add(word(status.health()));
    }
    if (status.freshness() != UpstreamStatus.Freshness.CURRENT) {
      words.add(
          status.freshness() == UpstreamStatus.Freshness.UNKNOWN
              ? "head unknown"
              : word(status.freshness()));
    }
    return words.isEmpty() ? "healthy" : String.join(", ", words);
  }

  private static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String number(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : NONE;
  }

  private String lag(UpstreamStatus status) {
    if (status.headBlocks().isEmpty() || table.headBlocks().isEmpty()) {
      return NONE;
    }
    long lag = table.headBlocks().getAsLong() - status.headBlocks().getAsLong();
    return Long.toString(Math.max(0, lag));
  }
}
