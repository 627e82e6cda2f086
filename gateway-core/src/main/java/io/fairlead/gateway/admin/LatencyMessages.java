package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.GetLatencyRequest;
import io.fairlead.admin.v1.GetLatencyResponse;
import io.fairlead.gateway.control.ControlException;
import io.fairlead.gateway.control.RoutingControl;
import io.fairlead.gateway.control.Targets;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.Target;
import java.util.List;
import java.util.function.Predicate;

/** Latency rows as a message. */
final class LatencyMessages {
  private LatencyMessages() {}

  static GetLatencyResponse of(GetLatencyRequest request, RoutingControl control)
      throws ControlException {
    Predicate<Upstream> asked = asked(request, control);
    List<io.fairlead.admin.v1.LatencyRow> rows =
        control.latency().stream()
            .filter(row -> asked.test(row.upstream()))
            .map(LatencyMessages::of)
            .toList();
    return GetLatencyResponse.newBuilder().addAllRows(rows).build();
  }

  private static Predicate<Upstream> asked(GetLatencyRequest request, RoutingControl control)
      throws ControlException {
    String chain = request.getChain();
    if (request.getTarget().isEmpty()) {
      Targets.requireChain(chain, control.tables());
      return upstream -> chain.isEmpty() || chain.equals(upstream.chain());
    }
    Target target = Requests.target(request.getTarget(), chain);
    Targets.require(target, control.tables());
    return target::matches;
  }

  private static io.fairlead.admin.v1.LatencyRow of(LatencyRow row) {
    io.fairlead.admin.v1.LatencyRow.Builder message =
        io.fairlead.admin.v1.LatencyRow.newBuilder()
            .setChain(row.upstream().chain())
            .setUpstream(row.upstream().id())
            .setMethodClass(row.methodClass().label())
            .setSamples(row.samples())
            .setP50Millis(row.quantiles().p50Millis())
            .setP95Millis(row.quantiles().p95Millis())
            .setP99Millis(row.quantiles().p99Millis());
    if (!Double.isNaN(row.costMillis())) {
      message.setCostMillis(row.costMillis());
    }
    return message.build();
  }
}
