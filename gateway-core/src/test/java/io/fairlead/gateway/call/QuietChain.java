package io.fairlead.gateway.call;

import io.fairlead.gateway.client.Clients;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.metrics.TestChain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.attempt.PursuitPolicy;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A chain whose calls a test answers, with no upstream that anybody would hear of. */
public final class QuietChain {
  /** How long its calls may take. */
  public static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private QuietChain() {}

  /**
   * The chain {@code ethereum}.
   *
   * @param handler answers its calls
   * @param methods what it offers
   */
  public static ChainRuntime answeredBy(CallHandler handler, MethodPolicy methods) {
    TestChain router = new TestChain("ethereum").verified();
    router.table();
    GatewayMetrics metrics = new GatewayMetrics(new BuildFacts("1", "nio", 2), List::of);
    return new ChainRuntime(
        "ethereum",
        new ChainRuntime.Parts(
            router.router,
            List.of(),
            metrics.chain("ethereum"),
            new NoHeads(),
            new NoFacts(new Clients(1))),
        new PursuitPolicy(TIMEOUT_NANOS, 3, false),
        new ChainRuntime.Rules(methods, false, 3, handler));
  }

  private record NoHeads() implements HeadObserver {
    @Override
    public void onOrganicHead(Upstream upstream, long blocks) {}

    @Override
    public void onOrganicAnswer(Upstream upstream) {}
  }

  private record NoFacts(Clients clients) implements ChainFacts {
    @Override
    public long chainId() {
      return 1;
    }

    @Override
    public long configuredNanos() {
      return 0;
    }
  }
}
