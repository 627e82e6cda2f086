package io.fairlead.gateway.control;

import io.fairlead.gateway.control.ControlException.Kind;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.Intent;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Carries out what operators ask for: checks the target, keeps the override on disk, puts the
 * intents in force on the control loop, where the routers write down who did what and why.
 *
 * <p>The disk is written on the caller's thread, so that a slow disk never holds up the control
 * loop; the loop always applies all overrides that the store then has, so the order of two callers
 * does not matter. Expiry is looked at with each tick and needs no disk.
 *
 * <p>Thread-safety: safe; {@link #start} and {@link #onTick} on the control loop only.
 */
public final class Steering implements RoutingControl {
  /** How long a caller waits for a loop, which answers within a tick unless it hangs. */
  private static final long LOOP_TIMEOUT_SECONDS = 10;

  private static final Signature FAIRLEAD = new Signature(RoutingEvent.FAIRLEAD, "");
  private static final Signature EXPIRY = new Signature(RoutingEvent.FAIRLEAD, "its time is over");

  private final ControlLoop loop;
  private final OverrideStore store;
  private final EventLog events;
  private final Fleet fleet;
  private final String version;
  private final ChangeFeed changes = new ChangeFeed();
  private final ReentrantLock changing = new ReentrantLock();
  private List<RoutingTable> announced = List.of();

  /**
   * Steering for a running gateway.
   *
   * @param loop the control loop
   * @param store the operators' overrides
   * @param events where changes are written down
   * @param fleet the chains
   * @param version the program's version
   */
  public Steering(
      ControlLoop loop, OverrideStore store, EventLog events, Fleet fleet, String version) {
    this.loop = loop;
    this.store = store;
    this.events = events;
    this.fleet = fleet;
    this.version = version;
  }

  /** Puts the overrides of the last run in force, before the first call is routed. */
  public void start() {
    store
        .problem()
        .ifPresent(
            problem ->
                log(RoutingEvent.Kind.OVERRIDES_LOST, "state", problem, RoutingEvent.FAIRLEAD));
    store.lapsed().forEach(this::logLapsed);
    store.expire().forEach(this::logLapsed);
    publish(FAIRLEAD);
  }

  /** The routers never knew what was over before they were made. */
  private void logLapsed(OperatorOverride over) {
    String what = over.action() instanceof Action.Weight ? "weight" : "drain";
    String at = over.term().expiresAt().map(end -> ": its time was over at " + end).orElse("");
    events.append(
        new RoutingEvent(
            over.target().chain(),
            RoutingEvent.Kind.RESTORED,
            over.target().toString(),
            "the " + what + " set by " + over.by().author() + " ended before this start" + at,
            RoutingEvent.FAIRLEAD,
            0,
            0));
  }

  /** Ends overrides whose time is over and tells watchers of new tables; once after each tick. */
  public void onTick() {
    if (!store.expire().isEmpty()) {
      publish(EXPIRY);
    } else if (!announced.equals(fleet.tables())) {
      announce();
    }
  }

  /**
   * The operators' intents now in force, for whoever makes a router.
   *
   * @return the less specific first
   */
  public List<Intent> intents() {
    return Intents.of(store.all());
  }

  @Override
  public List<RoutingTable> tables() {
    return fleet.tables();
  }

  @Override
  public List<OperatorOverride> overrides() {
    return store.all();
  }

  @Override
  public ChangeFeed changes() {
    return changes;
  }

  @Override
  public EventLog events() {
    return events;
  }

  @Override
  public List<LatencyRow> latency() throws ControlException {
    return onLoop(fleet::latency);
  }

  @Override
  public List<KnownGap> gaps(Upstream upstream) {
    return fleet.gaps(upstream);
  }

  @Override
  public List<ChainSubscriptions> subscriptions(int most) throws ControlException {
    return await(fleet.subscriptions(most).toCompletableFuture(), "an event loop does not answer");
  }

  @Override
  public Change apply(Order order) throws ControlException {
    Targets.require(order.target(), fleet.tables());
    return oneByOne(
        () -> {
          OverrideStore.Put put = keep(() -> store.put(order));
          return onLoop(
              () -> {
                publish(order.by());
                return toChange(order.target(), Optional.of(put.made()), put.replaced());
              });
        });
  }

  @Override
  public Change restore(Target target, Signature by) throws ControlException {
    return oneByOne(
        () -> {
          List<OperatorOverride> removed = keep(() -> store.restore(target));
          if (removed.isEmpty()) {
            Targets.require(target, fleet.tables());
            throw new ControlException(Kind.PRECONDITION, notOverridden(target));
          }
          return onLoop(
              () -> {
                publish(by);
                return toChange(target, Optional.empty(), removed);
              });
        });
  }

  @Override
  public List<String> reload(Signature by) throws ControlException {
    try {
      return oneByOne(
          () -> {
            List<String> lines = fleet.reload();
            return onLoop(
                () -> {
                  publish(FAIRLEAD);
                  String reason = lines.isEmpty() ? "nothing changed" : String.join("; ", lines);
                  log(RoutingEvent.Kind.RELOADED, "config", reason, by.author());
                  return lines;
                });
          });
    } catch (ControlException e) {
      String reason = String.valueOf(e.getMessage());
      log(RoutingEvent.Kind.RELOAD_REFUSED, "config", reason, by.author());
      throw e;
    }
  }

  @Override
  public String version() {
    return version;
  }

  private void publish(Signature ended) {
    loop.assertInLoop();
    fleet.applyIntents(intents(), ended);
    announce();
  }

  private void log(RoutingEvent.Kind kind, String subject, String reason, String author) {
    events.append(new RoutingEvent("", kind, subject, reason, author, 0, 0));
  }

  private void announce() {
    announced = fleet.tables();
    changes.announce();
  }

  private Change toChange(
      Target target, Optional<OperatorOverride> made, List<OperatorOverride> removed) {
    List<RoutingTable> tables = fleet.tables();
    List<Upstream> matched = Targets.matching(target, tables);
    List<String> warnings = new ArrayList<>();
    for (RoutingTable table : tables) {
      if (matched.stream().anyMatch(upstream -> upstream.chain().equals(table.chain()))) {
        warning(table).ifPresent(warnings::add);
      }
      made.filter(override -> override.action() instanceof Action.Weight)
          .flatMap(weight -> drained(target, table))
          .ifPresent(warnings::add);
    }
    return new Change(made, removed, matched.stream().map(Upstream::toString).toList(), warnings);
  }

  private static Optional<String> drained(Target target, RoutingTable table) {
    String ids =
        table.upstreams().stream()
            .filter(target::matches)
            .filter(u -> table.status(u).administrative() == Administrative.DRAINING)
            .map(Upstream::id)
            .collect(Collectors.joining(", "));
    return ids.isEmpty()
        ? Optional.empty()
        : Optional.of(table.chain() + ": drained, so the weight waits for a restore: " + ids);
  }

  private static Optional<String> warning(RoutingTable table) {
    if (!table.isUsable()) {
      return Optional.of(table.chain() + ": no upstream can serve now");
    }
    return table.isPanic()
        ? Optional.of(table.chain() + ": nobody healthy is left, the least suspect serve")
        : Optional.empty();
  }

  private String notOverridden(Target target) {
    String overridden =
        store.all().stream()
            .map(override -> named(override.target()))
            .distinct()
            .collect(Collectors.joining(", "));
    return "target: "
        + named(target)
        + " (expected: one that is overridden, now "
        + (overridden.isEmpty() ? "none" : overridden)
        + ")";
  }

  private static String named(Target target) {
    return target + (target.chain().isEmpty() ? " on all chains" : " on " + target.chain());
  }

  /** One operator after the other, so that an event names the one whose act it tells of. */
  private <T> T oneByOne(Work<T> work) throws ControlException {
    changing.lock();
    try {
      return work.run();
    } finally {
      changing.unlock();
    }
  }

  private <T> T onLoop(Supplier<T> work) throws ControlException {
    try {
      return await(
          CompletableFuture.supplyAsync(work, loop),
          "the control loop could not do it; see the log");
    } catch (RejectedExecutionException e) {
      throw new ControlException(Kind.UNABLE, "the gateway is shutting down", e);
    }
  }

  private static <T> T await(CompletableFuture<T> answer, String failure) throws ControlException {
    try {
      return answer.get(LOOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ControlException(Kind.UNABLE, failure, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlException(Kind.UNABLE, "interrupted while the change was made", e);
    }
  }

  private static <T> T keep(Kept<T> change) throws ControlException {
    try {
      return change.run();
    } catch (IOException e) {
      throw new ControlException(
          Kind.UNABLE, "state.dir: " + e + " (expected: a folder that can be written)", e);
    }
  }

  /** What an operator asks for. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws ControlException;
  }

  /** A change of the state folder. */
  @FunctionalInterface
  private interface Kept<T> {
    T run() throws IOException;
  }
}
