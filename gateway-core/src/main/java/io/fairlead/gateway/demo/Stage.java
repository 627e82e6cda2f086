package io.fairlead.gateway.demo;

import io.fairlead.gateway.demo.load.LoadGenerator;
import io.fairlead.gateway.demo.load.LoadPlan;
import io.fairlead.gateway.demo.view.Frame;
import io.fairlead.gateway.demo.view.Phase;
import io.fairlead.gateway.demo.view.Summary;
import io.fairlead.gateway.demo.view.Timeline;
import io.fairlead.gateway.demo.world.Fault;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.routing.FailureDomain;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays the demo: runs the load, makes the cloud fail and heal on time, and watches.
 *
 * <p>Thread-safety: {@link #play} and {@link #stop} are safe; the rest is confined to the loop.
 */
final class Stage {
  private static final long SAMPLE_NANOS = 10_000_000;
  private static final double FRAME_SECONDS = 0.25;
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);
  private static final double WARM_UP_SECONDS = 3;
  private static final double WARM_UP_LIMIT = 5;
  private static final double WARM_MILLIS = 60;
  private static final double NANOS_A_SECOND = 1e9;

  private final EventLoop loop;
  private final SimulatedWorld world;
  private final Script script;
  private final EventBoard board;
  private final Traffic traffic;
  private final LoadGenerator load;
  private final ShiftWatch watch;
  private final List<Frame.Event> events = new ArrayList<>();
  private final CompletableFuture<Summary> ended = new CompletableFuture<>();
  private long startNanos;
  private double nextFrameSeconds;
  private boolean isEnding;

  /**
   * What is played.
   *
   * @param timeline when the cloud fails and heals
   * @param callsPerSecond the load's rate
   * @param seed decides the load
   * @param onFrame shown what happens, on the loop
   */
  record Script(Timeline timeline, double callsPerSecond, long seed, Consumer<Frame> onFrame) {}

  Stage(
      EventLoop loop, SimulatedWorld world, DemoGateway gateway, Script script, EventBoard board) {
    this.loop = loop;
    this.world = world;
    this.script = script;
    this.board = board;
    this.traffic = new Traffic(world, gateway);
    this.watch = new ShiftWatch(script.timeline());
    this.load =
        new LoadGenerator(
            loop,
            gateway.rpcAddress(),
            world.chain(),
            LoadPlan.steady(
                script.callsPerSecond(),
                CALL_TIMEOUT,
                new LoadPlan.Stages(Phase.values().length, this::stageOfCall)),
            new SplittableRandom(script.seed()));
  }

  /** Begins; the summary comes when every call has ended. */
  CompletableFuture<Summary> play() {
    loop.execute(this::begin);
    return ended;
  }

  /** Ends before its time. */
  void stop() {
    loop.execute(this::end);
  }

  private void begin() {
    startNanos = loop.ticker().nanoTime();
    load.warmUp();
    warmUp();
  }

  private void warmUp() {
    double median = load.nextFigures().lastSecond().latency().p50Millis();
    double seconds = seconds();
    double least = Math.min(WARM_UP_SECONDS, script.timeline().endSeconds() / 10);
    if (isEnding) {
      return;
    }
    if (seconds >= WARM_UP_LIMIT * least || (seconds >= least && median < WARM_MILLIS)) {
      start();
    } else {
      later(nanos(FRAME_SECONDS), this::warmUp);
    }
  }

  private void start() {
    startNanos = loop.ticker().nanoTime();
    load.start();
    Timeline timeline = script.timeline();
    FailureDomain cloud = FailureDomain.cloud(timeline.cloud());
    at(timeline.faultSeconds(), () -> change(cloud, Fault.BLACK_HOLE));
    at(timeline.healSeconds(), () -> change(cloud, Fault.NONE));
    at(timeline.endSeconds(), this::end);
    sample();
  }

  private void change(FailureDomain cloud, Fault fault) {
    var unused = world.setFault(cloud, fault).exceptionally(this::onBroken);
  }

  private @Nullable Void onBroken(Throwable cause) {
    ended.completeExceptionally(cause);
    return null;
  }

  private void sample() {
    if (ended.isDone()) {
      return;
    }
    try {
      double seconds = seconds();
      watch.onShare(seconds, traffic.share(script.timeline().cloud()));
      if (seconds >= nextFrameSeconds) {
        nextFrameSeconds = Math.max(nextFrameSeconds + FRAME_SECONDS, seconds);
        script.onFrame().accept(frame(seconds));
      }
      later(SAMPLE_NANOS, this::sample);
    } catch (RuntimeException broken) {
      onBroken(broken);
    }
  }

  private void end() {
    if (!isEnding) {
      isEnding = true;
      double seconds = Math.min(seconds(), script.timeline().endSeconds());
      load.stop(() -> ended.complete(new Summary(frame(seconds), watch.shift())));
    }
  }

  private Frame frame(double seconds) {
    board.drain(
        (nanos, text) -> {
          double at = (nanos - startNanos) / NANOS_A_SECOND;
          if (at >= 0) {
            events.add(new Frame.Event(at, text));
          }
        });
    return new Frame(seconds, script.timeline(), load.nextFigures(), traffic.next(seconds), events);
  }

  private int stageOfCall(long dueNanos) {
    double due = dueNanos / NANOS_A_SECOND;
    return due < 0 ? -1 : script.timeline().phaseAt(due).index();
  }

  private static long nanos(double seconds) {
    return (long) (seconds * NANOS_A_SECOND);
  }

  private double seconds() {
    return (loop.ticker().nanoTime() - startNanos) / NANOS_A_SECOND;
  }

  private void at(double seconds, Runnable task) {
    later(nanos(seconds), task);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A task that fails is logged by the loop.
  private void later(long nanos, Runnable task) {
    loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }
}
