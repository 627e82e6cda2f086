package io.fairlead.routing.table;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where the calls of one chain go: for each method class a share per upstream, with every reason.
 *
 * <p>Head-sensitive calls have shares of their own, since upstreams that lag serve the others
 * still. Questions about an upstream that is not in the table (dropped by a reload while an attempt
 * was in flight) are answered as for one that serves nothing.
 *
 * <p>Thread-safety: immutable. Event loops read the newest table once per call.
 *
 * <p>Units: nanoseconds, milliseconds and blocks as named; shares from 0 to 1.
 */
public final class RoutingTable {
  private static final long UNKNOWN_OVERDUE_NANOS = 250_000_000L;
  private static final long UNKNOWN_TIMEOUT_NANOS = 5_000_000_000L;
  private static final int UNWATCHED_ROOM = 64;

  private final long version;
  private final TableDraft made;
  private final Distribution[] distributions;
  private final boolean usable;

  RoutingTable(long version, TableDraft made, Distribution[] distributions) {
    this.version = version;
    this.made = made;
    this.distributions = distributions;
    boolean any = false;
    for (Distribution d : distributions) {
      any |= !d.isEmpty();
    }
    usable = any;
  }

  /**
   * The chain.
   *
   * @return its name
   */
  public String chain() {
    return made.chain;
  }

  /**
   * Counts the tables of the chain.
   *
   * @return one more than the table before had
   */
  public long version() {
    return version;
  }

  /**
   * How many upstreams there are, serving or not.
   *
   * @return 0 or more
   */
  public int size() {
    return made.topology.size();
  }

  /**
   * One upstream.
   *
   * @param index 0 to {@link #size()} - 1
   * @return the upstream
   */
  public Upstream upstream(int index) {
    return made.topology.upstream(index);
  }

  /**
   * All upstreams, serving or not.
   *
   * @return in the configuration's order
   */
  public List<Upstream> upstreams() {
    return made.topology.upstreams();
  }

  /**
   * Which failure domains the upstreams share.
   *
   * @return the topology
   */
  public Topology topology() {
    return made.topology;
  }

  /**
   * An upstream's share of the calls of a class that do not depend on the newest block.
   *
   * @param upstream which
   * @param methodClass of which class
   * @return 0 to 1
   */
  public double share(Upstream upstream, MethodClass methodClass) {
    return share(upstream, methodClass, false);
  }

  /**
   * An upstream's share of a class.
   *
   * @param upstream which
   * @param methodClass of which class
   * @param headSensitive of the calls that depend on the newest block, or of the others
   * @return 0 to 1
   */
  public double share(Upstream upstream, MethodClass methodClass, boolean headSensitive) {
    int i = made.topology.indexOf(upstream);
    return i < 0 ? 0 : distribution(methodClass, headSensitive).share[i];
  }

