package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.LatencyRow.Quantiles;
import io.fairlead.routing.control.RoutingEvent.Kind;
import io.fairlead.routing.evidence.AttemptResult;
import io.fairlead.routing.evidence.EvidenceLane;
import io.fairlead.routing.evidence.LatencyEstimate;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.TableDraft;
import io.fairlead.routing.table.Topology;
import io.fairlead.routing.time.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Decides where the calls of one chain go.
 *
 * <p>Event loops write evidence into their lanes; probes and operators call in on the control
 * thread; {@link #tick} turns all of it into the next routing table. Tick every 20 ms, and at once
 * when a doorbell rings. What is told between ticks takes effect with the next one.
 *
 * <p>Thread-safety: the control thread alone, except {@link #table} and {@link #newLane}.
 */
public final class ChainRouter {
  private static final long REFRESH_NANOS = 200_000_000L;
  private static final long SAMPLE_NANOS = 5_000_000L;

  private final ChainIdentity chain;
  private final NanoClock clock;
  private final RandomGenerator random;
  private final Announcer announcer;
  private final Intents intents;
  private final Heads heads;
  private final Reorganisations reorganisations;
  private final Drift drift;
  private final Timers timers = new Timers();
  private final List<EvidenceLane> lanes = new CopyOnWriteArrayList<>();
  private RoutingPolicy policy;
  private Fleet fleet = Fleet.empty();
  private Detection detection;
  private CostModel costs;
  private Markup markup;
  private Drafting drafting;
  private boolean isUrgent;
  private boolean isStale;
  private long refreshedAtNanos;
  private long sampledAtNanos;
  private volatile RoutingTable table;

  /**
   * A router without upstreams.
   *
   * @param chain the chain
   * @param policy how traffic is to be spread
   * @param clock the time
   * @param random for jitter
   * @param events told of every change of consequence, on the control thread, in {@link #tick}
   */
  public ChainRouter(
      ChainIdentity chain,
      RoutingPolicy policy,
      NanoClock clock,
      RandomGenerator random,
      Consumer<RoutingEvent> events) {
    this.chain = chain;
    this.policy = policy;
    this.clock = clock;
    this.random = random;
    announcer = new Announcer(chain.name(), events);
    intents = new Intents(announcer);
    heads = new Heads(announcer);
    reorganisations = new Reorganisations(announcer);
    detection = new Detection(fleet, random, announcer, clock.nanoTime());
    costs = new CostModel(fleet.topology, fleet.states, timers);
    markup = new Markup(fleet, costs, announcer);
    drafting = new Drafting(fleet, costs);
    refreshedAtNanos = clock.nanoTime();
    sampledAtNanos = refreshedAtNanos;
    table = new TableDraft(chain.name(), new Topology(List.of())).toTable(0);
    drift = new Drift(announcer, table, clock.nanoTime());
  }

  /**
   * Takes over a configuration. Upstreams that are in both the old one and the new one, unchanged,
   * keep their object; those that kept their id keep what was learnt of them. Who joins a running
   * chain comes in by canary and ramp.
   *
   * @param specs the upstreams
   * @param newPolicy how traffic is to be spread
   */
  public void setUpstreams(List<UpstreamSpec> specs, RoutingPolicy newPolicy) {
    Fleet before = fleet;
    fleet = before.with(chain, specs);
    policy = newPolicy;
    for (Upstream u : before.topology.upstreams()) {
      if (fleet.topology.indexOf(u) < 0) {
        lanes.forEach(lane -> lane.forget(u));
        if (fleet.find(u.id()) == null) {
          announcer.upstream(Kind.LEFT, u, "no longer configured");
        }
      }
    }
    for (UpstreamState u : fleet.states) {
      if (u.isJoining && before.find(u.upstream.id()) == null) {
        announcer.upstream(Kind.JOINED, u.upstream, "newly configured; by canary and ramp");
      }
    }
    detection = new Detection(fleet, random, announcer, clock.nanoTime());
    costs = new CostModel(fleet.topology, fleet.states, timers);
    costs.refresh(lanes, clock.nanoTime());
    markup = new Markup(fleet, costs, announcer);
    drafting = new Drafting(fleet, costs);
    intents.apply(fleet);
    heads.review(fleet, policy);
    isUrgent = true;
  }

  /**
   * A lane for an event loop. May be called from any thread.
   *
   * @param doorbell run on the event loop when evidence against somebody arrives; quick
   * @return the lane
   */
  public EvidenceLane newLane(Runnable doorbell) {
    EvidenceLane lane = new EvidenceLane(doorbell);
    lanes.add(lane);
    return lane;
  }

  /**
   * What is known of the chain that an upstream serves.
   *
   * @param id the upstream
   * @param identity only {@link Identity#VERIFIED} upstreams serve
   */
  public void onIdentity(String id, Identity identity) {
    UpstreamState u = fleet.find(id);
    if (u != null && heads.onIdentity(u, identity, clock.nanoTime())) {
      isUrgent = true;
      drift.excuse();
    }
  }

  /**
   * An upstream's head.
   *
   * @param id the upstream
   * @param blocks its newest block
   */
  public void onHead(String id, long blocks) {
    UpstreamState u = fleet.find(id);
    if (u != null && u.headBlocks != blocks) {
      isUrgent |= heads.onHead(u, blocks, policy);
      isStale = true;
    }
  }

  /**
   * The chain's agreed head.
   *
   * @param blocks the newest block
   */
  public void setChainHead(long blocks) {
    if (heads.chainHead() != blocks) {
      isUrgent |= heads.setChainHead(blocks, fleet, policy);
      isStale = true;
    }
  }

  /**
   * What a connection to an upstream shows of the round trip, without a call: how long it took to
   * open, or the kernel's smoothed measurement of an open one.
   *
   * @param id the upstream
   * @param nanos one round trip
   */
  public void onRtt(String id, long nanos) {
    UpstreamState u = fleet.find(id);
    if (u != null) {
      u.transport.add(nanos, clock.nanoTime());
    }
  }

  /**
   * A probe ended.
   *
   * @param id the upstream
   * @param result how
   * @param elapsedNanos since it was sent
   */
  public void onProbe(String id, AttemptResult result, long elapsedNanos) {
    UpstreamState u = fleet.find(id);
    if (u == null) {
      return;
    }
    long now = clock.nanoTime();
    if (result == AttemptResult.SUCCESS) {
      u.onProbed(elapsedNanos, now);
    }
    boolean isNews = !result.isFailure() || !fleet.isReturningFor(u.upstream, elapsedNanos, now);
    if (isNews && (result.isSuccess() || result.isFailure())) {
      u.tally.addProbe(result);
      u.isNews = true;
      u.recovery.onProbe(result.isSuccess(), now);
      fleet.onProbe(u.upstream, result.isSuccess(), now);
    }
  }

  /**
   * An upstream gave an answer that others disprove. It is out for a minute, each time four times
   * as long, up to four hours; in a panic it serves last.
   *
   * @param id the upstream
   * @param evidence who said what, fit to be shown
   */
  public void onLie(String id, String evidence) {
    UpstreamState u = fleet.find(id);
    if (u != null && u.lies.begin(clock.nanoTime(), -1, random)) {
      double seconds = u.lies.leftNanos(clock.nanoTime()) / 1e9;
      announcer.upstream(
          Kind.LIED,
          u.upstream,
          String.format(Locale.ROOT, "%s; out for %.0f s", evidence, seconds));
      isUrgent = true;
    }
  }

  /**
   * The chain replaced blocks. Moves no traffic; told of as an event, at most every ten seconds.
   *
   * @param number the lowest block known to be another now
   * @param depth how many blocks from there up to the chain's head were, 1 or more
   * @param oldHash the block that stood there
   * @param newHash the block that stands there now
   */
  public void onReorganised(long number, long depth, String oldHash, String newHash) {
    String blocks = newHash + " in place of " + oldHash;
    reorganisations.onReorganised(number, depth, blocks, clock.nanoTime());
  }

  /**
   * The operators' overrides now in force.
   *
   * @param newIntents all of them; where two cover an upstream the later weight wins
   */
  public void setIntents(List<Intent> newIntents) {
    setIntents(newIntents, RoutingEvent.FAIRLEAD, "");
  }

  /**
   * The operators' overrides now in force, and who took back those that are missing.
   *
   * @param newIntents all of them; where two cover an upstream the later weight wins
   * @param restoredBy the author of the events on overrides that ended
   * @param reason why they ended, may be empty
   */
  public void setIntents(List<Intent> newIntents, String restoredBy, String reason) {
    intents.set(newIntents, fleet, restoredBy, reason);
    isUrgent = true;
  }

  /**
   * Weighs the evidence and makes a new table if something changed enough.
   *
   * @return the current table
   */
  public RoutingTable tick() {
    long now = clock.nanoTime();
    sample(now);
    isUrgent |= detection.weigh(lanes, table.isPanic(), now);
    isUrgent |= detection.advance(now);
    isUrgent |= announcer.onHoldOffsEnded(fleet, now);
    fleet.states.forEach(u -> u.pace(now));
    List<SlowVerdict> slowed = detection.slowed();
    boolean isRefresh = now - refreshedAtNanos >= REFRESH_NANOS || !slowed.isEmpty();
    if (isRefresh) {
      refreshedAtNanos = now;
      costs.refresh(lanes, now);
    }
    if (markup.apply(slowed, now)) {
      costs.price(now);
      isUrgent = true;
    }
    if (isUrgent || (isRefresh && (isStale || drafting.isDue(now)))) {
      rebuild(now);
    }
    if (!announcer.isEmpty()) {
      announcer.flush(table, table, busiest(now));
    }
    return table;
  }

  private void sample(long now) {
    if (now - sampledAtNanos >= SAMPLE_NANOS) {
      sampledAtNanos = now;
      for (UpstreamState u : fleet.states) {
        u.sampleInFlight(now);
      }
    }
  }

  private void rebuild(long now) {
    RoutingTable before = table;
    TableDraft draft = drafting.draft(chain.name(), policy, heads.chainHead(), now);
    RoutingTable after = draft.toTable(before.version() + 1);
    isUrgent = false;
    isStale = false;
    table = after;
    compare(before, after);
    drift.review(after, busiest(now), now);
    announcer.flush(before, after, busiest(now));
  }

  private void compare(RoutingTable before, RoutingTable after) {
    if (after.isPanic() && !before.isPanic()) {
      announcer.chain(
          Kind.PANIC,
          after.isOverloaded()
              ? "those who are healthy cannot carry the load; those out who answer probes help"
              : "nobody healthy is left; the least suspect serve");
    } else if (before.isPanic() && !after.isPanic()) {
      announcer.chain(Kind.PANIC_ENDED, "those who are healthy serve alone again");
    }
    if (after.hasYieldedCaps() && !before.hasYieldedCaps()) {
      announcer.chain(Kind.CAP_YIELDED, "the caps of failure domains cannot all hold; calls win");
    } else if (before.hasYieldedCaps() && !after.hasYieldedCaps()) {
      announcer.chain(Kind.CAP_RESTORED, "the caps of failure domains hold again");
    }
  }

  private MethodClass busiest(long now) {
    MethodClass busiest = MethodClass.LIGHT;
    double most = 0;
    for (MethodClass c : MethodClass.ALL) {
      double rate = fleet.perSecond(c, now);
      if (rate > most) {
        most = rate;
        busiest = c;
      }
    }
    return busiest;
  }

  /**
   * The current table. May be called from any thread.
   *
   * @return the table of the last {@link #tick} that made one
   */
  public RoutingTable table() {
    return table;
  }

  /**
   * What was measured of latency, for display.
   *
   * @return a row for each upstream and class with samples
   */
  public List<LatencyRow> latency() {
    List<LatencyRow> rows = new ArrayList<>();
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      for (MethodClass c : MethodClass.ALL) {
        LatencyEstimate e = u.latency[c.index()];
        if (e.samples() >= 0.5) {
          Quantiles q = new Quantiles(millis(e, 0.5), millis(e, 0.95), millis(e, 0.99));
          rows.add(new LatencyRow(u.upstream, c, e.samples(), q, costs.row(c)[i]));
        }
      }
    }
    return rows;
  }

  private static double millis(LatencyEstimate estimate, double quantile) {
    return estimate.quantileNanos(quantile) / 1e6;
  }

  /**
   * The upstreams of the configuration in force.
   *
   * @return in its order
   */
  public List<Upstream> upstreams() {
    return fleet.topology.upstreams();
  }
}
