package io.fairlead.gateway.metrics;

import io.fairlead.gateway.metrics.GaugeFamilies.Family;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.ShareEntry;
import io.fairlead.routing.table.ShareEntry.Factor;
import io.fairlead.routing.table.UpstreamStatus;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import io.fairlead.routing.table.UpstreamStatus.Health;
import io.prometheus.client.Collector;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Reads the routing tables when somebody scrapes: a gauge has the value of the table that the next
 * call will use.
 *
 * <p>Thread-safety: safe; tables are immutable.
 */
final class RoutingCollector extends Collector {
  private static final String[] OF_UPSTREAM = {"chain", "upstream", "cloud", "region"};
  private static final String[] OF_STATE = {"chain", "upstream", "cloud", "region", "state"};

  private static final Family VERSION =
      new Family("routing_table_version", "Counts the tables of a chain.", "chain");
  private static final Family USABLE =
      new Family("chain_usable", "Whether some upstream of a chain can serve.", "chain");
  private static final Family PANIC =
      new Family("chain_panic", "Whether those who are out serve, for want of others.", "chain");
  private static final Family OVERLOADED =
      new Family("chain_overloaded", "Whether there is more to do than is carried.", "chain");
  private static final Family CAPS_YIELDED =
      new Family("chain_caps_yielded", "Whether caps of failure domains are let go.", "chain");
  private static final Family CHAIN_HEAD =
      new Family("chain_head_block", "The head that failure domains agree on.", "chain");
  private static final Family IN_FLIGHT =
      new Family("upstream_in_flight", "Attempts under way.", OF_UPSTREAM);
  private static final Family LIMIT =
      new Family("upstream_limit", "Attempts at once before calls wait, as learnt.", OF_UPSTREAM);
  private static final Family QUOTA =
      new Family("upstream_quota_per_second", "Calls that it grants, as learnt.", OF_UPSTREAM);
  private static final Family WEIGHT =
      new Family("upstream_weight", "The weight in force, overrides included.", OF_UPSTREAM);
  private static final Family SERVING =
      new Family("upstream_serving", "Whether it gets new calls.", OF_UPSTREAM);
  private static final Family HEAD =
      new Family("upstream_head_block", "The newest block it is known to have.", OF_UPSTREAM);
  private static final Family LAG =
      new Family("upstream_lag_blocks", "Blocks behind the chain's head.", OF_UPSTREAM);
  private static final Family SHARE =
      new Family(
          "upstream_traffic_share",
          "Share of a method class's calls, 0 to 1.",
          "chain",
          "upstream",
          "cloud",
          "region",
          "class");
  private static final Family ADMINISTRATIVE =
      new Family("upstream_administrative", "1 for what operators want of it.", OF_STATE);
  private static final Family HEALTH =
      new Family("upstream_health", "1 for what evidence says of it.", OF_STATE);
  private static final Family FRESHNESS =
      new Family("upstream_freshness", "1 for what its head says of it.", OF_STATE);

  private final Supplier<? extends Collection<RoutingTable>> tables;

  RoutingCollector(Supplier<? extends Collection<RoutingTable>> tables) {
    this.tables = tables;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeFamilies gauges = new GaugeFamilies();
    for (RoutingTable table : tables.get()) {
      addChain(gauges, table);
      for (ShareEntry entry : table.entries(MethodClass.READ)) {
        addUpstream(gauges, table, entry);
      }
    }
    return gauges.toSamples();
  }

  private static void addChain(GaugeFamilies gauges, RoutingTable table) {
    List<String> chain = List.of(table.chain());
    gauges.add(VERSION, chain, (double) table.version());
    gauges.addFlag(USABLE, chain, table.isUsable());
    gauges.addFlag(PANIC, chain, table.isPanic());
    gauges.addFlag(OVERLOADED, chain, table.isOverloaded());
    gauges.addFlag(CAPS_YIELDED, chain, table.hasYieldedCaps());
    table.headBlocks().ifPresent(head -> gauges.add(CHAIN_HEAD, chain, (double) head));
  }

  private static void addUpstream(GaugeFamilies gauges, RoutingTable table, ShareEntry entry) {
    Upstream upstream = entry.upstream();
    UpstreamLabels labels = UpstreamLabels.of(upstream);
    gauges.add(IN_FLIGHT, labels.toList(), upstream.inFlight());
    addLearnt(gauges, table, upstream, labels);
    gauges.add(WEIGHT, labels.toList(), weight(entry));
    gauges.addFlag(SERVING, labels.toList(), table.isServing(upstream));
    for (MethodClass methodClass : MethodClass.ALL) {
      double share = table.share(upstream, methodClass);
      gauges.add(SHARE, labels.toList(methodClass.label()), share);
    }
    UpstreamStatus status = table.status(upstream);
    addState(gauges, ADMINISTRATIVE, labels, status.administrative(), Administrative.values());
    addState(gauges, HEALTH, labels, status.health(), Health.values());
    addState(gauges, FRESHNESS, labels, status.freshness(), Freshness.values());
    if (status.headBlocks().isPresent()) {
      long head = status.headBlocks().getAsLong();
      gauges.add(HEAD, labels.toList(), (double) head);
      long chainHead = table.headBlocks().orElse(head);
      gauges.add(LAG, labels.toList(), (double) Math.max(0, chainHead - head));
    }
  }

  /** What is not known yet has no value. */
  private static void addLearnt(
      GaugeFamilies gauges, RoutingTable table, Upstream upstream, UpstreamLabels labels) {
    if (table.limit(upstream) < Integer.MAX_VALUE) {
      gauges.add(LIMIT, labels.toList(), table.limit(upstream));
    }
    if (table.quotaPerSecond(upstream) < Double.POSITIVE_INFINITY) {
      gauges.add(QUOTA, labels.toList(), table.quotaPerSecond(upstream));
    }
  }

  private static double weight(ShareEntry entry) {
    for (Factor factor : entry.factors()) {
      if (factor.name() == ShareEntry.Name.WEIGHT) {
        return factor.value();
      }
    }
    return entry.upstream().spec().weight();
  }

  private static <E extends Enum<E>> void addState(
      GaugeFamilies gauges, Family family, UpstreamLabels labels, E state, E[] all) {
    for (E each : all) {
      String label = each.name().toLowerCase(Locale.ROOT);
      gauges.addFlag(family, labels.toList(label), each == state);
    }
  }
}
