package io.fairlead.gateway.live;

import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.routing.sim.scenario.Play;
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
  private static final long CHAIN_ID = 1337;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final NanoClock clock;
  private final InstantSource time;
  private final Warming warming;
  private final long seed;
  private boolean isRehearsed;

  /**
   * What is done before figures count. A gateway that has just started answers its first calls
   * hundreds of times later than usual, while classes load and code is compiled; for half a minute
   * it would take that for how late answers may be.
   *
   * @param rehearsal how long a gateway of its own is exercised before the first play; zero for no
   *     rehearsal, else at least a second
   * @param warmUp how long the gateway of a play is exercised before it
   */
  public record Warming(Duration rehearsal, Duration warmUp) {
    /** Twelve seconds and four. */
    public static final Warming USUAL = new Warming(Duration.ofSeconds(12), Duration.ofSeconds(4));
  }

  /**
   * A drill.
   *
   * @param clock makes the simulated chain grow
   * @param time gives its blocks their time
   * @param warming what is done before figures count
   * @param seed decides latencies and calls
   */
  public LiveDrill(NanoClock clock, InstantSource time, Warming warming, long seed) {
    this.clock = clock;
    this.time = time;
    this.warming = warming;
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
    if (!isRehearsed && !warming.rehearsal().isZero()) {
      onProgress.accept("rehearsing for " + warming.rehearsal().toSeconds() + " s");
      var unused = playNow(rehearsal(scenario), line -> {});
    }
    isRehearsed = true;
    return playNow(scenario, onProgress);
  }

  /** The same world and load without faults, for the rehearsal's time. */
  private Scenario rehearsal(Scenario scenario) {
    Play play = scenario.play();
    long nanos = warming.rehearsal().toNanos();
    return scenario
        .withFaults()
        .withPlay(new Play(nanos, nanos - SECOND_NANOS, play.timeoutNanos(), 1, play.settings()));
  }

  private LiveResult playNow(Scenario scenario, Consumer<String> onProgress)
      throws IOException, InterruptedException {
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
      LiveStage.Script script = new LiveStage.Script(warming.warmUp(), seed, onProgress);
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
