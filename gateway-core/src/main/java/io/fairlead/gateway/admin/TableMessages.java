package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.Factor;
import io.fairlead.admin.v1.Share;
import io.fairlead.admin.v1.Upstream.Administrative;
import io.fairlead.admin.v1.Upstream.Freshness;
import io.fairlead.admin.v1.Upstream.Health;
import io.fairlead.gateway.control.OperatorOverride;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.ShareEntry;
import io.fairlead.routing.table.UpstreamStatus;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A routing table as a message: what can be said of upstreams without saying how to reach them. */
final class TableMessages {
  private static final String UNKNOWN = "unknown";

  private final RoutingTable table;
  private final List<OperatorOverride> overrides;
  private final Map<MethodClass, List<ShareEntry>> entries = new EnumMap<>(MethodClass.class);

  private TableMessages(RoutingTable table, List<OperatorOverride> overrides) {
    this.table = table;
    this.overrides = overrides;
    for (MethodClass methodClass : MethodClass.values()) {
      entries.put(methodClass, table.entries(methodClass));
    }
  }

  static List<io.fairlead.admin.v1.RoutingTable> of(
      List<RoutingTable> tables, List<OperatorOverride> overrides) {
    return tables.stream().map(table -> new TableMessages(table, overrides).toMessage()).toList();
  }

  static io.fairlead.admin.v1.Upstream upstream(
      RoutingTable table, Upstream upstream, List<OperatorOverride> overrides) {
    int index = table.topology().indexOf(upstream);
    return new TableMessages(table, overrides).upstream(index);
  }

  private io.fairlead.admin.v1.RoutingTable toMessage() {
    io.fairlead.admin.v1.RoutingTable.Builder message =
        io.fairlead.admin.v1.RoutingTable.newBuilder()
            .setChain(table.chain())
            .setVersion(table.version())
            .setUsable(table.isUsable())
            .setPanic(table.isPanic())
            .setCapsYielded(table.hasYieldedCaps());
    table.headBlocks().ifPresent(message::setHeadBlock);
    for (int i = 0; i < table.size(); i++) {
      message.addUpstreams(upstream(i));
    }
    return message.build();
  }

  private io.fairlead.admin.v1.Upstream upstream(int index) {
    Upstream upstream = table.upstream(index);
    io.fairlead.admin.v1.Upstream.Builder message =
        io.fairlead.admin.v1.Upstream.newBuilder()
            .setServing(table.isServing(upstream))
            .setInFlight(upstream.inFlight())
            .addAllOverrides(
                OverrideMessages.of(
                    overrides.stream().filter(o -> o.target().matches(upstream)).toList()));
    addSpec(upstream.spec(), message);
    addStatus(table.status(upstream), message);
    entries.forEach((methodClass, all) -> addShare(methodClass, all.get(index), message));
    return message.build();
  }

  private static void addSpec(UpstreamSpec spec, io.fairlead.admin.v1.Upstream.Builder message) {
    message
        .setId(spec.id())
        .setCloud(UNKNOWN)
        .setRegion(UNKNOWN)
        .setTier(spec.tier())
        .setConfiguredWeight(spec.weight())
        .setMaxConcurrency(spec.maxConcurrency() == Integer.MAX_VALUE ? 0 : spec.maxConcurrency());
    for (FailureDomain domain : spec.domains()) {
      switch (domain.kind()) {
        case FailureDomain.CLOUD -> message.setCloud(domain.name());
        case FailureDomain.REGION ->
            message.setRegion(domain.name().substring(domain.name().indexOf('/') + 1));
        case FailureDomain.VENDOR -> message.setVendor(domain.name());
        default -> message.putLabels(domain.kind(), domain.name());
      }
    }
  }

  private void addStatus(UpstreamStatus status, io.fairlead.admin.v1.Upstream.Builder message) {
    message
        .setAdministrative(Administrative.valueOf(status.administrative().name()))
        .setHealth(Health.valueOf(status.health().name()))
        .setFreshness(Freshness.valueOf(status.freshness().name()))
        .setReason(status.reason());
    status.headBlocks().ifPresent(message::setHeadBlock);
    if (status.headBlocks().isPresent() && table.headBlocks().isPresent()) {
      long lag = table.headBlocks().getAsLong() - status.headBlocks().getAsLong();
      message.setLagBlocks(Math.max(0, lag));
    }
  }

  private void addShare(
      MethodClass methodClass, ShareEntry entry, io.fairlead.admin.v1.Upstream.Builder message) {
    Share.Builder share =
        message
            .addSharesBuilder()
            .setMethodClass(methodClass.label())
            .setShare(entry.share())
            .setHeadSensitiveShare(table.share(entry.upstream(), methodClass, true));
    if (!Double.isNaN(entry.costMillis())) {
      share.setCostMillis(entry.costMillis());
    }
    for (ShareEntry.Factor factor : entry.factors()) {
      share.addFactors(factor(factor));
      if (factor.name() == ShareEntry.Name.WEIGHT) {
        message.setEffectiveWeight((int) factor.value());
      }
    }
  }

  static Factor factor(ShareEntry.Factor factor) {
    return Factor.newBuilder()
        .setName(factor.name().name().toLowerCase(Locale.ROOT))
        .setValue(factor.value())
        .setReason(factor.reason())
        .build();
  }
}
