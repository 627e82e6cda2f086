package io.fairlead.gateway.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.control.ControlException.Kind;
import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.gateway.testing.RealTime;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.Target;
import io.fairlead.routing.table.RoutingTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real steering on a real control loop over tables that obey intents alone. */
class SteeringTest {
  private static final Signature ALICE = new Signature("alice", "maintenance");
  private static final Signature BOB = new Signature("bob", "");

  private final ManualScheduler time = new ManualScheduler();
  private final EventLog events = new EventLog(100, time);
  private final FakeFleet fleet = new FakeFleet(time, events);
  private final ControlLoop loop = new ControlLoop(RealTime.CLOCK);

  @TempDir Path dir = Path.of("");
  private Steering steering;

  @BeforeEach
  void start() throws Exception {
    steering = newSteering();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void aDrainHoldsWhenTheCallReturns() throws Exception {
    Change change = steering.apply(drain("cloud:aws", Optional.empty()));
    assertEquals(0, share("ethereum", "aws-1"));
    assertEquals(1, share("ethereum", "gcp-1"));
    assertEquals(List.of("ethereum/aws-1", "ethereum/aws-2", "gnosis/aws-1"), change.upstreams());
    assertEquals(List.of("gnosis: no upstream can serve now"), change.warnings());
    assertEquals(steering.overrides(), change.made().stream().toList());
  }

  @Test
  void eachChainTouchedGetsAnEventWithAuthorReasonAndShares() throws Exception {
    steering.apply(drain("cloud:aws", Optional.of(Duration.ofMinutes(10))));
    assertEquals(
        List.of(
            new RoutingEvent(
                "ethereum",
                RoutingEvent.Kind.DRAINED,
                "cloud:aws",
                "maintenance, until 2026-11-20T12:10:00Z",
                "alice",
                0.5,
                0),
            new RoutingEvent(
                "gnosis",
                RoutingEvent.Kind.DRAINED,
                "cloud:aws",
                "maintenance, until 2026-11-20T12:10:00Z",
                "alice",
                1,
                0)),
        logged());
  }

  @Test
  void restorePutsTheTrafficBackAndNamesWhoDidIt() throws Exception {
    steering.apply(drain("aws-1", Optional.empty()));
    steering.apply(weight("aws-1", 50));
    Change change = steering.restore(Target.parse("aws-1"), BOB);
    assertEquals(2, change.removed().size());
    assertEquals(0.25, share("ethereum", "aws-1"));
    assertEquals(List.of(), steering.overrides());
    RoutingEvent last = logged().get(logged().size() - 1);
    assertEquals(RoutingEvent.Kind.RESTORED, last.kind());
    assertEquals("bob", last.author());
    assertTrue(last.reason().contains("set by alice ended"), last.reason());
  }

  @Test
  void theMoreSpecificWeightHoldsWhicheverCameFirst() throws Exception {
    steering.apply(weight("aws-1", 300));
    steering.apply(weight("region:aws/us-east-1", 50));
    steering.apply(weight("cloud:aws", 7));
    assertEquals(300.0 / (300 + 50 + 200), share("ethereum", "aws-1"), 1e-9);
    assertEquals(50.0 / (300 + 50 + 200), share("ethereum", "aws-2"), 1e-9);
  }

  @Test
  void anOverrideOfOneChainHoldsOverOneOfAllChains() throws Exception {
    steering.apply(order("aws-1", "ethereum", new Action.Weight(300)));
    steering.apply(weight("aws-1", 0));
    assertEquals(0.5, share("ethereum", "aws-1"));
    assertEquals(0, share("gnosis", "aws-1"));
  }

  @Test
  void aDrainHoldsOverEveryWeight() throws Exception {
    steering.apply(drain("cloud:aws", Optional.empty()));
    Change change = steering.apply(weight("aws-1", 10_000));
    assertEquals(0, share("ethereum", "aws-1"));
    assertEquals(
        List.of(
            "ethereum: drained, so the weight waits for a restore: aws-1",
            "gnosis: no upstream can serve now",
            "gnosis: drained, so the weight waits for a restore: aws-1"),
        change.warnings());
  }

  @Test
  void whatExpiresEndsWithTheNextTickAndSaysSo() throws Exception {
    steering.apply(drain("gcp-1", Optional.of(Duration.ofMinutes(10))));
    time.advance(Duration.ofMinutes(10).minusNanos(1));
    tick();
    assertEquals(0, share("ethereum", "gcp-1"));
    time.advance(Duration.ofNanos(1));
    tick();
    assertEquals(0.5, share("ethereum", "gcp-1"));
    RoutingEvent last = logged().get(logged().size() - 1);
    assertEquals(RoutingEvent.Kind.RESTORED, last.kind());
    assertEquals("fairlead", last.author());
    assertEquals("the drain set by alice ended: its time is over", last.reason());
    assertEquals(0.5, last.shareAfter());
  }

  @Test
  void overridesOfTheLastRunHoldBeforeTheFirstCall() throws Exception {
    steering.apply(drain("gcp-1", Optional.empty()));
    FakeFleet restarted = new FakeFleet(time, events);
    Steering next = new Steering(loop, OverrideStore.open(dir, time), events, restarted, "0.1.0");
    assertEquals(1, next.intents().size());
    onLoop(next::start);
    assertEquals(0, share(restarted.tables(), "ethereum", "gcp-1"));
  }

  @Test
  void whatExpiresWhileTheGatewayIsDownIsAnEventOfTheNextStartAndOfNoOther() throws Exception {
    steering.apply(drain("gcp-1", Optional.of(Duration.ofMinutes(10))));
    steering.apply(weight("aws-1", 7));
    time.advance(Duration.ofMinutes(20));
    restart();
    RoutingEvent ended =
        logged().stream()
            .filter(e -> e.kind() == RoutingEvent.Kind.RESTORED)
            .findFirst()
            .orElseThrow();
    assertEquals("gcp-1", ended.subject());
    assertEquals("fairlead", ended.author());
    assertEquals(
        "the drain set by alice ended before this start:"
            + " its time was over at 2026-11-20T12:10:00Z",
        ended.reason());
    restart();
    assertEquals(1, logged().stream().filter(e -> e.kind() == RoutingEvent.Kind.RESTORED).count());
  }

  @Test
  void overridesThatCannotBeReadAreAnEvent() throws Exception {
    Files.writeString(dir.resolve("overrides.json"), "{");
    newSteering();
    RoutingEvent last = logged().get(logged().size() - 1);
    assertEquals(RoutingEvent.Kind.OVERRIDES_LOST, last.kind());
    assertTrue(last.reason().contains("overrides.json.corrupt-1"));
  }

  @Test
  void aMisspeltTargetIsNotFound() {
    ControlException refused = refused(() -> steering.apply(drain("cloud:asw", Optional.empty())));
    assertEquals(Kind.NOT_FOUND, refused.kind());
    assertEquals(
        "target: cloud:asw (expected: an upstream's id or a failure domain of the configuration;"
            + " did you mean cloud:aws?)",
        refused.getMessage());
    assertEquals(List.of(), steering.overrides());
  }

  @Test
  void aMisspeltChainIsNotFound() {
    ControlException refused =
        refused(() -> steering.apply(order("aws-1", "etherum", new Action.Drain())));
    assertEquals(
        "chain: etherum (expected: one of ethereum, gnosis; did you mean ethereum?)",
        refused.getMessage());
  }

  @Test
  void aTargetMustBeOfTheChainItIsNarrowedTo() {
    ControlException refused =
        refused(() -> steering.apply(order("gcp-1", "gnosis", new Action.Drain())));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("target: gcp-1 on gnosis"));
  }

