package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.List;

/** Three vendors, each with two upstreams in each of three clouds; ids begin with the vendor. */
final class Vendors {
  private Vendors() {}

  static List<UpstreamSpec> specs() {
    List<UpstreamSpec> specs = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      String cloud = "c" + i / 6;
      String vendor = "v" + i % 3;
      specs.add(
          new UpstreamSpec(
              vendor + "-" + i,
              List.of(
                  FailureDomain.region(cloud, "one"),
                  FailureDomain.cloud(cloud),
                  new FailureDomain(FailureDomain.VENDOR, vendor)),
              100,
              0,
              10_000));
    }
    return specs;
  }
}
