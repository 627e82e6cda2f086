package io.fairlead.jmh;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.table.RoutingTable;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A chain's router over many healthy upstreams in several clouds, in virtual time. */
final class Fleet {
  private static final int CLOUDS = 6;
  private static final int REGIONS = 3;
  private static final int VENDORS = 10;
  private static final long TICK_NANOS = 20_000_000;

  private final ChainRouter router;
  private final EvidenceLane lane;
  private final SplittableRandom random = new SplittableRandom(42);
  private long now;

  Fleet(int upstreams) {
    router =
        new ChainRouter(
            new ChainIdentity("ethereum", new AtomicInteger()::getAndIncrement),
            RoutingPolicy.DEFAULT,
            () -> now,
            new SplittableRandom(7),
            event -> {});
    router.setUpstreams(
        IntStream.range(0, upstreams).mapToObj(Fleet::spec).toList(), RoutingPolicy.DEFAULT);
    lane = router.newLane(() -> {});
    router.setChainHead(1_000_000);
    for (Upstream upstream : router.upstreams()) {
      router.onIdentity(upstream.id(), Identity.VERIFIED);
      router.onHead(upstream.id(), 1_000_000);
    }
    for (int tick = 0; tick < 100; tick++) {
      observe();
      tick();
    }
  }

  ChainRouter router() {
    return router;
  }

  /** An attempt on every upstream, each cloud with a latency of its own. */
  void observe() {
    List<Upstream> upstreams = router.upstreams();
    for (int i = 0; i < upstreams.size(); i++) {
      long millis = 5 + 10L * (i % CLOUDS) + random.nextInt(10);
      lane.onAttempt(upstreams.get(i), MethodClass.READ, AttemptResult.SUCCESS, millis * 1_000_000);
    }
  }

  RoutingTable tick() {
    now += TICK_NANOS;
    return router.tick();
  }

  private static UpstreamSpec spec(int i) {
    String cloud = "cloud-" + i % CLOUDS;
    return new UpstreamSpec(
        "upstream-" + i,
        List.of(
            FailureDomain.region(cloud, "region-" + i / CLOUDS % REGIONS),
            FailureDomain.cloud(cloud),
            new FailureDomain(FailureDomain.VENDOR, "vendor-" + i % VENDORS)),
        100,
        0,
        Integer.MAX_VALUE);
  }
}
