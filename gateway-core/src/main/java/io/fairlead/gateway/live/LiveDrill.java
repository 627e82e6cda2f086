package io.fairlead.gateway.live;

import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.time.NanoClock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Plays scenarios in real time with sockets: nodes, gateway and load in one process, started and
 * taken down in order.
 *
 * <p>The same scenario plays in virtual time in {@code routing.sim}. Here nothing but the network's
 * distance is made up: connections, parsing, event loops, timers and pauses are those of
 * production, and the machine's other load shows.
 *
 * <p>Thread-safety: none; one play at a time.
 */
public final class LiveDrill {
  /** How long everything is exercised before a play: classes load, code is compiled. */
  public static final Duration WARM_UP = Duration.ofSeconds(6);

  private static final long CHAIN_ID = 1337;

  private final NanoClock clock;
  private final InstantSource time;
  private final Duration warmUp;
  private final long seed;

  /**
   * A drill.
   *
   * @param clock makes the simulated chain grow
   * @param time gives its blocks their time
   * @param warmUp before each play
   * @param seed decides latencies and calls
   */
  public LiveDrill(NanoClock clock, InstantSource time, Duration warmUp, long seed) {
    this.clock = clock;
    this.time = time;
    this.warmUp = warmUp;
    this.seed = seed;
  }

  /**
   * Whether a scenario can be played in real time.
   *
   * @param scenario what to play
   * @throws IllegalArgumentException if it cannot; the message says why
   */
  public static void check(Scenario scenario) {
    Playable.check(scenario);
  }

  /**
   * Plays a scenario to its end.
   *
   * @param scenario what to play
   * @param onProgress told what happens, line by line, on another thread
   * @return what came of it
   * @throws IllegalArgumentException if it cannot be played live
   * @throws IOException if no port can be had or the gateway does not start
   * @throws InterruptedException if the thread is interrupted
   */
  public LiveResult play(Scenario scenario, Consumer<String> onProgress)
      throws IOException, InterruptedException {
    Playable.check(scenario);
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("load", true), NioIoHandler.newFactory());
    try {
      return play(scenario, onProgress, loops.next());
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private LiveResult play(Scenario scenario, Consumer<String> onProgress, EventLoop loop)
      throws IOException, InterruptedException {
    Duration blockTime = Duration.ofNanos(scenario.world().blockTimeNanos());
    SimulatedChain chain = new SimulatedChain(seed, CHAIN_ID, blockTime, time.instant(), clock);
    double loadBefore = machineLoad();
    try (LiveWorld world = LiveWorld.start(scenario, chain, seed)) {
      LiveStage.Script script = new LiveStage.Script(warmUp, seed, onProgress);
      LiveStage stage = new LiveStage(loop, scenario, world, script);
      try (LiveGateway gateway = LiveGateway.start(scenario, world, chain, stage::onEvent)) {
        LiveStage.Seen seen = await(stage, gateway);
        Judging judging = new Judging(scenario, seen);
        return judging.result(
            Extras.read(gateway.opsAddress()),
            new LiveResult.Machine(loadBefore, machineLoad(), judging.late()));
      }
    }
  }

  private static LiveStage.Seen await(LiveStage stage, LiveGateway gateway)
      throws InterruptedException {
    try {
      return stage.play(gateway).get();
    } catch (ExecutionException e) {
      throw new CompletionException("the play broke off", e.getCause());
    }
  }

  private static double machineLoad() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
