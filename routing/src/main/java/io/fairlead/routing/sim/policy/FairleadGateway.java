package io.fairlead.routing.sim.policy;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.attempt.Allowances;
import io.fairlead.routing.attempt.PursuitPolicy;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.control.ChainIdentity;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Settings;
import io.fairlead.routing.table.Picker;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The production policy in a simulated world: the router, the evidence lane, the picker, the
 * pursuit of calls and the budgets are those of the gateway, at the gateway's pace.
 *
 * <p>The round trip comes from the transport, when an upstream is configured and then with answers,
 * a few times a second. The router ticks every 20 ms and, as the control loop does, at once when
 * the doorbell rings but not within a millisecond of the last tick. Attempts in flight are looked
 * at every 10 ms, as the sweeper does. A gateway here has one event loop.
 *
 * <p>Thread-safety: none; the thread that plays.
 */
public final class FairleadGateway implements GatewayUnderTest {
  private static final long TICK_NANOS = 20_000_000L;
  private static final long MIN_TICK_GAP_NANOS = 1_000_000L;
  private static final double RETRIES_PER_SECOND = 3;
  private static final double RETRIES_IN_ADVANCE = 100;
  private static final double HEDGES_PER_SECOND = 1;

  /** Hears of everything that a gateway's router tells. */
  @FunctionalInterface
  public interface Listener {
    /** Hears nothing. */
    Listener NONE = (atNanos, event) -> {};

    /**
     * Something of consequence changed.
     *
     * @param atNanos since the start of the play
     * @param event what, with the evidence for it
     */
    void onEvent(long atNanos, RoutingEvent event);
  }

  private final Network network;
  private final Listener listener;
  private final Settings settings;
  private final ChainRouter router;
  private final Flights flights;
  private final SimProber prober;
  private @Nullable Upstream[] byIndex;
  private int slots;
  private int[] indexBySlot = new int[0];
  private boolean isRung;
  private long tickedNanos;
  private long seenVersion = -1;
  private Cancellable nextTick = () -> {};

  private FairleadGateway(
      Network network,
      Scenario scenario,
      RandomGenerator random,
      SimProber.Factory probers,
      Listener listener) {
    this.network = network;
    this.listener = listener;
    this.settings = scenario.play().settings();
    byIndex = new @Nullable Upstream[network.upstreams().size()];
    router =
        new ChainRouter(
            new ChainIdentity("simulated", () -> slots++),
            settings.policy(),
            network,
            random,
            this::onEvent);
    EvidenceLane lane = router.newLane(this::ring);
    flights =
        new Flights(
            new Flights.Gear(
                network, router, lane, new Picker(random), allowances(network, settings)),
            new PursuitPolicy(
                settings.policy().timeoutNanos(),
                settings.maxAttempts(),
                settings.hedgeBudget() > 0 && settings.policy().hedgeQuantile() > 0),
            this);
    prober = probers.create(router, network, random);
    List<UpstreamSpec> configured = new ArrayList<>();
    for (int i = 0; i < network.upstreams().size(); i++) {
      if (network.isConfigured(i)) {
        configured.add(network.upstreams().get(i));
      }
    }
    onUpstreams(configured);
    tick();
  }

  private static Allowances allowances(Network network, Settings settings) {
    return new Allowances(
        new Budget(settings.retryBudget(), RETRIES_PER_SECOND, RETRIES_IN_ADVANCE, network),
        new Budget(settings.hedgeBudget(), HEDGES_PER_SECOND, network),
        network);
  }

  /**
   * Makes gateways with a {@link PlainProber} that nobody listens to.
   *
   * @return the factory of the production policy
   */
  public static Factory factory() {
    return factory(Optional.empty(), Listener.NONE);
  }

