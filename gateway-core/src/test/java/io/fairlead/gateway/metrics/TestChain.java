package io.fairlead.gateway.metrics;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A router with three upstreams in two clouds, for whoever shows tables. */
public final class TestChain {
  /** Time of the router. */
  public long nowNanos = 1;

  /** What the router told. */
  public final List<RoutingEvent> events = new ArrayList<>();

  /** The router itself. */
  public final ChainRouter router;

  /** The chain {@code name} with its upstreams, none of them verified yet. */
  public TestChain(String name) {
    AtomicInteger slots = new AtomicInteger();
    router =
        new ChainRouter(
            new ChainIdentity(name, slots::getAndIncrement),
            RoutingPolicy.DEFAULT,
            () -> nowNanos,
            new Random(1),
            events::add);
    configure(
        List.of(spec("a", "aws", "us-1"), spec("b", "aws", "us-2"), spec("c", "gcp", "eu-1")));
  }

  /** An upstream of weight 100. */
  public static UpstreamSpec spec(String id, String cloud, String region) {
    return new UpstreamSpec(
        id,
        List.of(FailureDomain.region(cloud, region), FailureDomain.cloud(cloud)),
        100,
        0,
        Integer.MAX_VALUE);
  }

  /** Other upstreams from now on. */
  public void configure(List<UpstreamSpec> specs) {
    router.setUpstreams(specs, RoutingPolicy.DEFAULT);
  }

  /** All upstreams are what they should be. */
  public TestChain verified() {
    for (Upstream upstream : router.upstreams()) {
      router.onIdentity(upstream.id(), Identity.VERIFIED);
    }
    return this;
  }

  /** The newest table. */
  public RoutingTable table() {
    nowNanos += 1_000_000_000L;
    return router.tick();
  }

  /** An upstream by its id. */
  public Upstream upstream(String id) {
    return router.upstreams().stream().filter(u -> u.id().equals(id)).findFirst().orElseThrow();
  }
}
