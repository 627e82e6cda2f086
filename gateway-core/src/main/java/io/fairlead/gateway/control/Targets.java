package io.fairlead.gateway.control;

import io.fairlead.gateway.config.yaml.Spelling;
import io.fairlead.gateway.control.ControlException.Kind;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What an operator may name: the chains, upstreams and failure domains of the running tables. */
public final class Targets {
  private Targets() {}

  /**
   * The upstreams that a target names, or a refusal that suggests another name.
   *
   * @param target what an operator wrote
   * @param tables of all chains
   * @return at least one
   * @throws ControlException of kind {@code NOT_FOUND} if the target names none
   */
  public static List<Upstream> require(Target target, List<RoutingTable> tables)
      throws ControlException {
    requireChain(target.chain(), tables);
    List<Upstream> matched = matching(target, tables);
    if (matched.isEmpty()) {
      String rule = "an upstream's id or a failure domain of the configuration";
      Set<String> names = names(target.chain(), tables);
      throw notFound(
          "target", target + on(target.chain()), rule, Spelling.hint("" + target, names));
    }
    return matched;
  }

  /**
   * Refuses a chain that no table has, and suggests another name.
   *
   * @param chain what an operator wrote; empty for all
   * @param tables of all chains
   * @throws ControlException of kind {@code NOT_FOUND}
   */
  public static void requireChain(String chain, List<RoutingTable> tables) throws ControlException {
    List<String> chains = tables.stream().map(RoutingTable::chain).toList();
    if (!chain.isEmpty() && !chains.contains(chain)) {
      String rule = "one of " + String.join(", ", chains);
      throw notFound("chain", chain, rule, Spelling.hint(chain, chains));
    }
  }

  static List<Upstream> matching(Target target, List<RoutingTable> tables) {
    return upstreams(tables).stream().filter(target::matches).toList();
  }

  private static List<Upstream> upstreams(Collection<RoutingTable> tables) {
    List<Upstream> all = new ArrayList<>();
    tables.forEach(table -> all.addAll(table.upstreams()));
    return all;
  }

  private static Set<String> names(String chain, List<RoutingTable> tables) {
    Set<String> names = new LinkedHashSet<>();
    for (Upstream upstream : upstreams(tables)) {
      if (chain.isEmpty() || chain.equals(upstream.chain())) {
        names.add(upstream.id());
        upstream.spec().domains().stream().map(FailureDomain::toString).forEach(names::add);
      }
    }
    return names;
  }

  private static String on(String chain) {
    return chain.isEmpty() ? "" : " on " + chain;
  }

  private static ControlException notFound(String field, String value, String rule, String hint) {
    return new ControlException(
        Kind.NOT_FOUND, field + ": " + value + " (expected: " + rule + hint + ")");
  }
}
