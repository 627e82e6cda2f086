package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.HeadInlet;
import io.fairlead.gateway.feed.Header;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.time.Scheduler;
import io.fairlead.routing.time.Scheduler.Cancellable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the upstreams of one chain.
 *
 * <p><b>Whom.</b> An upstream with WebSocket that the routing table lets serve pushes its heads at
 * all times, as long as a day's heads fit into its probe budget: they stand in for probes. While
 * clients wait for heads there are up to three sources besides, chosen by {@link SourceChoice};
 * upstreams without WebSocket are polled then.
 *
 * <p><b>Change.</b> A source that is ejected, disconnected, silent or dropped is gone at once, and
 * another is chosen in the same breath. One that an operator drains, or that a better one replaces,
 * is kept until those chosen in its place have told a head, for ten seconds at the most. A silent
 * one (no block for three block times, as measured, while another told a higher one) is closed and
 * left alone for 20 s, longer each time. When nobody tells anything for three block times, two more
 * upstreams are polled, so that a chain that stands still and sources that fell asleep together are
 * told apart.
 *
 * <p>Thread-safety: confined to the home loop.
 */
public final class ChainStreams implements AutoCloseable {
  private static final long REVIEW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final double RECONNECTS_PER_SECOND = 1;

  private final Ports ports;
  private final Outlets outlets;
  private final UpstreamSocket.World world;
  private final LongSupplier blockTimeNanos;
  private final Map<Upstream, Member> members = new LinkedHashMap<>();
  private final Roster roster;
  private final PendingStreams pending;
  private final RandomGenerator random;
  private int dailyBudget;
  private StreamWants wants = StreamWants.NOTHING;
  private @Nullable Cancellable timer;
  private boolean isReviewDue;
  private boolean isStarted;

  /**
   * The ways out.
   *
   * @param table the chain's newest routing table
   * @param wires makes the WebSocket connections of an upstream that has some
   * @param polls asks one upstream over HTTP
   */
  public record Ports(
      Supplier<RoutingTable> table, Function<StreamSpec, Wires> wires, PollPort polls) {}

  /**
   * Where things come from that tests replace.
   *
   * @param scheduler the home loop
   * @param random spreads what would happen together
   * @param observer counts
   * @param blockTimeNanos between blocks, as measured
   */
  public record Surroundings(
      Scheduler scheduler,
      RandomGenerator random,
      StreamObserver observer,
      LongSupplier blockTimeNanos) {}

  /**
   * Where things go.
   *
   * @param heads the chain's story
   * @param listener everybody else
   */
  public record Outlets(HeadInlet heads, StreamListener listener) {}

  /**
   * Streams that listen to nobody yet.
   *
   * @param ports the ways out
   * @param surroundings time and chance
   * @param outlets where things go
   */
  public ChainStreams(Ports ports, Surroundings surroundings, Outlets outlets) {
    this.ports = ports;
    this.outlets = outlets;
    this.blockTimeNanos = surroundings.blockTimeNanos();
    Scheduler scheduler = surroundings.scheduler();
    this.world =
        new UpstreamSocket.World(
            scheduler,
            surroundings.random(),
            new Budget(0, RECONNECTS_PER_SECOND, scheduler),
            surroundings.observer());
    this.roster = new Roster(scheduler, surroundings.blockTimeNanos());
    this.random = surroundings.random();
    this.pending = new PendingStreams(world, ports.polls(), outlets.listener());
  }

  /** Begins. */
  public void start() {
    if (!isStarted) {
      isStarted = true;
      roster.onNews();
      review();
    }
  }

  /** Ends all connections; the inlet is told that everybody is gone. */
  @Override
  public void close() {
    isStarted = false;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    List.copyOf(members.values()).forEach(this::drop);
  }

  /**
   * Sets who may be listened to; what is told of one that stays goes on.
   *
   * @param specs the upstreams, in the configuration's order
   * @param probesPerDay how many probes each may be sent in a day, and be asked for how many bodies
   *     of pending transactions
   */
  public void setUpstreams(List<StreamSpec> specs, int probesPerDay) {
    dailyBudget = probesPerDay;
    pending.setBodiesPerDay(probesPerDay);
    for (Member member : List.copyOf(members.values())) {
      if (!specs.contains(member.spec())) {
        drop(member);
      }
    }
    Map<Upstream, Member> next = new LinkedHashMap<>();
    for (StreamSpec spec : specs) {
      Member known = members.get(spec.upstream());
      next.put(spec.upstream(), known == null ? newMember(spec) : known);
    }
    members.clear();
    members.putAll(next);
    reviewSoon();
  }