  @Test
  void restoringWhatIsNotOverriddenSaysWhatIs() throws Exception {
    ControlException none = refused(() -> steering.restore(Target.parse("aws-1"), BOB));
    assertEquals(Kind.PRECONDITION, none.kind());
    assertEquals(
        "target: aws-1 on all chains (expected: one that is overridden, now none)",
        none.getMessage());
    steering.apply(order("cloud:aws", "gnosis", new Action.Drain()));
    ControlException other = refused(() -> steering.restore(Target.parse("aws-1"), BOB));
    assertTrue(String.valueOf(other.getMessage()).endsWith("now cloud:aws on gnosis)"));
    ControlException unknown = refused(() -> steering.restore(Target.parse("nobody"), BOB));
    assertEquals(Kind.NOT_FOUND, unknown.kind());
  }

  @Test
  void whatCannotBeKeptIsNotDone() throws Exception {
    Files.createDirectory(dir.resolve("overrides.json.tmp"));
    ControlException refused = refused(() -> steering.apply(drain("aws-1", Optional.empty())));
    assertEquals(Kind.UNABLE, refused.kind());
    assertEquals(0.25, share("ethereum", "aws-1"));
    assertEquals(List.of(), logged());
  }

  @Test
  void watchersHearOfNewTablesAndOfNothingElse() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    steering.changes().register(heard::incrementAndGet);
    tick();
    assertEquals(0, heard.get());
    fleet.publishAnother();
    tick();
    assertEquals(1, heard.get());
    steering.apply(weight("aws-1", 50));
    tick();
    assertEquals(2, heard.get());
  }

  @Test
  void aReloadIsAnEventWithItsAuthor() throws Exception {
    fleet.setReload(List.of("ethereum: + gcp-2"), Optional.empty());
    assertEquals(List.of("ethereum: + gcp-2"), steering.reload(BOB));
    assertEquals(
        List.of(
            new RoutingEvent(
                "", RoutingEvent.Kind.RELOADED, "config", "ethereum: + gcp-2", "bob", 0, 0)),
        logged());
  }

  @Test
  void overridesSurviveAReload() throws Exception {
    steering.apply(drain("gcp-1", Optional.empty()));
    steering.reload(BOB);
    assertEquals(0, share("ethereum", "gcp-1"));
  }

  @Test
  void aRefusedReloadIsAnEventToo() {
    ControlException cause = new ControlException(Kind.PRECONDITION, "f.yaml:3:1: chain: absent");
    fleet.setReload(List.of(), Optional.of(cause));
    assertEquals(cause, refused(() -> steering.reload(BOB)));
    assertEquals(RoutingEvent.Kind.RELOAD_REFUSED, logged().get(0).kind());
    assertEquals("f.yaml:3:1: chain: absent", logged().get(0).reason());
  }

  @Test
  void ofTwoOperatorsAtOnceEachIsNamedForTheirOwnActs() throws Exception {
    ExecutorService operators = Executors.newFixedThreadPool(2, Executors.defaultThreadFactory());
    try {
      CompletableFuture<Void> alice =
          CompletableFuture.runAsync(() -> drainAndRestore("aws-2", "alice"), operators);
      CompletableFuture<Void> bob =
          CompletableFuture.runAsync(() -> drainAndRestore("gcp-1", "bob"), operators);
      CompletableFuture.allOf(alice, bob).get(20, TimeUnit.SECONDS);
    } finally {
      operators.shutdownNow();
    }
    assertEquals(80, logged().size());
    for (RoutingEvent event : logged()) {
      assertEquals(event.subject().equals("aws-2") ? "alice" : "bob", event.author());
    }
  }

  private void drainAndRestore(String target, String author) {
    Signature by = new Signature(author, "");
    Order drain = new Order(Target.parse(target), new Action.Drain(), Optional.empty(), by);
    try {
      for (int i = 0; i < 20; i++) {
        steering.apply(drain);
        steering.restore(drain.target(), by);
      }
    } catch (ControlException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void afterTheLoopHasEndedNothingIsPromised() {
    loop.close();
    assertEquals(Kind.UNABLE, refused(() -> steering.latency()).kind());
  }

  /** A gateway of which nothing is left but the state folder and, here, the log. */
  private void restart() throws Exception {
    FakeFleet restarted = new FakeFleet(time, events);
    Steering next = new Steering(loop, OverrideStore.open(dir, time), events, restarted, "0.1.0");
    onLoop(next::start);
  }

  private Steering newSteering() throws Exception {
    Steering made = new Steering(loop, OverrideStore.open(dir, time), events, fleet, "0.1.0");
    onLoop(made::start);
    return made;
  }

  private void tick() throws Exception {
    onLoop(steering::onTick);
  }

  private void onLoop(Runnable task) throws Exception {
    CompletableFuture.runAsync(task, loop).get(10, TimeUnit.SECONDS);
  }

  private List<RoutingEvent> logged() {
    return events.recent(100, "").stream().map(StampedEvent::event).toList();
  }

  private double share(String chain, String upstream) {
    return share(steering.tables(), chain, upstream);
  }

  private static double share(List<RoutingTable> tables, String chain, String upstream) {
    Target target = Target.parse(upstream).withChain(chain);
    return tables.stream()
        .flatMapToDouble(
            table ->
                table.upstreams().stream()
                    .filter(target::matches)
                    .mapToDouble(u -> table.share(u, MethodClass.READ)))
        .sum();
  }

  private static ControlException refused(Attempt attempt) {
    return assertThrows(ControlException.class, attempt::run);
  }

  private static Order drain(String target, Optional<Duration> ttl) {
    return new Order(Target.parse(target), new Action.Drain(), ttl, ALICE);
  }

  private static Order weight(String target, int weight) {
    return order(target, "", new Action.Weight(weight));
  }

  private static Order order(String target, String chain, Action action) {
    return new Order(Target.parse(target).withChain(chain), action, Optional.empty(), ALICE);
  }

  private interface Attempt {
    Object run() throws ControlException, IOException;
  }
}
