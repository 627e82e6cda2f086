package io.fairlead.gateway.metrics;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import java.util.List;

/**
 * The labels of everything that is said of one upstream.
 *
 * @param chain its chain
 * @param id its id
 * @param cloud its cloud
 * @param region its region within the cloud
 */
record UpstreamLabels(String chain, String id, String cloud, String region) {
  private static final String UNKNOWN = "unknown";

  static UpstreamLabels of(Upstream upstream) {
    String cloud = domain(upstream, FailureDomain.CLOUD);
    String region = domain(upstream, FailureDomain.REGION);
    String inCloud = region.startsWith(cloud + "/") ? region.substring(cloud.length() + 1) : region;
    return new UpstreamLabels(upstream.chain(), upstream.id(), cloud, inCloud);
  }

  private static String domain(Upstream upstream, String kind) {
    for (FailureDomain domain : upstream.spec().domains()) {
      if (domain.kind().equals(kind)) {
        return domain.name();
      }
    }
    return UNKNOWN;
  }

  String[] with(String... more) {
    String[] labels = new String[4 + more.length];
    labels[0] = chain;
    labels[1] = id;
    labels[2] = cloud;
    labels[3] = region;
    System.arraycopy(more, 0, labels, 4, more.length);
    return labels;
  }

  List<String> toList(String... more) {
    return List.of(with(more));
  }
}
