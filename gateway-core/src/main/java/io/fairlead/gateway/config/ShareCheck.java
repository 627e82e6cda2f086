package io.fairlead.gateway.config;

import io.fairlead.gateway.config.yaml.Reading;
import io.fairlead.gateway.config.yaml.YamlNode;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Warns of caps that cannot be met even while everybody is well.
 *
 * <p>That is no reason to refuse a file: at run time such caps yield before a call is lost. Yet
 * whoever wrote them expects otherwise.
 */
final class ShareCheck {
  private static final double SMALL = 1e-3;

  private final Map<String, Double> maxShare;
  private final YamlNode.Mapping file;
  private final Reading at;

  private ShareCheck(Map<String, Double> maxShare, YamlNode.Mapping file, Reading at) {
    this.maxShare = new TreeMap<>(maxShare);
    this.file = file;
    this.at = at.key("routing").key("maxShare");
  }

  static void warn(
      Map<String, ChainConfig> chains, RoutingConfig routing, YamlNode.Mapping file, Reading at) {
    ShareCheck check = new ShareCheck(routing.spread().maxShare(), file, at);
    chains.forEach(check::check);
  }

  private void check(String chain, ChainConfig config) {
    List<UpstreamConfig> serving =
        config.upstreams().stream().filter(u -> u.capacity().weight() > 0).toList();
    if (serving.isEmpty()) {
      return;
    }
    Topology topology = topology(chain, serving);
    boolean isTold = false;
    for (Map.Entry<String, Double> cap : maxShare.entrySet()) {
      double carried = topology.carriedWithin(Map.of(cap.getKey(), cap.getValue()));
      if (carried < 1 - SMALL) {
        isTold = true;
        warnOfOne(chain, serving, cap.getKey(), cap.getValue());
      }
    }
    double together = topology.carriedWithin(maxShare);
    if (!isTold && together < 1 - SMALL) {
      warnOfAll(chain, together);
    }
  }

  private static Topology topology(String chain, List<UpstreamConfig> serving) {
    List<Upstream> upstreams = new ArrayList<>();
    for (UpstreamConfig config : serving) {
      upstreams.add(new Upstream(chain, upstreams.size(), config.toSpec()));
    }
    return new Topology(upstreams);
  }

  private void warnOfOne(String chain, List<UpstreamConfig> serving, String kind, double cap) {
    Set<String> names =
        serving.stream()
            .flatMap(u -> u.place().domains().stream())
            .filter(d -> d.kind().equals(kind))
            .map(FailureDomain::name)
            .collect(Collectors.toSet());
    int count = names.size();
    at.key(kind)
        .warn(
            file.locate("routing", "maxShare", kind),
            String.format(
                Locale.ROOT,
                "%s (expected: %s or more: chain %s has %d of kind %s, %d x %s carry %s of its"
                    + " calls; the cap will yield before a call is lost)",
                percent(cap),
                percent(Math.ceil(1000.0 / count) / 1000),
                chain,
                count,
                kind,
                count,
                percent(cap),
                percent(count * cap)));
  }

  private void warnOfAll(String chain, double together) {
    String caps =
        maxShare.entrySet().stream()
            .map(e -> e.getKey() + " " + percent(e.getValue()))
            .collect(Collectors.joining(", "));
    at.warn(
        file.locate("routing", "maxShare"),
        String.format(
            Locale.ROOT,
            "%s (expected: caps that some split of chain %s can keep: together they carry %s of its"
                + " calls; they will yield before a call is lost)",
            caps,
            chain,
            percent(Math.min(0.999, Math.round(1000 * together) / 1e3))));
  }

  private static String percent(double share) {
    String text = String.format(Locale.ROOT, "%.1f", 100 * share);
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + "%";
  }
}
