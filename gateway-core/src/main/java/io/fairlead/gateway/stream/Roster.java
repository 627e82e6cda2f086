package io.fairlead.gateway.stream;

import io.fairlead.gateway.stream.SourceChoice.Candidate;
import io.fairlead.gateway.stream.SourceChoice.Merit;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Health;
import io.fairlead.routing.time.NanoClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says which sources are to be listened to now: those that push for nothing, those that are chosen
 * for clients, those that look whether a silent chain goes on, and those that wait for their
 * successors.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class Roster {
  private static final long DAY_NANOS = TimeUnit.DAYS.toNanos(1);
  private static final long LONGEST_LEAVE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MOST_LOOKOUTS = 2;

  private final NanoClock clock;
  private final LongSupplier blockTimeNanos;
  private long newsAtNanos;

  /**
   * Who is to be listened to.
   *
   * @param wanted whom to begin or go on with
   * @param kept who may stay until others have taken over, if listened to
   */
  record Plan(Set<Source> wanted, Set<Source> kept) {}

  Roster(NanoClock clock, LongSupplier blockTimeNanos) {
    this.clock = clock;
    this.blockTimeNanos = blockTimeNanos;
    this.newsAtNanos = clock.nanoTime();
  }

  /** The chain has gone on, or somebody begins to wait for it. */
  void onNews() {
    newsAtNanos = clock.nanoTime();
  }

  /** What is known of all sources at one moment. */
  private record View(
      Collection<Member> members, RoutingTable table, Map<Source, Standing> standings) {
    Standing standing(Source source) {
      return standings.getOrDefault(source, Standing.OUT);
    }
  }

  /**
   * Makes a plan.
   *
   * @param members all upstreams, in the configuration's order
   * @param table where they stand
   * @param clients whether clients wait for heads
   * @param probesPerDay how many calls a day may be spent on each upstream without clients
   */
  Plan plan(Collection<Member> members, RoutingTable table, boolean clients, int probesPerDay) {
    View view = new View(members, table, standings(members, table));
    Set<Source> wanted = new LinkedHashSet<>();
    if (DAY_NANOS / Math.max(1, blockTimeNanos.getAsLong()) <= probesPerDay) {
      addFreePushes(view, wanted);
    }
    List<Source> chosen = clients ? chosen(view) : List.of();
    wanted.addAll(chosen);
    if (clients) {
      wanted.addAll(lookouts(view, chosen));
      addThoseThatTryAgain(view, wanted);
    }
    return new Plan(wanted, clients ? kept(view, wanted, chosen) : Set.of());
  }

  private static Map<Source, Standing> standings(Collection<Member> members, RoutingTable table) {
    Map<Source, Standing> standings = new LinkedHashMap<>();
    boolean isAnyWell = false;
    for (Member member : members) {
      Standing standing = Standing.of(member.spec().upstream(), table);
      isAnyWell |= standing.isWell();
      member.sources().forEach(source -> standings.put(source, standing));
    }
    if (isAnyWell) {
      standings.replaceAll((s, standing) -> standing == Standing.EJECTED ? Standing.OUT : standing);
    }
    return standings;
  }

  private static void addFreePushes(View view, Set<Source> wanted) {
    view.standings()
        .forEach(
            (source, standing) -> {
              if (source.isPush() && standing.mayBegin() && !source.isHeld()) {
                wanted.add(source);
              }
            });
  }

  private static List<Source> chosen(View view) {
    List<Source> offered = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (Member member : view.members()) {
      for (Source source : member.sources()) {
        if (isOffered(view, source) && !source.isDown()) {
          offered.add(source);
          candidates.add(candidate(view, member, source));
        }
      }
    }
    List<Source> chosen = new ArrayList<>();
    for (Candidate candidate : SourceChoice.choose(candidates)) {
      chosen.add(offered.get(candidates.indexOf(candidate)));
    }
    return chosen;
  }

  private static boolean isOffered(View view, Source source) {
    return view.standing(source).mayBegin() && !source.isHeld();
  }

  private static Candidate candidate(View view, Member member, Source source) {
    Upstream upstream = source.upstream();
    Merit merit =
        new Merit(
            view.standing(source) == Standing.LAGGING || source.isDoubted(),
            member.spec().isCommunity(),
            source.isRunning(),
            view.table().status(upstream).health() == Health.HEALTHY,
            view.table().share(upstream, MethodClass.LIGHT));
    return new Candidate(upstream, source.isPush(), merit);
  }

  /** Two more to poll when nobody tells anything: first such as are not listened to anyway. */
  private List<Source> lookouts(View view, List<Source> chosen) {
    List<Source> found = new ArrayList<>();
    if (!isChainSilent()) {
      return found;
    }
    Set<Upstream> heard = new LinkedHashSet<>();
    chosen.forEach(source -> heard.add(source.upstream()));
    addLookouts(view, found, chosen, heard);
    addLookouts(view, found, chosen, Set.of());
    return found;
  }

  private static void addLookouts(
      View view, List<Source> found, List<Source> chosen, Set<Upstream> heard) {
    for (Member member : view.members()) {
      for (Source source : member.sources()) {
        boolean isNew = !found.contains(source) && !chosen.contains(source);
        if (found.size() < MOST_LOOKOUTS
            && isNew
            && !source.isPush()
            && isOffered(view, source)
            && !heard.contains(source.upstream())) {
          found.add(source);
        }
      }
    }
  }

  private boolean isChainSilent() {
    return clock.nanoTime() - newsAtNanos >= Source.patienceNanos(blockTimeNanos.getAsLong());
  }

  /** Those that are down try again while they may; another serves in their place meanwhile. */
  private static void addThoseThatTryAgain(View view, Set<Source> wanted) {
    for (Member member : view.members()) {
      for (Source source : member.sources()) {
        if (source.isRunning() && source.isDown() && isOffered(view, source)) {
          wanted.add(source);
        }
      }
    }
  }

  private static Set<Source> kept(View view, Set<Source> wanted, List<Source> chosen) {
    Set<Source> kept = new LinkedHashSet<>();
    for (Member member : view.members()) {
      for (Source source : member.sources()) {
        boolean mayStay = view.standing(source) != Standing.OUT && !source.isHeld();
        if (mayStay && source.isRunning() && !wanted.contains(source)) {
          boolean isInTime = source.leave() < LONGEST_LEAVE_NANOS;
          if (isInTime && !isReplaced(source, chosen)) {
            kept.add(source);
          }
        }
      }
    }
    return kept;
  }

  private static boolean isReplaced(Source source, List<Source> chosen) {
    return chosen.stream().allMatch(other -> hasTold(other) || other.isDown())
        && chosen.stream()
            .anyMatch(other -> hasTold(other) && other.newestNumber() >= source.newestNumber());
  }

  private static boolean hasTold(Source source) {
    return source.isLive() && source.newestNumber() >= 0;
  }

  /** The highest block that other upstreams than a source's have told, -1 if none has. */
  static long newestOfOthers(Source source, Collection<Member> members) {
    long newest = -1;
    for (Member member : members) {
      if (member.spec().upstream() != source.upstream()) {
        for (Source other : member.sources()) {
          newest = Math.max(newest, other.isLive() ? other.newestNumber() : -1);
        }
      }
    }
    return newest;
  }
}
