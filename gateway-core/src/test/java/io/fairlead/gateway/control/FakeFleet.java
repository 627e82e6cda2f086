package io.fairlead.gateway.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.RoutingPolicy;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.time.NanoClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two chains with real routers, no traffic and bias 0, so that shares are the weights: {@code
 * ethereum} on aws-1, aws-2 and gcp-1, {@code gnosis} on aws-1 alone. Heads are known and everybody
 * is verified.
 *
 * <p>Once made it belongs to the thread that applies intents.
 */
public final class FakeFleet implements Fleet {
  private static final long HEAD_BLOCKS = 21_034_567;
  private static final RoutingPolicy BY_WEIGHT =
      new RoutingPolicy(0, 3, Map.of(), 0, 10_000_000_000L);

  private final NanoClock clock;
  private final AtomicInteger slots = new AtomicInteger();
  private final List<ChainRouter> routers;
  private volatile Optional<EventLog> events = Optional.empty();
  private volatile List<String> reloadChanges = List.of();
  private volatile Optional<ControlException> reloadRefusal = Optional.empty();
  private volatile List<KnownGap> gaps = List.of();
  private volatile Optional<RuntimeException> failure = Optional.empty();

  /**
   * Two chains without intents.
   *
   * @param clock the routers' time
   * @param log takes what the routers tell from now on
   */
  public FakeFleet(NanoClock clock, EventLog log) {
    this.clock = clock;
    routers =
        List.of(
            router("ethereum", spec("aws-1", "aws", 100), spec("aws-2", "aws", 100), gcp()),
            router("gnosis", spec("aws-1", "aws", 100)));
    events = Optional.of(log);
  }

  private ChainRouter router(String chain, UpstreamSpec... specs) {
    ChainRouter router =
        new ChainRouter(
            new ChainIdentity(chain, slots::getAndIncrement),
            BY_WEIGHT,
            clock,
            new SplittableRandom(1),
            event -> events.ifPresent(log -> log.append(event)));
    router.setUpstreams(List.of(specs), BY_WEIGHT);
    for (UpstreamSpec spec : specs) {
      router.onIdentity(spec.id(), Identity.VERIFIED);
      router.onHead(spec.id(), HEAD_BLOCKS - 1);
    }
    router.setChainHead(HEAD_BLOCKS);
    router.tick();
    return router;
  }

  private static UpstreamSpec spec(String id, String cloud, int weight) {
    List<FailureDomain> domains =
        List.of(FailureDomain.region(cloud, "us-east-1"), FailureDomain.cloud(cloud));
    return new UpstreamSpec(id, domains, weight, 0, Integer.MAX_VALUE);
  }

  private static UpstreamSpec gcp() {
    List<FailureDomain> domains =
        List.of(
            FailureDomain.region("gcp", "europe-west4"),
            FailureDomain.cloud("gcp"),
            new FailureDomain(FailureDomain.VENDOR, "acme"),
            new FailureDomain("asn", "16509"));
    return new UpstreamSpec("gcp-1", domains, 200, 0, 64);
  }

  @Override
  public List<RoutingTable> tables() {
    failure.ifPresent(
        e -> {
          throw e;
        });
    return routers.stream().map(ChainRouter::table).toList();
  }

  @Override
  public void applyIntents(List<Intent> intents, Signature ended) {
    for (ChainRouter router : routers) {
      router.setIntents(intents, ended.author(), ended.reason());
      router.tick();
    }
  }

  /** Makes a new table of each chain: aws-1 says that it syncs. */
  public void publishAnother() {
    for (ChainRouter router : routers) {
      router.onIdentity("aws-1", Identity.SYNCING);
      router.tick();
    }
  }

  @Override
  public List<LatencyRow> latency() {
    return routers.stream()
        .flatMap(router -> router.table().upstreams().stream())
        .map(
            u ->
                new LatencyRow(
                    u, MethodClass.READ, 12.5, new LatencyRow.Quantiles(4, 20, 55.5), Double.NaN))
        .toList();
  }

  /** What {@code aws-1} is known to lack from now on, on both chains. */
  public void setGaps(List<KnownGap> known) {
    gaps = known;
  }

  @Override
  public List<KnownGap> gaps(Upstream upstream) {
    return upstream.id().equals("aws-1") ? gaps : List.of();
  }

  @Override
  public CompletionStage<List<ChainSubscriptions>> subscriptions(int most) {
    List<ChainSubscriptions.Topic> topics =
        List.of(
            new ChainSubscriptions.Topic("newHeads", "", 12),
            new ChainSubscriptions.Topic("logs", "address 0xab", 1));
    return CompletableFuture.completedFuture(
        List.of(
            new ChainSubscriptions(
                "ethereum",
                13,
                2,
                topics.subList(0, Math.min(most, topics.size())),
                List.of(
                    new ChainSubscriptions.Source("aws-1", true, OptionalLong.of(HEAD_BLOCKS)),
                    new ChainSubscriptions.Source("gcp-1", false, OptionalLong.empty()))),
            new ChainSubscriptions("gnosis", 0, 0, List.of(), List.of())));
  }

  /** Makes {@link #tables} throw from now on. */
  public void failWith(RuntimeException cause) {
    failure = Optional.of(cause);
  }

  /** What the next reloads report. */
  public void setReload(List<String> changes, Optional<ControlException> refusal) {
    reloadChanges = changes;
    reloadRefusal = refusal;
  }

  @Override
  public List<String> reload() throws ControlException {
    if (reloadRefusal.isPresent()) {
      throw reloadRefusal.get();
    }
    return reloadChanges;
  }
}
