package io.fairlead.gateway.demo;

import io.fairlead.gateway.demo.view.DemoView;
import io.fairlead.gateway.demo.view.Frame;
import io.fairlead.gateway.demo.view.Summary;
import io.fairlead.gateway.demo.view.Timeline;
import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.routing.time.NanoClock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The whole demo in one process: world, gateway, load and view, started and taken down in order.
 *
 * <p>Thread-safety: {@link #stop} is safe; {@link #run} is called once and keeps its thread until
 * the end.
 */
final class Demo {
  static final long CHAIN_ID = 1337;
  private static final Duration BLOCK_TIME = Duration.ofSeconds(2);
  private static final String FAILING_CLOUD = "aws";
  private static final long SEED = 2026;
  private static final long POLL_MILLIS = 100;

  private final DemoOptions options;
  private final DemoGateway.Starter starter;
  private final NanoClock clock;
  private final InstantSource time;
  private volatile boolean isStopping;
  private volatile @Nullable Stage stage;

  Demo(DemoOptions options, DemoGateway.Starter starter, NanoClock clock, InstantSource time) {
    this.options = options;
    this.starter = starter;
    this.clock = clock;
    this.time = time;
  }

  /** Plays to the end; tells the greeting first and every frame after it. */
  Summary run(Consumer<List<String>> onGreeting, DemoView view)
      throws IOException, InterruptedException {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("load", true), NioIoHandler.newFactory());
    SimulatedChain chain = new SimulatedChain(SEED, CHAIN_ID, BLOCK_TIME, time.instant(), clock);
    EventLoop loop = loops.next();
    EventBoard board = new EventBoard(loop.ticker()::nanoTime);
    try (SimulatedWorld world = SimulatedWorld.start(chain, NodeProfile.nineInFourClouds(), SEED);
        DemoGateway gateway = starter.start(world, board)) {
      Timeline timeline = Timeline.of(FAILING_CLOUD, options.duration());
      List<String> greeting = new ArrayList<>(gateway.greeting());
      greeting.add("The clock starts when the program is warm, in some seconds.");
      onGreeting.accept(greeting);
      BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
      Stage.Script script = new Stage.Script(timeline, options.callsPerSecond(), SEED, frames::add);
      Stage playing = new Stage(loop, world, gateway, script, board);
      CompletableFuture<Summary> ended = playing.play();
      stage = playing;
      if (isStopping) {
        playing.stop();
      }
      return show(ended, frames, view);
    } finally {
      stage = null;
      view.onEnd();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** Ends the demo before its time. */
  void stop() {
    isStopping = true;
    Stage playing = stage;
    if (playing != null) {
      playing.stop();
    }
  }

  private static Summary show(
      CompletableFuture<Summary> ended, BlockingQueue<Frame> frames, DemoView view)
      throws InterruptedException {
    while (!ended.isDone() || !frames.isEmpty()) {
      Frame frame = frames.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      if (frame != null) {
        view.onFrame(frame);
      }
    }
    return ended.join();
  }
}