  /**
   * The share of all members of a failure domain together.
   *
   * @param domain which
   * @param methodClass of which class, head-sensitive or not alike
   * @return 0 to 1
   */
  public double share(FailureDomain domain, MethodClass methodClass) {
    Distribution d = distribution(methodClass, false);
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      if (upstream(i).spec().domains().contains(domain)) {
        sum += d.share[i];
      }
    }
    return sum;
  }

  /**
   * The shares of a class, explained.
   *
   * @param methodClass the class, for calls that do not depend on the newest block
   * @return an entry for every upstream, in the configuration's order
   */
  public List<ShareEntry> entries(MethodClass methodClass) {
    return entries(methodClass, false);
  }

  /**
   * The shares of a class, explained.
   *
   * @param methodClass the class
   * @param headSensitive for the calls that depend on the newest block, or for the others
   * @return an entry for every upstream, in the configuration's order
   */
  public List<ShareEntry> entries(MethodClass methodClass, boolean headSensitive) {
    Explanation explanation = explanation(methodClass, headSensitive);
    List<ShareEntry> entries = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      entries.add(explanation.entry(i));
    }
    return entries;
  }

  /**
   * Everything that made one upstream's share of a class.
   *
   * @param upstream one of {@link #upstreams()}
   * @param methodClass the class
   * @param headSensitive for the calls that depend on the newest block, or for the others
   * @return its share with every factor and the arithmetic between them
   */
  public ShareExplanation explain(
      Upstream upstream, MethodClass methodClass, boolean headSensitive) {
    return explanation(methodClass, headSensitive).whole(requireIndex(upstream));
  }

  private Explanation explanation(MethodClass methodClass, boolean headSensitive) {
    Distribution shares = distribution(methodClass, headSensitive);
    return new Explanation(made, shares, numbers(methodClass), headSensitive);
  }

  /**
   * Whether an upstream gets new calls of some class.
   *
   * @param upstream which
   * @return false when it is ejected, drained, on a wrong chain and the like; what is in flight
   *     there may be rescued
   */
  public boolean isServing(Upstream upstream) {
    int i = made.topology.indexOf(upstream);
    if (i >= 0) {
      for (Distribution d : distributions) {
        if (d.share[i] > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Where an upstream stands.
   *
   * @param upstream one of {@link #upstreams()}
   * @return its status on three axes
   */
  public UpstreamStatus status(Upstream upstream) {
    return made.status[requireIndex(upstream)];
  }

  private int requireIndex(Upstream upstream) {
    int i = made.topology.indexOf(upstream);
    if (i < 0) {
      throw new IllegalArgumentException(
          "upstream: " + upstream + " (expected: one of the table of " + chain() + ")");
    }
    return i;
  }

  /**
   * Whether an upstream has more in flight than it should: a pick then looks for another.
   *
   * @param upstream which
   * @return true while it has no room
   */
  public boolean isHot(Upstream upstream) {
    int i = made.topology.indexOf(upstream);
    return i >= 0 && roomOf(i) < 0;
  }

  /**
   * Whether evidence has put an upstream out, alone or with a domain of it.
   *
   * @param upstream which
   * @return true when what is in flight there had better be repeated elsewhere
   */
  public boolean isEjected(Upstream upstream) {
    int i = made.topology.indexOf(upstream);
    return i >= 0 && made.status[i].health() == UpstreamStatus.Health.EJECTED;
  }

  /**
   * Whether evidence has put an upstream out for a class: for everything, or for heavy calls alone.
   *
   * @param upstream which
   * @param methodClass for calls of which class
   * @return true when what is in flight there had better be repeated elsewhere
   */
  public boolean isEjected(Upstream upstream, MethodClass methodClass) {
    int i = made.topology.indexOf(upstream);
    return isEjected(upstream) || (i >= 0 && numbers(methodClass).readiness[i] == 0);
  }

  /**
   * From which age on an attempt in flight is evidence of silence. Where more is in flight than
   * makes an upstream hot, which happens when everybody is busy, answers come later by as much
   * (Little's law), and that is our doing. A black hole does not get there: calls leave the hot,
   * but for the one that makes it so and one more on its heels.
   *
   * @param upstream where it is
   * @param methodClass of which class
   * @return more than 0
   */
  public long overdueAfterNanos(Upstream upstream, MethodClass methodClass) {
    int i = made.topology.indexOf(upstream);
    if (i < 0) {
      return UNKNOWN_OVERDUE_NANOS;
    }
    double crowd = upstream.inFlight() / (2.0 + Math.max(0, made.hotAbove[i]));
    return (long) (Math.max(1, crowd) * numbers(methodClass).overdueAfterNanos[i]);
  }

  /**
   * From which age on a hedge is worth its while.
   *
   * @param upstream where the attempt is
   * @param methodClass of which class
   * @return {@link Long#MAX_VALUE} when that is unknown or hedges are off
   */
  public long hedgeAfterNanos(Upstream upstream, MethodClass methodClass) {
    int i = made.topology.indexOf(upstream);
    return i < 0 ? Long.MAX_VALUE : numbers(methodClass).hedgeAfterNanos[i];
  }

  /**
   * When an attempt is to be given up.
   *
   * @param upstream where it is
   * @param methodClass of which class
   * @return at most the timeout of a call
   */
  public long attemptTimeoutNanos(Upstream upstream, MethodClass methodClass) {
    int i = made.topology.indexOf(upstream);
    return i < 0 ? UNKNOWN_TIMEOUT_NANOS : numbers(methodClass).timeoutNanos[i];
  }

  /**
   * Whether some upstream can serve.
   *
   * @return false if every call would have to be shed
   */
  public boolean isUsable() {
    return usable;
  }

  /**
   * Whether those serve who are out: because nobody healthy is left, or because those who are
   * cannot carry the load.
   *
   * @return true in panic
   */
  public boolean isPanic() {
    for (Distribution d : distributions) {
      if (d.isPanic || d.isRelieved) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether caps of failure domains were let go, since calls would have been lost otherwise.
   *
   * @return true if some class could not keep within the caps
   */
  public boolean hasYieldedCaps() {
    for (Distribution d : distributions) {
      if (d.hasYielded) {
        return true;
      }
    }
    return false;
  }

  /**
   * The agreed head of the chain.
   *
   * @return the newest block's number, if known
   */
  public OptionalLong headBlocks() {
    return made.headBlocks;
  }

  /**
   * How many more attempts those who serve could take before they are hot or full. O(n).
   *
   * @return 0 or more; an upstream that nobody has watched yet counts for a few
   */
  public long room() {
    long sum = 0;
    for (int i = 0; i < size(); i++) {
      Upstream upstream = upstream(i);
      if (isServing(upstream)) {
        int free = upstream.spec().maxConcurrency() - upstream.inFlight();
        boolean isWatched = made.hotAbove[i] < Integer.MAX_VALUE;
        sum += Math.max(0, Math.min(free, isWatched ? roomOf(i) : UNWATCHED_ROOM));
      }
    }
    return sum;
  }

  Distribution distribution(MethodClass methodClass, boolean headSensitive) {
    return distributions[methodClass.index() * 2 + (headSensitive ? 1 : 0)];
  }

  /**
   * Whether there is more to do than the upstreams of some class can carry, as far as their limits
   * are known; what is too much is shed.
   *
   * @return true in overload
   */
  public boolean isOverloaded() {
    for (Distribution d : distributions) {
      if (d.isOverloaded) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many attempts an upstream has been found to carry at once.
   *
   * @param upstream one of {@link #upstreams()}
   * @return {@link Integer#MAX_VALUE} while unknown
   */
  public int limit(Upstream upstream) {
    int i = made.topology.indexOf(upstream);
    return i < 0 ? Integer.MAX_VALUE : made.limit[i];
  }

  /**
   * How many calls a second an upstream has been found to grant.
   *
   * @param upstream one of {@link #upstreams()}
   * @return infinite while unknown
   */
  public double quotaPerSecond(Upstream upstream) {
    int i = made.topology.indexOf(upstream);
    return i < 0 ? Double.POSITIVE_INFINITY : made.quota[i];
  }

  int limitOf(int index) {
    return made.limit[index];
  }

  int roomOf(int index) {
    return made.hotAbove[index] - upstream(index).inFlight();
  }

  /** Room for one more of a class before the upstream is hot for it; negative when it is. */
  int roomOf(int index, MethodClass methodClass) {
    int room = roomOf(index);
    return methodClass.isHeavy()
        ? Math.min(room, made.heavyAbove[index] - upstream(index).heavyInFlight())
        : room;
  }

  double lastResort(int index, boolean headSensitive) {
    return made.weights[index] > 0 && (!headSensitive || made.headReady[index])
        ? made.lastResort[index]
        : 0;
  }

  private TableDraft.ClassNumbers numbers(MethodClass methodClass) {
    return made.numbers[methodClass.index()];
  }
}
