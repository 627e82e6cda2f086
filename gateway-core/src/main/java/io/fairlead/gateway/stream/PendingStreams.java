package io.fairlead.gateway.stream;

import io.fairlead.gateway.stream.SourceChoice.Candidate;
import io.fairlead.gateway.stream.SourceChoice.Merit;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Health;
import io.fairlead.routing.time.Scheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pending transactions that a chain's upstreams announce, each told once.
 *
 * <p>While clients want them they are taken from up to two upstreams, chosen as those for heads
 * are; one that is drained or ejected is left at once, for the other goes on. Where a client wants
 * whole transactions and an upstream announces hashes only, the transaction is asked for at that
 * upstream; if it has gone meanwhile, its hash alone is told.
 *
 * <p>Bounds: {@link SeenHashes#MOST} hashes are remembered, {@link #MOST_FETCHES} transactions are
 * asked for at once, and of each upstream no more in a day than it may be sent probes.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class PendingStreams {
  /** The most transactions that are asked for at once. */
  static final int MOST_FETCHES = 64;

  private static final int MOST_SOURCES = 2;
  private static final long FETCH_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final StreamListener listener;
  private final PollPort polls;
  private final StreamObserver observer;
  private final Map<Upstream, List<PendingEar>> ears = new LinkedHashMap<>();
  private final SeenHashes seen = new SeenHashes();
  private StreamWants wants = StreamWants.NOTHING;
  private final Map<Upstream, BodyBudget> budgets = new HashMap<>();
  private int bodiesPerDay;
  private int fetches;

  PendingStreams(UpstreamSocket.World world, PollPort polls, StreamListener listener) {
    this.scheduler = world.scheduler();
    this.random = world.random();
    this.observer = world.observer();
    this.polls = polls;
    this.listener = listener;
  }

  /** Sets how many bodies each upstream may be asked for in a day. */
  void setBodiesPerDay(int most) {
    bodiesPerDay = most;
  }

  /** Chooses anew whom to listen to. */
  void review(Collection<Member> members, RoutingTable table, StreamWants wanted) {
    if (wanted.pendingBodies() != wants.pendingBodies()) {
      closeAll();
    }
    wants = wanted;
    Set<PendingEar> chosen = wanted.isPending() ? choose(members, table) : new LinkedHashSet<>();
    for (List<PendingEar> ways : ears.values()) {
      ways.stream().filter(ear -> !chosen.contains(ear)).forEach(PendingEar::close);
    }
    for (PendingEar ear : chosen) {
      if (!ear.isOpen()) {
        Line line = line(members, ear);
        ear.open(newSource(ear, line));
      }
    }
  }

  /** An upstream is dropped. */
  void drop(Upstream upstream) {
    budgets.remove(upstream);
    List<PendingEar> ways = ears.remove(upstream);
    if (ways != null) {
      ways.forEach(PendingEar::close);
    }
  }

  private void closeAll() {
    ears.values().forEach(ways -> ways.forEach(PendingEar::close));
  }

  private Set<PendingEar> choose(Collection<Member> members, RoutingTable table) {
    List<PendingEar> offered = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (Member member : members) {
      Upstream upstream = member.spec().upstream();
      Standing standing = Standing.of(upstream, table);
      for (PendingEar ear : ears.computeIfAbsent(upstream, u -> newEars(member))) {
        ear.judge();
        if (standing.isWell() && !ear.isHeld()) {
          offered.add(ear);
          candidates.add(candidate(member, ear, table));
        }
      }
    }
    Set<PendingEar> chosen = new LinkedHashSet<>();
    for (Candidate candidate : SourceChoice.choose(candidates)) {
      if (chosen.size() < MOST_SOURCES) {
        chosen.add(offered.get(candidates.indexOf(candidate)));
      }
    }
    return chosen;
  }

  private static Candidate candidate(Member member, PendingEar ear, RoutingTable table) {
    Upstream upstream = ear.upstream();
    Merit merit =
        new Merit(
            Standing.of(upstream, table) == Standing.LAGGING,
            member.spec().isCommunity(),
            ear.isOpen(),
            table.status(upstream).health() == Health.HEALTHY,
            table.share(upstream, MethodClass.LIGHT));
    return new Candidate(upstream, ear.isPush(), merit);
  }

  private List<PendingEar> newEars(Member member) {
    Upstream upstream = member.spec().upstream();
    PendingEar.World world = new PendingEar.World(scheduler, random, this::onPending);
    List<PendingEar> made = new ArrayList<>();
    Line line = member.line();
    if (line != null) {
      made.add(new PendingEar(upstream, true, line.socket(), world));
    }
    made.add(new PendingEar(upstream, false, new PolledRpc(upstream, polls, observer), world));
    return made;
  }

  private static @Nullable Line line(Collection<Member> members, PendingEar ear) {
    for (Member member : members) {
      if (member.spec().upstream() == ear.upstream()) {
        return member.line();
      }
    }
    return null;
  }

  private PendingSource newSource(PendingEar ear, @Nullable Line line) {
    return ear.isPush() && line != null
        ? new PushedPending(line, wants.pendingBodies(), ear)
        : new PolledPending(ear.rpc(), scheduler, random, ear);
  }

  private void onPending(PendingEar ear, String json) {
    String hash = JsonArray.hash(json);
    if (hash == null || !seen.add(hash)) {
      return;
    }
    if (!wants.pendingBodies()) {
      listener.onPending(hash, null);
    } else if (json.startsWith("{")) {
      listener.onPending(hash, json);
    } else {
      fetch(ear, hash);
    }
  }

  private boolean mayAsk(Upstream upstream) {
    return budgets
        .computeIfAbsent(upstream, u -> new BodyBudget(scheduler, bodiesPerDay))
        .tryTake(bodiesPerDay);
  }

  private void fetch(PendingEar ear, String hash) {
    if (fetches == MOST_FETCHES || !mayAsk(ear.upstream())) {
      listener.onPending(hash, null);
      return;
    }
    fetches++;
    ear.rpc()
        .ask(
            new RpcQuestion("eth_getTransactionByHash", "[\"" + hash + "\"]", FETCH_TIMEOUT_NANOS),
            new RpcReply() {
              @Override
              public void onResult(String json) {
                fetches--;
                listener.onPending(hash, json.startsWith("{") ? json : null);
              }

              @Override
              public void onFailure(RpcFailure failure) {
                fetches--;
                listener.onPending(hash, null);
              }
            });
  }
}