  /**
   * Says what clients wait for.
   *
   * @param wanted from now on
   */
  public void want(StreamWants wanted) {
    if (!wanted.equals(wants)) {
      if (!wants.heads()) {
        roster.onNews();
      }
      wants = wanted;
      reviewSoon();
    }
  }

  private Member newMember(StreamSpec spec) {
    Upstream upstream = spec.upstream();
    Line line =
        spec.ws() == null
            ? null
            : new Line(new UpstreamSocket(upstream, ports.wires().apply(spec), world));
    List<Source> sources = new ArrayList<>();
    if (line != null) {
      sources.add(newSource(upstream, true, ear -> new PushedHeads(line, ear)));
    }
    UpstreamRpc rpc = new PolledRpc(upstream, ports.polls(), world.observer());
    PolledHeads.Pace pace = new PolledHeads.Pace(world.scheduler(), random, blockTimeNanos);
    sources.add(newSource(upstream, false, ear -> new PolledHeads(rpc, pace, ear)));
    return new Member(spec, line, sources);
  }

  private Source newSource(
      Upstream upstream, boolean isPush, Function<HeadSource.Listener, HeadSource> heads) {
    return new Source(upstream, isPush, new Hub(heads), random);
  }

  private void drop(Member member) {
    members.remove(member.spec().upstream());
    pending.drop(member.spec().upstream());
    member.sources().forEach(Source::close);
    tellIfGone(member);
    if (member.line() != null) {
      member.line().cut();
    }
  }

  private void tellIfGone(Member member) {
    if (member.isTold() && !member.isLive()) {
      member.setTold(false);
      outlets.heads().onGone(member.spec().upstream());
    }
  }

  private void reviewSoon() {
    if (isStarted && !isReviewDue) {
      isReviewDue = true;
      world
          .scheduler()
          .schedule(
              () -> {
                isReviewDue = false;
                review();
              },
              0);
    }
  }

  /**
   * Looks at the routing table and at what came, and changes whom to listen to. Done five times a
   * second; to be called when the table has changed much.
   */
  public void review() {
    if (!isStarted) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timer = world.scheduler().schedule(this::review, REVIEW_NANOS);
    RoutingTable table = ports.table().get();
    long blockNanos = blockTimeNanos.getAsLong();
    holdSilent(blockNanos);
    Roster.Plan plan = roster.plan(members.values(), table, wants.heads(), dailyBudget);
    apply(plan);
    pending.review(members.values(), table, wants);
  }

  private void holdSilent(long blockNanos) {
    for (Source source : runningSources()) {
      if (source.isSilent(Roster.newestOfOthers(source, members.values()), blockNanos)) {
        world.observer().onSilent(source.upstream());
        source.hold();
      }
    }
  }

  private void apply(Roster.Plan plan) {
    for (Source source : plan.wanted()) {
      source.stay();
      if (!source.isRunning()) {
        source.open();
      }
    }
    for (Source source : runningSources()) {
      if (!plan.wanted().contains(source) && !plan.kept().contains(source)) {
        source.close();
      }
    }
    List.copyOf(members.values()).forEach(this::tellIfGone);
  }

  /** Who is listened to now. */
  public List<StreamView> views() {
    return runningSources().stream().map(Source::view).toList();
  }

  private List<Source> runningSources() {
    List<Source> running = new ArrayList<>();
    for (Member member : members.values()) {
      for (Source source : member.sources()) {
        if (source.isRunning()) {
          running.add(source);
        }
      }
    }
    return running;
  }

  private void onHead(Upstream by, Header head) {
    Member member = members.get(by);
    if (member != null) {
      member.setTold(true);
      outlets.heads().onHead(by, head);
      outlets.listener().onHeadSeen(by, head);
    }
  }

  private void onChanged(Source source) {
    Member member = members.get(source.upstream());
    if (member != null) {
      tellIfGone(member);
      reviewSoon();
    }
  }

  /** What one source has of the rest. */
  private final class Hub implements Source.Hub {
    private final Function<HeadSource.Listener, HeadSource> heads;

    Hub(Function<HeadSource.Listener, HeadSource> heads) {
      this.heads = heads;
    }

    @Override
    public Scheduler scheduler() {
      return world.scheduler();
    }

    @Override
    public HeadSource newHeads(Source source) {
      return heads.apply(source);
    }

    @Override
    public void onHead(Source source, Header head, boolean isProgress) {
      if (isProgress || head.number() > Roster.newestOfOthers(source, members.values())) {
        roster.onNews();
      }
      ChainStreams.this.onHead(source.upstream(), head);
    }

    @Override
    public void onChanged(Source source) {
      ChainStreams.this.onChanged(source);
    }
  }
}
