package io.fairlead.gateway.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.net.MonotonicClock;
import io.fairlead.routing.sim.scenario.FaultKind;
import io.fairlead.routing.sim.scenario.Play;
import io.fairlead.routing.sim.scenario.Scenario;
import io.fairlead.routing.sim.scenario.Settings;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of fault with sockets: no client notices more than time, the domain is left, and it
 * returns. All plays run side by side, so that together they take no longer than one.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LiveDrillTest {
  private static final long FROM = 2 * LiveScenarios.SECOND;
  private static final long UNTIL = 7 * LiveScenarios.SECOND;

  private static final LiveDrill.Warming WARMING =
      new LiveDrill.Warming(Duration.ZERO, Duration.ofSeconds(2));

  private final ExecutorService threads =
      Executors.newCachedThreadPool(new DefaultThreadFactory("play", true));
  private final Map<String, Future<LiveResult>> plays =
      scenarios()
          .collect(
              Collectors.toMap(Scenario::name, scenario -> threads.submit(() -> play(scenario))));

  @AfterAll
  void stop() {
    threads.shutdownNow();
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(
        region("refuse", new FaultKind.Refuse()),
        region("black hole", new FaultKind.BlackHole()),
        region("errors", new FaultKind.Errors(0.6, 0)),
        biased(region("slow", new FaultKind.Slow(20))),
        region("delay", new FaultKind.Delay(3_000)),
        LiveScenarios.of(new FaultKind.Errors(0.6, 0), LiveScenarios.ONE, FROM, UNTIL)
            .withName("gray failure of one"),
        LiveScenarios.of(new FaultKind.Limit(1), LiveScenarios.ONE, FROM, UNTIL)
            .withName("quota of one"));
  }

  static Stream<String> names() {
    return scenarios().map(Scenario::name);
  }

  private static Scenario region(String name, FaultKind kind) {
    return LiveScenarios.of(kind, LiveScenarios.REGION, FROM, UNTIL).withName(name);
  }

  /** With a preference for the fast, without which slowness moves nothing. */
  private static Scenario biased(Scenario scenario) {
    Play play = scenario.play();
    Settings settings = LiveScenarios.settings(2);
    return scenario.withPlay(
        new Play(
            play.durationNanos(),
            play.measureFromNanos(),
            play.timeoutNanos(),
            play.gateways(),
            settings));
  }

  private static LiveResult play(Scenario scenario) throws Exception {
    Instant now = Instant.ofEpochSecond(1_700_000_000);
    return new LiveDrill(new MonotonicClock(), () -> now, WARMING, 7).play(scenario, line -> {});
  }

  @ParameterizedTest
  @MethodSource("names")
  void noClientNoticesAndTheFailedAreLeftAndReturn(String name) throws Exception {
    LiveResult result = result(name);
    List<LiveResult.Second> seconds = result.log().seconds();
    String shown = name + ": " + result;
    assertEquals(0, result.counts().failed(), shown);
    assertEquals(0, result.counts().wrong(), shown);
    assertTrue(result.counts().calls() > 400, shown);
    assertEquals(17, seconds.size());
    double least = seconds.stream().mapToDouble(LiveResult.Second::share).min().orElse(1);
    double last = seconds.get(16).share();
    double usual = Math.max(last, result.shift().shareBefore());
    assertTrue(least < usual / 2, "not left: " + shown);
    assertTrue(last > least, "no way back: " + shown);
  }

  private LiveResult result(String name) throws Exception {
    Future<LiveResult> play = plays.get(name);
    if (play == null) {
      throw new IllegalStateException("no play " + name);
    }
    try {
      return play.get();
    } catch (ExecutionException e) {
      throw new AssertionError("the play broke off: " + e.getCause(), e.getCause());
    }
  }
}