  /**
   * Makes gateways.
   *
   * @param probers makes their probers; empty for {@link PlainProber}s
   * @param listener hears of all that they decide, on the thread that plays
   * @return the factory of the production policy
   */
  public static Factory factory(Optional<SimProber.Factory> probers, Listener listener) {
    return new Factory() {
      @Override
      public String name() {
        return "fairlead";
      }

      @Override
      public GatewayUnderTest create(Network network, Scenario scenario, RandomGenerator random) {
        long blockTime = scenario.world().blockTimeNanos();
        SimProber.Factory plain = (router, way, dice) -> new PlainProber(router, way, blockTime);
        return new FairleadGateway(network, scenario, random, probers.orElse(plain), listener);
      }
    };
  }

  @Override
  public void onUpstreams(List<UpstreamSpec> now) {
    router.setUpstreams(now, settings.policy());
    indexBySlot = Arrays.copyOf(indexBySlot, slots);
    Arrays.fill(byIndex, null);
    for (Upstream upstream : router.upstreams()) {
      int index = network.upstreams().indexOf(upstream.spec());
      byIndex[index] = upstream;
      indexBySlot[upstream.slot()] = index;
    }
    for (int i = 0; i < byIndex.length; i++) {
      tellRtt(i);
    }
    prober.onUpstreams(now);
    ring();
  }

  /** The index in the network of an upstream of the router. */
  int indexOf(Upstream upstream) {
    return indexBySlot[upstream.slot()];
  }

  /** An upstream answered a call, as noted a few times a second. */
  void onOrganicAnswer(int upstream, long headBlocks) {
    tellRtt(upstream);
    prober.onOrganicAnswer(upstream, headBlocks);
  }

  /** What the transport knows of the round trip, without a call. */
  private void tellRtt(int index) {
    Upstream upstream = byIndex[index];
    double rttMillis = network.rttMillis(index);
    if (upstream != null && !Double.isNaN(rttMillis)) {
      router.onRtt(upstream.id(), (long) (rttMillis * 1e6));
    }
  }

  private void ring() {
    if (!isRung) {
      isRung = true;
      nextTick.cancel();
      long due = Math.max(network.nanoTime(), tickedNanos + MIN_TICK_GAP_NANOS);
      nextTick = network.schedule(this::tick, due - network.nanoTime());
    }
  }

  private void tick() {
    isRung = false;
    nextTick.cancel();
    RoutingTable table = router.tick();
    tickedNanos = network.nanoTime();
    if (table.version() != seenVersion) {
      seenVersion = table.version();
      prober.onTable(table);
    }
    if (!isRung) {
      nextTick = network.schedule(this::tick, TICK_NANOS);
    }
  }

  @Override
  public void onCall(SimCall call) {
    flights.onCall(call);
  }

  @Override
  public void onReply(SimAttempt attempt, Reply reply) {
    flights.onReply(attempt, reply);
  }

  @Override
  public void onDeadline(SimCall call) {
    flights.onAbandoned(call);
  }

  @Override
  public double share(int upstream, MethodClass methodClass) {
    Upstream known = byIndex[upstream];
    return known == null ? 0 : router.table().share(known, methodClass, false);
  }

  /**
   * The router, for looking closer at a play.
   *
   * @return what decides
   */
  public ChainRouter router() {
    return router;
  }

  private void onEvent(RoutingEvent event) {
    listener.onEvent(network.nanoTime(), event);
    switch (event.kind()) {
      case DOMAIN_EJECTED -> network.onBlamed(toDomain(event.subject()));
      case EJECTED -> network.onEjected(indexOf(event.subject()));
      case READMITTED -> onReturned(event.subject());
      default -> {}
    }
  }

  private void onReturned(String subject) {
    int index = indexOf(subject);
    if (index >= 0) {
      network.onReturned(index);
      return;
    }
    FailureDomain domain = toDomain(subject);
    for (int i = 0; i < network.upstreams().size(); i++) {
      if (network.upstreams().get(i).domains().contains(domain)) {
        network.onReturned(i);
      }
    }
  }

  private int indexOf(String id) {
    for (int i = 0; i < network.upstreams().size(); i++) {
      if (network.upstreams().get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static FailureDomain toDomain(String subject) {
    int colon = subject.indexOf(':');
    return new FailureDomain(subject.substring(0, colon), subject.substring(colon + 1));
  }
}
