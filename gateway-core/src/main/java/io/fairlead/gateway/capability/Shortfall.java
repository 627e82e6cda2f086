package io.fairlead.gateway.capability;

import io.fairlead.gateway.call.Holdings.Lack;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in words who lacks what a message needs. */
final class Shortfall {
  private static final int MOST_NAMED = 8;

  private final Need need;
  private final Map<String, Holding> known;
  private final long nowNanos;

  Shortfall(Need need, Map<String, Holding> known, long nowNanos) {
    this.need = need;
    this.known = known;
    this.nowNanos = nowNanos;
  }

  @Nullable Lack in(RoutingTable table) {
    List<String> withoutMethod = new ArrayList<>();
    List<String> withoutData = new ArrayList<>();
    for (Upstream upstream : table.upstreams()) {
      Holding holding = known.getOrDefault(upstream.id(), Holding.WHOLE);
      Gap method = holding.methods().get(need.method());
      Gap data = holding.data().get(need.kind());
      if (method != null && method.isBelieved(nowNanos)) {
        withoutMethod.add(upstream.id());
      } else if (data != null && data.covers(need.block(), nowNanos)) {
        withoutData.add(upstream.id() + oldest(data));
      }
    }
    if (withoutMethod.size() == table.size()) {
      return new Lack(Lack.Sort.METHOD, noMethod(table.chain(), withoutMethod));
    }
    if (withoutMethod.size() + withoutData.size() == table.size()) {
      return new Lack(Lack.Sort.DATA, noData(table.chain(), withoutData, withoutMethod));
    }
    return some(withoutMethod, withoutData);
  }

  private String noMethod(String chain, List<String> ids) {
    return "no upstream of " + chain + " has " + need.method() + " (asked: " + names(ids) + ")";
  }

  private String noData(String chain, List<String> data, List<String> method) {
    return what()
        + " needs "
        + need.kind().word()
        + " that no upstream of "
        + chain
        + " holds ("
        + names(data)
        + (method.isEmpty() ? "" : "; without the method: " + names(method))
        + ")";
  }

  private @Nullable Lack some(List<String> method, List<String> data) {
    if (method.isEmpty() && data.isEmpty()) {
      return null;
    }
    String text = method.isEmpty() ? "" : "without the method: " + names(method);
    if (!data.isEmpty()) {
      text += (text.isEmpty() ? "" : "; ") + need.kind().word() + " only: " + names(data);
    }
    return new Lack(Lack.Sort.SOME, text);
  }

  private String what() {
    return need.hasHeight() ? need.method() + " at block " + need.block() : need.method();
  }

  private static String oldest(Gap gap) {
    return gap.oldestBlocks() == Gap.NOTHING_HELD
        ? " has none"
        : " from block " + gap.oldestBlocks();
  }

  private static String names(List<String> ids) {
    String named = String.join(", ", ids.subList(0, Math.min(MOST_NAMED, ids.size())));
    return ids.size() <= MOST_NAMED ? named : named + " and " + (ids.size() - MOST_NAMED) + " more";
  }
}
