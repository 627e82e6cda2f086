package io.fairlead.gateway.metrics;

import io.fairlead.gateway.metrics.GaugeFamilies.Family;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import io.prometheus.client.Collector;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads what upstreams lack when somebody scrapes. Kinds of data are few and fixed, and of methods
 * only the number is told: no client mints a label.
 */
final class GapsCollector extends Collector {
  private static final Family OLDEST =
      new Family(
          "upstream_oldest_block",
          "The oldest block of which it holds a kind of data, where that is known.",
          "chain",
          "upstream",
          "cloud",
          "region",
          "kind");
  private static final Family METHODS =
      new Family(
          "upstream_missing_methods",
          "Methods that are not asked of it, as it has said that it lacks them.",
          "chain",
          "upstream",
          "cloud",
          "region");

  private final Supplier<? extends Collection<RoutingTable>> tables;
  private final Gaps gaps;

  GapsCollector(Supplier<? extends Collection<RoutingTable>> tables, Gaps gaps) {
    this.tables = tables;
    this.gaps = gaps;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeFamilies gauges = new GaugeFamilies();
    for (RoutingTable table : tables.get()) {
      for (Upstream upstream : table.upstreams()) {
        UpstreamLabels labels = UpstreamLabels.of(upstream);
        gauges.add(METHODS, labels.toList(), (double) gaps.missingMethods(upstream));
        gaps.oldestBlocks(upstream)
            .forEach((kind, block) -> gauges.add(OLDEST, labels.toList(kind), value(block)));
      }
    }
    return gauges.toSamples();
  }

  private static double value(long block) {
    return block == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : (double) block;
  }
}
