package io.fairlead.routing.attempt;

import static io.fairlead.routing.MethodClass.LIGHT;
import static io.fairlead.routing.MethodClass.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.attempt.Pursuit.Retry;
import io.fairlead.routing.attempt.Pursuit.Step;
import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.table.Picker;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.TableDraft;
import io.fairlead.routing.table.Topology;
import io.fairlead.routing.table.UpstreamStatus;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PursuitTest {
  private static final long MILLI = 1_000_000L;
  private static final long HEDGE = 20 * MILLI;
  private static final long TIMEOUT = 900 * MILLI;
  private static final long LEFT = 10_000 * MILLI;

  private final List<Upstream> upstreams = Upstreams.of(Upstreams.grid(3, 2));
  private final List<Upstream> sent = new ArrayList<>();
  private final List<AttemptKind> kinds = new ArrayList<>();
  private long now = 1_000 * MILLI;
  private double retryTokens = 100;
  private double hedgeTokens = 100;
  private boolean hedges = true;

  private Pursuit pursuit(MethodClass methodClass, boolean isRepeatable) {
    Allowances allowances =
        new Allowances(
            new Budget(0, 0, retryTokens, () -> now),
            new Budget(0, 0, hedgeTokens, () -> now),
            () -> now);
    Pursuit pursuit =
        new Pursuit(
            new PursuitPolicy(LEFT, 3, hedges),
            allowances,
            new Picker(new SplittableRandom(7)),
            this::launch);
    pursuit.begin(methodClass, false, isRepeatable, null);
    return pursuit;
  }

  private boolean launch(Upstream upstream, AttemptKind kind) {
    if (!upstream.tryAcquire(LIGHT)) {
      return false;
    }
    sent.add(upstream);
    kinds.add(kind);
    return true;
  }

  private void end(Pursuit pursuit, Upstream upstream) {
    upstream.release(LIGHT);
    pursuit.onEnded(upstream);
  }

  private RoutingTable table(Upstream... ejected) {
    return draft(List.of(ejected)).toTable(1);
  }

  private TableDraft draft(List<Upstream> ejected) {
    TableDraft draft = new TableDraft("test", new Topology(upstreams));
    for (int i = 0; i < upstreams.size(); i++) {
      boolean isOut = ejected.contains(upstreams.get(i));
      draft.setReadiness(i, isOut ? 0 : 1, 1);
      Health health = isOut ? Health.EJECTED : Health.HEALTHY;
      draft.setStatus(
          i,
          new UpstreamStatus(
              Administrative.ACTIVE, health, Freshness.CURRENT, OptionalLong.empty(), "told"));
      for (MethodClass c : MethodClass.ALL) {
        draft.numbers(c).setTimers(i, 100 * MILLI, HEDGE, TIMEOUT);
      }
    }
    return draft;
  }

  private static String cloud(Upstream upstream) {
    return upstream.spec().domains().get(1).name();
  }

  private Upstream last() {
    return sent.get(sent.size() - 1);
  }

  @Test
  void aSlowReadGetsOneAttemptBesideItInAnotherDomain() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    assertEquals(Step.WAIT, pursuit.look(table(), last(), HEDGE - 1));
    assertEquals(Step.HEDGED, pursuit.look(table(), last(), HEDGE));
    assertEquals(List.of(AttemptKind.PRIMARY, AttemptKind.HEDGE), kinds);
    assertNotEquals(cloud(sent.get(0)), cloud(sent.get(1)));
    assertEquals(Step.WAIT, pursuit.look(table(), sent.get(0), 2 * HEDGE));
    assertEquals(Step.WAIT, pursuit.look(table(), sent.get(1), 2 * HEDGE));
  }

  @Test
  void nobodyHedgesWhileThereIsMoreToDoThanAllCanCarry() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    TableDraft crowded = draft(List.of());
    for (int i = 0; i < upstreams.size(); i++) {
      crowded.numbers(LIGHT).setCost(i, 100);
      crowded.setCapacity(i, 4, Double.POSITIVE_INFINITY);
    }
    crowded.setRate(LIGHT, 10_000);
    RoutingTable overloaded = crowded.toTable(2);
    assertTrue(overloaded.isOverloaded());
    assertEquals(Step.WAIT, pursuit.look(overloaded, last(), 2 * HEDGE));
    assertEquals(Step.HEDGED, pursuit.look(table(), last(), 2 * HEDGE));
  }

  @Test
  void attemptsAtOnceGoToDifferentDomainsAndCostNeitherBudgetNorRetries() {
    retryTokens = 2;
    Pursuit pursuit = pursuit(WRITE, true);
    assertTrue(pursuit.tryFirst(table()));
    assertTrue(pursuit.tryBeside(table()));
    assertTrue(pursuit.tryBeside(table()));
    assertEquals(3, sent.stream().map(PursuitTest::cloud).distinct().count());
    List.copyOf(sent).forEach(upstream -> end(pursuit, upstream));
    assertEquals(Retry.STARTED, pursuit.tryRetry(table(), true, false, LEFT));
    end(pursuit, last());
    assertEquals(Retry.STARTED, pursuit.tryRetry(table(), true, false, LEFT));
    end(pursuit, last());
    assertEquals(5, pursuit.made());
  }

  @Test
  void attemptsAtOnceBorrowNoRoom() {
    Pursuit pursuit = pursuit(WRITE, true);
    assertTrue(pursuit.tryFirst(table()));
    upstreams.stream().filter(u -> u != last()).forEach(u -> u.grant(0, 1));
    assertFalse(pursuit.tryBeside(table()));
  }

  @Test
  void aCallThatForgoesItsHedgeIsRescuedStill() {
    Pursuit pursuit = pursuit(LIGHT, true);
    pursuit.forgoHedge();
    assertTrue(pursuit.tryFirst(table()));
    Upstream first = last();
    assertEquals(Step.WAIT, pursuit.look(table(), first, 2 * HEDGE));
    assertEquals(Step.RESCUED, pursuit.look(table(first), first, 2 * HEDGE));
  }

  @Test
  void afterALostHedgeThereIsNoSecondOne() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    assertEquals(Step.HEDGED, pursuit.look(table(), last(), HEDGE));
    end(pursuit, sent.get(1));
    assertEquals(Step.WAIT, pursuit.look(table(), sent.get(0), 5 * HEDGE));
  }

  @Test
  void nobodyHedgesWhatWritesOrMayNotBeRepeatedNorWithoutBudgetNorWhenTurnedOff() {
    Pursuit write = pursuit(WRITE, true);
    assertTrue(write.tryFirst(table()));
    assertEquals(Step.WAIT, write.look(table(), last(), 5 * HEDGE));
    Pursuit once = pursuit(LIGHT, false);
    assertTrue(once.tryFirst(table()));
    assertEquals(Step.WAIT, once.look(table(last()), last(), TIMEOUT));
    hedges = false;
    Pursuit off = pursuit(LIGHT, true);
    assertTrue(off.tryFirst(table()));
    assertEquals(Step.WAIT, off.look(table(), last(), 5 * HEDGE));
    hedges = true;
    hedgeTokens = 0;
    Pursuit poor = pursuit(LIGHT, true);
    assertTrue(poor.tryFirst(table()));
    assertEquals(Step.WAIT, poor.look(table(), last(), 5 * HEDGE));
  }

  @Test
  void aCallIsRescuedTheMomentItsUpstreamIsEjected() {
    retryTokens = 0;
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    Upstream first = last();
    assertEquals(Step.RESCUED, pursuit.look(table(first), first, 1));
    assertEquals(List.of(AttemptKind.PRIMARY, AttemptKind.RESCUE), kinds);
    assertNotEquals(cloud(first), cloud(last()));
  }

  @Test
  void aCallThatIsAlsoAtSomebodyHealthyIsNotRescued() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    Upstream first = last();
    assertEquals(Step.HEDGED, pursuit.look(table(), first, HEDGE));
    assertEquals(Step.WAIT, pursuit.look(table(first), first, HEDGE + 1));
    assertEquals(2, sent.size());
  }

  @Test
  void whoIsRescuedIntoASecondFailingDomainLeavesThatTooButNoMore() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    Upstream first = sent.get(0);
    assertEquals(Step.RESCUED, pursuit.look(table(first), first, 1));
    Upstream second = sent.get(1);
    assertEquals(Step.RESCUED, pursuit.look(table(first, second), second, 1));
    Upstream third = sent.get(2);
    assertEquals(Step.WAIT, pursuit.look(table(first, second, third), third, 1));
    assertEquals(3, sent.stream().map(PursuitTest::cloud).distinct().count());
  }

  @Test
  void rescuesAreBoundedByTheRoomOfTheOthersAndThenByTheRetryBudget() {
    retryTokens = 2;
    TableDraft crowded = draft(upstreams.subList(0, 2));
    for (int i = 2; i < upstreams.size(); i++) {
      crowded.setHotAbove(i, 1, Integer.MAX_VALUE);
    }
    Allowances shared =
        new Allowances(
            new Budget(0, 0, retryTokens, () -> now), new Budget(0, 0, 0, () -> now), () -> now);
    RoutingTable before = table();
    List<Pursuit> stuck = new ArrayList<>();
    List<Upstream> where = new ArrayList<>();
    Picker picker = new Picker(new SplittableRandom(7));
    for (int k = 0; k < 40; k++) {
      Pursuit pursuit = new Pursuit(new PursuitPolicy(LEFT, 3, true), shared, picker, this::launch);
      pursuit.begin(LIGHT, false, true, u -> true);
      assertTrue(pursuit.tryFirst(before));
      stuck.add(pursuit);
      where.add(last());
    }
    where.forEach(u -> u.release(LIGHT));
    RoutingTable after = crowded.toTable(2);
    long room = after.room();
    assertTrue(room >= 4 && room <= 20, "room of four upstreams that are hot above 1: " + room);
    int rescued = 0;
    int swallowed = 0;
    for (int k = 0; k < stuck.size(); k++) {
      boolean isOut = after.isEjected(where.get(k));
      swallowed += isOut ? 1 : 0;
      rescued += stuck.get(k).look(after, where.get(k), 1) == Step.RESCUED ? 1 : 0;
    }
    assertEquals(Math.min(swallowed, room + 2), rescued, "swallowed: " + swallowed);
  }

  @Test
  void retriesLeaveTheDomainAndEndWithTheAttempts() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    for (int k = 1; k < 3; k++) {
      end(pursuit, last());
      assertEquals(Retry.STARTED, pursuit.tryRetry(table(), true, false, LEFT));
    }
    assertEquals(3, sent.stream().map(PursuitTest::cloud).distinct().count());
    end(pursuit, last());
    assertEquals(Retry.REFUSED, pursuit.tryRetry(table(), true, true, LEFT));
    assertEquals(3, pursuit.made());
  }

  @Test
  void aRescueDoesNotUseUpAnAttempt() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    Upstream first = last();
    assertEquals(Step.RESCUED, pursuit.look(table(first), first, 1));
    end(pursuit, first);
    end(pursuit, last());
    for (int k = 0; k < 2; k++) {
      assertEquals(Retry.STARTED, pursuit.tryRetry(table(first), true, true, LEFT));
      end(pursuit, last());
    }
    assertEquals(Retry.REFUSED, pursuit.tryRetry(table(first), true, true, LEFT));
  }

  @Test
  void nothingIsRetriedThatIsNotSafeOrTooLateOrUnpaid() {
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    end(pursuit, last());
    assertEquals(Retry.REFUSED, pursuit.tryRetry(table(), false, true, LEFT));
    assertEquals(Retry.REFUSED, pursuit.tryRetry(table(), true, true, 0));
    retryTokens = 0;
    Pursuit poor = pursuit(LIGHT, true);
    assertTrue(poor.tryFirst(table()));
    end(poor, last());
    assertEquals(Retry.REFUSED, poor.tryRetry(table(), true, true, LEFT));
  }

  @Test
  void whenEverybodyWasTriedThoseWhoseFaultMayHavePassedAreTriedAgain() {
    List<UpstreamSpec> one = List.of(Upstreams.spec("only", "aws"));
    RoutingTable table = new TableDraft("test", new Topology(Upstreams.of(one))).toTable(1);
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table));
    end(pursuit, last());
    assertEquals(Retry.NOBODY, pursuit.tryRetry(table, true, false, LEFT));
    assertEquals(Retry.STARTED, pursuit.tryRetry(table, true, true, LEFT));
  }

  @Test
  void anAttemptIsGivenUpAtItsTimeButNotTheCallsLast() {
    hedges = false;
    Pursuit pursuit = pursuit(LIGHT, true);
    assertTrue(pursuit.tryFirst(table()));
    for (int k = 0; k < 2; k++) {
      assertEquals(Step.WAIT, pursuit.look(table(), last(), TIMEOUT - 1));
      assertEquals(Step.GIVE_UP, pursuit.look(table(), last(), TIMEOUT));
      end(pursuit, last());
      assertEquals(Retry.STARTED, pursuit.tryRetry(table(), true, true, LEFT));
    }
    assertEquals(Step.WAIT, pursuit.look(table(), last(), TIMEOUT));
  }

  @Test
  void anUpstreamThatDeclinesDoesNotCountAsAnAttempt() {
    Pursuit pursuit =
        new Pursuit(
            new PursuitPolicy(LEFT, 3, true),
            new Allowances(
                new Budget(0, 0, 0, () -> now), new Budget(0, 0, 0, () -> now), () -> now),
            new Picker(new SplittableRandom(7)),
            (upstream, kind) -> upstream == upstreams.get(5) && launch(upstream, kind));
    pursuit.begin(LIGHT, false, true, null);
    assertTrue(pursuit.tryFirst(table()));
    assertEquals(List.of(upstreams.get(5)), sent);
    assertEquals(1, pursuit.made());
    assertFalse(pursuit.look(table(), last(), HEDGE) == Step.HEDGED, "no budget");
  }
}
