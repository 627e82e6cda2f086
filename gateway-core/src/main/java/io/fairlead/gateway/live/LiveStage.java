package io.fairlead.gateway.live;

import io.fairlead.gateway.demo.load.CallShares;
import io.fairlead.gateway.demo.load.LoadGenerator;
import io.fairlead.gateway.demo.load.LoadPlan;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.sim.scenario.ClassLoad;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.table.RoutingTable;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays a scenario: runs the load, makes faults come and go on time, and keeps what it sees.
 *
 * <p>Thread-safety: {@link #play} and {@link #onEvent} are safe; the rest is confined to the loop,
 * apart from the seen, which is for whoever waited for the end.
 */
final class LiveStage {
  private static final long SAMPLE_NANOS = 10_000_000;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final double NANOS_A_SECOND = 1e9;

  private final EventLoop loop;
  private final Scenario scenario;
  private final LiveWorld world;
  private final Script script;
  private final Seen seen = new Seen();
  private final Set<String> targets;
  private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Seen> ended = new CompletableFuture<>();
  private long startNanos;

  /**
   * How it is played.
   *
   * @param warmUp before the play begins
   * @param seed decides the load
   * @param onProgress told what happens, on the loop
   */
  record Script(Duration warmUp, long seed, Consumer<String> onProgress) {}

  /** What was seen; complete when the play is over. */
  static final class Seen {
    final CallTrack calls = new CallTrack();
    final ShareTrack shares = new ShareTrack();
    final List<NodeCount> nodeCounts = new ArrayList<>();
    final List<LiveResult.Event> events = new ArrayList<>();
    final List<String> complaints = new ArrayList<>();
  }

  /** What the targets had got at an instant, all together. */
  record NodeCount(long atNanos, long requests, long limited) {}

  private record Heard(long atNanos, RoutingEvent event) {}

  LiveStage(EventLoop loop, Scenario scenario, LiveWorld world, Script script) {
    this.loop = loop;
    this.scenario = scenario;
    this.world = world;
    this.script = script;
    this.targets = targets(scenario);
  }

  /** Told of what the gateway decided. Any thread. */
  void onEvent(RoutingEvent event) {
    heard.add(new Heard(loop.ticker().nanoTime(), event));
  }

  /** Begins; done when every call has ended. */
  CompletableFuture<Seen> play(LiveGateway before) {
    loop.execute(() -> run(() -> warmUp(before)));
    return ended;
  }

  private void warmUp(LiveGateway before) {
    LoadGenerator created =
        new LoadGenerator(
            loop,
            before.rpcAddress(),
            world.world().chain(),
            plan(),
            new SplittableRandom(script.seed()));
    startNanos = loop.ticker().nanoTime() + script.warmUp().toNanos();
    script.onProgress().accept("warming up for " + script.warmUp().toSeconds() + " s");
    created.warmUp();
    later(script.warmUp().toNanos(), () -> start(before, created));
  }

  /** The upstreams that some fault befalls. */
  static Set<String> targets(Scenario scenario) {
    Set<String> targets = new LinkedHashSet<>();
    scenario.faults().forEach(fault -> targets.addAll(fault.targets().upstreamIds()));
    return targets;
  }

  private LoadPlan plan() {
    List<CallShares.Part> parts =
        scenario.load().classes().stream()
            .map(c -> new CallShares.Part(c.methodClass(), c.share(), c.headSensitiveShare()))
            .toList();
    return new LoadPlan(
        new LoadPlan.Rate(
            due -> scenario.load().perSecond(Math.max(0, due)),
            Math.max(1, scenario.load().perSecond(0))),
        Duration.ofNanos(scenario.play().timeoutNanos()),
        new CallShares(parts, 0),
        LoadPlan.Stages.NONE,
        seen.calls::add);
  }

  private void start(LiveGateway before, LoadGenerator sending) {
    startNanos = loop.ticker().nanoTime();
    sending.start();
    for (LiveWorld.Change change : LiveWorld.changes(scenario)) {
      if (change.atNanos() < scenario.play().durationNanos()) {
        later(change.atNanos(), () -> apply(change));
      }
    }
    later(scenario.play().durationNanos(), () -> sending.stop(() -> end(sending)));
    sample(before);
    everySecond(before);
  }

  private void apply(LiveWorld.Change change) {
    script
        .onProgress()
        .accept(
            String.format(
                Locale.ROOT, "%6.2f s  %s: %s", seconds(), change.nodeIds(), change.fault()));
    var unused = world.apply(change).exceptionally(this::onBroken);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException broken) {
      onBroken(broken);
    }
  }

  private @Nullable Void onBroken(Throwable cause) {
    ended.completeExceptionally(cause);
    return null;
  }

  private void sample(LiveGateway before) {
    if (!ended.isDone()) {
      seen.shares.add(nanos(), share(before.table()));
      later(SAMPLE_NANOS, () -> sample(before));
    }
  }

  private double share(RoutingTable table) {
    double share = 0;
    for (Upstream upstream : table.upstreams()) {
      if (targets.contains(upstream.id())) {
        for (ClassLoad c : scenario.load().classes()) {
          double atHead = table.share(upstream, c.methodClass(), true);
          double other = table.share(upstream, c.methodClass(), false);
          share += c.share() * (other + c.headSensitiveShare() * (atHead - other));
        }
      }
    }
    return share;
  }

  private void everySecond(LiveGateway before) {
    if (ended.isDone()) {
      return;
    }
    countNodes();
    tellEvents();
    long now = nanos();
    LiveResult.Latency last = seen.calls.latency(Math.max(0, now - SECOND_NANOS), now);
    script
        .onProgress()
        .accept(
            String.format(
                Locale.ROOT,
                "%6.2f s  targets %5.1f %% of new calls, p50 %.1f ms, p99 %.1f ms, failed %d",
                seconds(),
                100 * share(before.table()),
                last.p50Millis(),
                last.p99Millis(),
                seen.calls.failed(0, now)));
    later(SECOND_NANOS, () -> everySecond(before));
  }

  private void countNodes() {
    long requests = 0;
    long limited = 0;
    for (String id : targets) {
      SimulatedNode node = world.node(id);
      requests += node.requests();
      limited += node.limited();
    }
    seen.nodeCounts.add(new NodeCount(nanos(), requests, limited));
  }

  private void tellEvents() {
    for (Heard each = heard.poll(); each != null; each = heard.poll()) {
      LiveResult.Event event =
          new LiveResult.Event(
              (each.atNanos() - startNanos) / NANOS_A_SECOND, describe(each.event()));
      seen.events.add(event);
      script
          .onProgress()
          .accept(String.format(Locale.ROOT, "%6.2f s  %s", event.seconds(), event.text()));
    }
  }

  private static String describe(RoutingEvent event) {
    return String.format(
        Locale.ROOT,
        "%s %s: %s (%.1f %% -> %.1f %%)",
        event.subject(),
        event.kind().label(),
        event.reason(),
        100 * event.shareBefore(),
        100 * event.shareAfter());
  }

  private void end(LoadGenerator sending) {
    countNodes();
    tellEvents();
    sending.nextFigures().complaints().stream()
        .map(c -> String.format(Locale.ROOT, "%.2f s: %s", c.dueNanos() / 1e9, c.text()))
        .forEach(seen.complaints::add);
    ended.complete(seen);
  }

  private long nanos() {
    return loop.ticker().nanoTime() - startNanos;
  }

  private double seconds() {
    return nanos() / NANOS_A_SECOND;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A task that fails is logged by the loop.
  private void later(long nanos, Runnable task) {
    loop.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
  }
}
