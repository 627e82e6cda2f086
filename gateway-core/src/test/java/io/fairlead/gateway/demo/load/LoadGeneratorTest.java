package io.fairlead.gateway.demo.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.demo.world.Fault;
import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.routing.MethodClass;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The laws of the load, against a node without a gateway between. */
@Timeout(60)
class LoadGeneratorTest {
  private static final int ENOUGH_CALLS = 300;
  private static final LoadPlan.Stages STARTED = new LoadPlan.Stages(1, due -> due < 0 ? -1 : 0);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration IMPATIENCE = Duration.ofMillis(300);

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final SimulatedChain chain =
      new SimulatedChain(
          3, 1337, Duration.ofSeconds(1), Instant.EPOCH, Ticker.systemTicker()::nanoTime);
  private final SimulatedWorld world =
      SimulatedWorld.start(chain, List.of(new NodeProfile("a-1", "a", "x", 0, 0.2)), 3);
  private final SimulatedNode node = world.node("a-1");

  @AfterEach
  void close() {
    world.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Runs the load against an address until enough calls were sent and all have ended. */
  private LoadFigures play(InetSocketAddress target) {
    return play(target, PATIENCE);
  }

  private LoadFigures play(InetSocketAddress target, Duration timeout) {
    LoadPlan plan = LoadPlan.steady(600, timeout, STARTED);
    LoadGenerator load = new LoadGenerator(loop, target, chain, plan, new SplittableRandom(3));
    CompletableFuture<LoadFigures> figures = new CompletableFuture<>();
    loop.execute(load::start);
    loop.execute(() -> stopWhenEnough(load, figures));
    return figures.join();
  }

  private void stopWhenEnough(LoadGenerator load, CompletableFuture<LoadFigures> figures) {
    LoadFigures now = load.nextFigures();
    if (now.total().calls() < ENOUGH_CALLS) {
      var unused = loop.schedule(() -> stopWhenEnough(load, figures), 10, TimeUnit.MILLISECONDS);
    } else {
      load.stop(() -> figures.complete(load.nextFigures()));
    }
  }

  @Test
  void everyCallOfTheMixIsAnsweredRightlyByAHealthyNode() {
    LoadFigures figures = play(node.address());
    assertEquals(List.of(), figures.complaints());
    assertEquals(0, figures.total().failed());
    assertEquals(0, figures.inFlight());
    assertEquals(node.requests(), figures.total().calls());
    assertEquals(figures.total(), figures.stages().get(0));
  }

  /** Plays a plan against the healthy node for a while; every call that ended. */
  private List<EndedCall> record(LoadPlan.Rate rate, CallShares shares, Runnable meanwhile) {
    List<EndedCall> ended = new ArrayList<>();
    LoadPlan plan = new LoadPlan(rate, PATIENCE, shares, LoadPlan.Stages.NONE, ended::add);
    LoadGenerator load =
        new LoadGenerator(loop, node.address(), chain, plan, new SplittableRandom(3));
    CompletableFuture<LoadFigures> figures = new CompletableFuture<>();
    loop.execute(load::start);
    loop.execute(meanwhile);
    loop.execute(() -> stopWhenEnough(load, figures));
    figures.join();
    return ended;
  }

  @Test
  void callsThatWereDueWhileTheLoadStoodStillAreSentAllTheSameAndCountFromThen() {
    long stallNanos = 100_000_000;
    LoadPlan.Rate rate = LoadPlan.Rate.steady(600);
    List<EndedCall> ended =
        record(
            rate,
            CallShares.USUAL,
            () -> {
              long start = loop.ticker().nanoTime();
              while (loop.ticker().nanoTime() - start < stallNanos) {
                Thread.onSpinWait();
              }
            });
    assertTrue(ended.stream().allMatch(call -> call.elapsedNanos() >= call.lateNanos()));
    List<EndedCall> late =
        ended.stream().filter(call -> call.lateNanos() > stallNanos / 4).toList();
    assertTrue(late.size() > 20, late.size() + " of 45 expected in 75 ms at 600/s");
  }

  @Test
  void whatIsAskedFollowsTheShares() {
    CallShares shares =
        new CallShares(
            List.of(
                new CallShares.Part(MethodClass.LIGHT, 0.7, 0),
                new CallShares.Part(MethodClass.READ, 0.2, 0),
                new CallShares.Part(MethodClass.TRACE, 0.1, 0)),
            0);
    CallMix mix = new CallMix(chain, shares, new SplittableRandom(3));
    Map<MethodClass, Integer> counts = new EnumMap<>(MethodClass.class);
    for (int i = 0; i < 10_000; i++) {
      String method = mix.next().items().get(0).method();
      counts.merge(
          switch (method) {
            case "debug_traceBlockByNumber" -> MethodClass.TRACE;
            case "eth_getBalance", "eth_getBlockByNumber" -> MethodClass.READ;
            default -> MethodClass.LIGHT;
          },
          1,
          Integer::sum);
    }
    assertEquals(7_000, counts.getOrDefault(MethodClass.LIGHT, 0), 200);
    assertEquals(2_000, counts.getOrDefault(MethodClass.READ, 0), 200);
    assertEquals(1_000, counts.getOrDefault(MethodClass.TRACE, 0), 200);
  }

  @Test
  void everyCallOfEveryClassIsAnsweredRightlyAndRecorded() {
    CallShares shares =
        new CallShares(
            List.of(
                new CallShares.Part(MethodClass.LIGHT, 0.5, 0.5),
                new CallShares.Part(MethodClass.READ, 0.45, 0.5),
                new CallShares.Part(MethodClass.TRACE, 0.05, 0)),
            0);
    List<EndedCall> ended = record(LoadPlan.Rate.steady(600), shares, () -> {});
    assertTrue(ended.size() >= ENOUGH_CALLS);
    assertEquals(List.of(), ended.stream().filter(call -> !call.outcome().isRight()).toList());
  }

  @Test
  void noCallIsDueWhileTheRateIsZero() {
    long quiet = 200_000_000;
    LoadPlan.Rate rate = new LoadPlan.Rate(due -> due < quiet ? 0 : 600, 600);
    List<EndedCall> ended = record(rate, CallShares.USUAL, () -> {});
    assertTrue(ended.stream().allMatch(call -> call.dueNanos() >= quiet));
  }

  @Test
  void lostCallsCountAsFailed() {
    node.setFault(Fault.of(Fault.Kind.RESET)).join();
    LoadFigures figures = play(node.address());
    assertEquals(figures.total().calls(), figures.total().failed());
    assertEquals(0, figures.total().wrong());
    assertTrue(figures.complaints().get(0).text().contains("connection"));
  }

  @Test
  void warmingUpCountsInTheTotalAloneAndNeverPilesUp() {
    LoadPlan plan = LoadPlan.steady(600, PATIENCE, STARTED);
    LoadGenerator load =
        new LoadGenerator(loop, node.address(), chain, plan, new SplittableRandom(3));
    CompletableFuture<LoadFigures> figures = new CompletableFuture<>();
    loop.execute(load::warmUp);
    loop.execute(() -> assertEquals(16, load.nextFigures().inFlight()));
    loop.execute(() -> stopWhenEnough(load, figures));
    LoadFigures warm = figures.join();
    assertTrue(warm.total().calls() >= ENOUGH_CALLS);
    assertEquals(0, warm.stages().get(0).calls());
    assertEquals(List.of(), warm.complaints());
  }

  @Test
  void silenceCountsAsFailedAfterTheTimeout() {
    node.setFault(Fault.BLACK_HOLE).join();
    LoadFigures figures = play(node.address(), IMPATIENCE);
    assertEquals(figures.total().calls(), figures.total().failed());
    assertTrue(figures.complaints().get(0).text().contains("no answer in time"));
    assertTrue(figures.total().latency().p50Millis() >= IMPATIENCE.toMillis());
  }

  @Test
  void httpErrorsCountAsFailed() {
    node.setFault(Fault.of(Fault.Kind.ERROR_5XX)).join();
    LoadFigures figures = play(node.address());
    assertEquals(figures.total().calls(), figures.total().failed());
    assertTrue(figures.complaints().get(0).text().contains("HTTP 503"));
  }

  @Test
  void anotherChainsAnswersCountAsWrong() {
    SimulatedChain other =
        new SimulatedChain(
            4, 1337, Duration.ofSeconds(1), Instant.EPOCH, Ticker.systemTicker()::nanoTime);
    try (SimulatedWorld impostors = SimulatedWorld.start(other, List.of(node.profile()), 3)) {
      assertTrue(play(impostors.node("a-1").address()).total().wrong() > 0);
    }
  }
}
