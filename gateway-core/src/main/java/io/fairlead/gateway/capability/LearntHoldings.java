package io.fairlead.gateway.capability;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.Holdings;
import io.fairlead.gateway.control.KnownGap;
import io.fairlead.gateway.jsonrpc.method.DataKind;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Learns what upstreams lack from what they answer, and keeps calls from those that lack it.
 *
 * <p><b>Idea.</b> Nodes prune from the oldest block upwards, each kind of data for itself, so what
 * an upstream holds of a kind is one number: its oldest block. An error that says that the data of
 * block N is not there puts that number above N at once; a method that is not there is noted by its
 * name. Whoever is asked next goes past the upstream without paying for a failed attempt.
 *
 * <p><b>Doubt.</b> Everything learnt is believed for a time only, ten minutes (spread by a fifth
 * either way), then the upstream is tried again; each time it fails in the same way it is believed
 * twice as long, up to {@link #LONGEST_NANOS}. An answer that contradicts what is believed corrects
 * it at once. What by its code alone may mean a missing method ({@link
 * Verdict.Kind#METHOD_REFUSED}) begins with thirty seconds. An address behind which several nodes
 * stand, some pruned and some not, thus is used for old blocks now and then and not for ever
 * banned; that costs it old reads that it might have served.
 *
 * <p><b>Nobody has it.</b> Some nodes say that a method is missing when they cannot read its
 * parameters. So that one client's nonsense does not take a method from all, a method of the method
 * data that everybody is believed to lack is asked for nevertheless.
 *
 * <p><b>What does not count.</b> A block near or above the upstream's head is not pruned but not
 * there yet: only blocks {@link #MARGIN_BLOCKS} below its head teach anything. Blocks that are
 * asked for by hash, and tags, have no height and teach nothing. A null teaches only where it is a
 * whole block that is missing at a height that must have one.
 *
 * <p><b>Bounds.</b> An upstream has one number a kind and at most {@link #MOST_METHODS} methods, so
 * that clients who invent names cost no memory. <b>Cost.</b> While nothing is known a question pays
 * one volatile read; else two look-ups for each candidate that a pick considers.
 *
 * <p>Deviation: nodes that keep the newest and the oldest blocks but not those between (a snapshot
 * sync with ancient data) are taken for pruned below the highest gap found.
 *
 * <p>Thread-safety: safe. Reads see an immutable snapshot behind one volatile reference; writes are
 * rare and synchronized.
 */
public final class LearntHoldings implements Holdings {
  private static final long GAP_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long DOUBTFUL_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(2);
  private static final double JITTER = 0.2;
  private static final long MARGIN_BLOCKS = 32;
  private static final int MOST_METHODS = 256;
  private static final int MOST_DOUBLINGS = 8;

  private final RandomGenerator random;
  private final GapListener listener;
  private volatile Map<String, Holding> holdings = Map.of();

  /** Told of new gaps in an upstream's data. */
  @FunctionalInterface
  public interface GapListener {
    /**
     * An upstream does not hold the data of a block.
     *
     * @param id the upstream
     * @param kind what it lacks
     * @param block the youngest block of which it is known to lack it
     * @param headBlocks where its head is
     */
    void onGap(String id, DataKind kind, long block, long headBlocks);
  }

  /**
   * Knows nothing yet.
   *
   * @param random spreads the instants at which upstreams are tried again
   * @param listener told of gaps on the event loop that found them
   */
  public LearntHoldings(RandomGenerator random, GapListener listener) {
    this.random = random;
    this.listener = listener;
  }

  @Override
  public @Nullable Predicate<Upstream> filter(
      CallMessage message, RoutingTable table, long nowNanos) {
    Map<String, Holding> known = holdings;
    if (known.isEmpty()) {
      return null;
    }
    Need need = Need.of(message);
    boolean isAsked = message.spec().isExact() && isNowhere(need, known, table, nowNanos);
    return upstream -> {
      Holding holding = known.get(upstream.id());
      return holding == null
          || !(holding.lacksData(need, nowNanos)
              || (!isAsked && holding.lacksMethod(need, nowNanos)));
    };
  }

  private static boolean isNowhere(
      Need need, Map<String, Holding> known, RoutingTable table, long nowNanos) {
    for (Upstream upstream : table.upstreams()) {
      Holding holding = known.get(upstream.id());
      if (holding == null || !holding.lacksMethod(need, nowNanos)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void onAnswer(
      Upstream by, CallMessage message, Verdict verdict, RoutingTable table, long nowNanos) {
    switch (verdict.kind()) {
      case ANSWERED -> {
        if (!holdings.isEmpty()) {
          onHeld(by.id(), Need.of(message));
        }
      }
      case METHOD_MISSING -> onNoMethod(by.id(), message.methodName(), GAP_NANOS, nowNanos);
      case METHOD_REFUSED -> onNoMethod(by.id(), message.methodName(), DOUBTFUL_NANOS, nowNanos);
      case STATE_MISSING -> onMissing(by, Need.of(message), table, nowNanos);
      case ANSWERED_NULL -> {
        MethodSpec spec = message.spec();
        if (spec.shows() == MethodSpec.Shows.NUMBER && spec.blockPosition() >= 0) {
          onMissing(by, Need.of(message), table, nowNanos);
        }
      }
      default -> {}
    }
  }

  private void onMissing(Upstream by, Need need, RoutingTable table, long nowNanos) {
    OptionalLong own = table.status(by).headBlocks();
    long head = own.orElse(table.headBlocks().orElse(-1));
    if (need.hasHeight() && need.block() + MARGIN_BLOCKS <= head) {
      onNoData(by.id(), need, nowNanos);
      listener.onGap(by.id(), need.kind(), need.block(), head);
    }
  }

  private void onHeld(String id, Need need) {
    Holding holding = holdings.get(id);
    if (holding == null) {
      return;
    }
    Gap gap = holding.data().get(need.kind());
    if (isContradicted(gap, need) || holding.methods().containsKey(need.method())) {
      correct(id, need);
    }
  }

  private synchronized void correct(String id, Need need) {
    Holding holding = of(id).withMethod(need.method(), null);
    Gap gap = holding.data().get(need.kind());
    if (gap != null && isContradicted(gap, need)) {
      holding = holding.withData(need.kind(), gap.downTo(need.block()));
    }
    put(id, holding);
  }

  /** Every node keeps the first block. */
  private static boolean isContradicted(@Nullable Gap gap, Need need) {
    return gap != null && need.hasHeight() && need.block() > 0 && need.block() < gap.oldestBlocks();
  }

  private synchronized void onNoMethod(String id, String method, long nanos, long nowNanos) {
    Holding holding = of(id);
    if (holding.methods().size() >= MOST_METHODS) {
      holding = holding.tidy(nowNanos);
    }
    Gap before = holding.methods().get(method);
    if (before != null || holding.methods().size() < MOST_METHODS) {
      put(id, holding.withMethod(method, gap(Gap.NOTHING_HELD, before, nanos, nowNanos)));
    }
  }

  private synchronized void onNoData(String id, Need need, long nowNanos) {
    Holding holding = of(id);
    Gap before = holding.data().get(need.kind());
    long oldest = need.block() + 1;
    if (before != null && before.oldestBlocks() > oldest) {
      oldest = before.oldestBlocks();
    }
    put(id, holding.withData(need.kind(), gap(oldest, before, GAP_NANOS, nowNanos)));
  }

  /** A gap that was found now; what was found again after its time is believed for longer. */
  private Gap gap(long oldest, @Nullable Gap before, long nanos, long nowNanos) {
    int times = 1;
    if (before != null) {
      times = before.isBelieved(nowNanos) ? before.times() : before.times() + 1;
    }
    long believed = Math.min(LONGEST_NANOS, nanos << Math.min(times - 1, MOST_DOUBLINGS));
    double spread = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return new Gap(oldest, nowNanos + (long) (believed * spread), times);
  }

  /**
   * An upstream's oldest block of a kind, as it says itself or a search found.
   *
   * @param id the upstream
   * @param kind what it holds
   * @param oldestBlocks the oldest block of which it holds it; {@link Long#MAX_VALUE} for none
   * @param nanos for how long that is to be believed
   * @param nowNanos the time of the loops' clock
   */
  public synchronized void onOldest(
      String id, DataKind kind, long oldestBlocks, long nanos, long nowNanos) {
    Gap gap = oldestBlocks <= 0 ? null : new Gap(oldestBlocks, nowNanos + nanos, 1);
    put(id, of(id).withData(kind, gap));
  }

  /**
   * Forgets upstreams.
   *
   * @param ids those of which everything is forgotten
   */
  public synchronized void forget(Collection<String> ids) {
    Map<String, Holding> changed = new HashMap<>(holdings);
    changed.keySet().removeAll(ids);
    holdings = Map.copyOf(changed);
  }

  /**
   * Forgets all upstreams but some.
   *
   * @param ids those that stay
   */
  public synchronized void retain(Collection<String> ids) {
    Map<String, Holding> changed = new HashMap<>(holdings);
    changed.keySet().retainAll(ids);
    holdings = Map.copyOf(changed);
  }

  private Holding of(String id) {
    return holdings.getOrDefault(id, Holding.WHOLE);
  }

  private void put(String id, Holding holding) {
    Map<String, Holding> changed = new HashMap<>(holdings);
    if (holding.isWhole()) {
      changed.remove(id);
    } else {
      changed.put(id, holding);
    }
    holdings = Map.copyOf(changed);
  }

  @Override
  public @Nullable Lack lack(CallMessage message, RoutingTable table, long nowNanos) {
    Map<String, Holding> known = holdings;
    return known.isEmpty() ? null : new Shortfall(Need.of(message), known, nowNanos).in(table);
  }

  /**
   * What an upstream is known to hold only from some block on.
   *
   * @param id the upstream
   * @param nowNanos the time of the loops' clock
   * @return its oldest block by kind, for kinds with a gap that is believed
   */
  public Map<DataKind, Long> oldest(String id, long nowNanos) {
    Map<DataKind, Long> oldest = new HashMap<>();
    of(id)
        .data()
        .forEach(
            (kind, gap) -> {
              if (gap.isBelieved(nowNanos)) {
                oldest.put(kind, gap.oldestBlocks());
              }
            });
    return oldest;
  }

  /**
   * How many methods an upstream is believed to lack.
   *
   * @param id the upstream
   * @param nowNanos the time of the loops' clock
   * @return the number
   */
  public long missingMethods(String id, long nowNanos) {
    return of(id).methods().values().stream().filter(gap -> gap.isBelieved(nowNanos)).count();
  }

  /**
   * All that an upstream is believed to lack.
   *
   * @param id the upstream
   * @param nowNanos the time of the loops' clock
   * @return kinds of data, then methods, by name
   */
  public List<KnownGap> gaps(String id, long nowNanos) {
    return of(id).known(nowNanos);
  }
}
