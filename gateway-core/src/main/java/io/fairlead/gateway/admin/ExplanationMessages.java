package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.Cost;
import io.fairlead.admin.v1.Derivation;
import io.fairlead.admin.v1.Event;
import io.fairlead.admin.v1.ExplainUpstreamRequest;
import io.fairlead.admin.v1.ExplainUpstreamResponse;
import io.fairlead.admin.v1.Gap;
import io.fairlead.admin.v1.ShareExplanation;
import io.fairlead.admin.v1.UpstreamExplanation;
import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.EventLog;
import io.fairlead.gateway.control.KnownGap;
import io.fairlead.gateway.control.RoutingControl;
import io.fairlead.gateway.control.StampedEvent;
import io.fairlead.gateway.control.Targets;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.table.CostParts;
import io.fairlead.routing.table.RoutingTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Why an upstream has its shares, as a message. */
final class ExplanationMessages {
  private static final int EVENTS = 10;

  private ExplanationMessages() {}

  static ExplainUpstreamResponse of(ExplainUpstreamRequest request, RoutingControl control)
      throws ControlException {
    Target target = Requests.upstream(request);
    List<RoutingTable> tables = control.tables();
    List<Upstream> matched = Targets.require(target, tables);
    ExplainUpstreamResponse.Builder response = ExplainUpstreamResponse.newBuilder();
    for (RoutingTable table : tables) {
      for (Upstream upstream : matched) {
        if (table.topology().indexOf(upstream) >= 0) {
          response.addExplanations(explanation(table, upstream, control));
        }
      }
    }
    return response.build();
  }

  private static UpstreamExplanation explanation(
      RoutingTable table, Upstream upstream, RoutingControl control) {
    UpstreamExplanation.Builder message =
        UpstreamExplanation.newBuilder()
            .setChain(table.chain())
            .setVersion(table.version())
            .setPanic(table.isPanic())
            .setCapsYielded(table.hasYieldedCaps())
            .setUpstream(TableMessages.upstream(table, upstream, control.overrides()))
            .addAllEvents(events(upstream, control.events()));
    control.gaps(upstream).forEach(gap -> message.addGaps(gap(gap)));
    for (MethodClass c : MethodClass.ALL) {
      message.addShares(share(table.explain(upstream, c, false), c, false));
      message.addShares(share(table.explain(upstream, c, true), c, true));
    }
    return message.build();
  }

  private static Gap gap(KnownGap known) {
    Gap.Builder gap = Gap.newBuilder().setLeftSeconds(known.left().toSeconds());
    known.oldestBlocks().ifPresent(gap::setOldestBlock);
    return (known.sort() == KnownGap.Sort.DATA
            ? gap.setData(known.name())
            : gap.setMethod(known.name()))
        .build();
  }

  private static List<Event> events(Upstream upstream, EventLog log) {
    Set<String> subjects = new HashSet<>(Set.of(upstream.id()));
    upstream.spec().domains().forEach(domain -> subjects.add(domain.toString()));
    List<StampedEvent> about =
        log.recent(EventLog.DEFAULT_CAPACITY, upstream.chain()).stream()
            .filter(stamped -> subjects.contains(stamped.event().subject()))
            .toList();
    return EventMessages.of(about.subList(Math.max(0, about.size() - EVENTS), about.size()));
  }

  private static ShareExplanation share(
      io.fairlead.routing.table.ShareExplanation explained, MethodClass c, boolean headSensitive) {
    ShareExplanation.Builder message =
        ShareExplanation.newBuilder()
            .setMethodClass(c.label())
            .setHeadSensitive(headSensitive)
            .setShare(explained.entry().share());
    explained.entry().factors().forEach(f -> message.addFactors(TableMessages.factor(f)));
    explained.derivation().ifPresent(d -> message.setDerivation(derivation(d)));
    explained.cost().ifPresent(parts -> message.setCost(cost(parts)));
    return message.build();
  }

  private static Derivation derivation(io.fairlead.routing.table.Derivation made) {
    io.fairlead.routing.table.Derivation.Base base = made.base();
    return Derivation.newBuilder()
        .setWeight(base.weight())
        .setPreference(base.preference().value())
        .setBestCostMillis(base.preference().bestMillis())
        .setCostMillis(base.preference().costMillis())
        .setBias(base.preference().bias())
        .setSumPreferred(base.sumPreferred())
        .setSumWeight(base.sumWeight())
        .setTrickle(base.trickle())
        .setReadinessFactor(made.readinessFactor())
        .setTierFactor(made.tierFactor())
        .setCapFactor(made.capFactor())
        .build();
  }

  private static Cost cost(CostParts parts) {
    return Cost.newBuilder()
        .setTotalMillis(parts.totalMillis())
        .setRttMillis(parts.rttMillis())
        .setBaselineMillis(parts.service().baselineMillis())
        .setLogSlowness(parts.service().logSlowness())
        .setSuccess(parts.failure().success())
        .setFailureMillis(parts.failure().failureMillis())
        .setAlternativeMillis(parts.failure().alternativeMillis())
        .build();
  }
}
