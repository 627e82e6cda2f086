package io.fairlead.routing;

import java.util.List;
import java.util.stream.IntStream;

/** Upstreams for tests. */
public final class Upstreams {
  private Upstreams() {}

  /** An upstream's specification in a cloud and region, {@code aws/us} for both. */
  public static UpstreamSpec spec(String id, String place) {
    return spec(id, place, 100, 0, Integer.MAX_VALUE);
  }

  /** The same with weight, tier and limit. */
  public static UpstreamSpec spec(String id, String place, int weight, int tier, int limit) {
    int slash = place.indexOf('/');
    String cloud = slash < 0 ? place : place.substring(0, slash);
    String region = slash < 0 ? "one" : place.substring(slash + 1);
    return new UpstreamSpec(
        id,
        List.of(FailureDomain.region(cloud, region), FailureDomain.cloud(cloud)),
        weight,
        tier,
        limit);
  }

  /** Upstreams of specifications, with slots in their order. */
  public static List<Upstream> of(List<UpstreamSpec> specs) {
    return IntStream.range(0, specs.size())
        .mapToObj(i -> new Upstream("test", i, specs.get(i)))
        .toList();
  }

  /** {@code clouds x perCloud} upstreams named {@code c0-0} and on. */
  public static List<UpstreamSpec> grid(int clouds, int perCloud) {
    return IntStream.range(0, clouds * perCloud)
        .mapToObj(i -> spec("c" + i / perCloud + "-" + i % perCloud, "c" + i / perCloud))
        .toList();
  }
}
