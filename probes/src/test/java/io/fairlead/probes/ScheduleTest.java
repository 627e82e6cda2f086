package io.fairlead.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.control.Identity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  private static ProbePolicy policy(int dailyBudget, Duration blockTime) {
    return new ProbePolicy(SECOND, Duration.ofSeconds(2), dailyBudget, blockTime);
  }

  private static int mostCallsInADay(FakeNode node) {
    Deque<Long> window = new ArrayDeque<>();
    int most = 0;
    for (FakeNode.Call call : node.calls) {
      window.add(call.atNanos());
      while (call.atNanos() - window.getFirst() >= DAY.toNanos()) {
        window.removeFirst();
      }
      most = Math.max(most, window.size());
    }
    return most;
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 100, 1_000, 20_000})
  void theBudgetHoldsInAnyTwentyFourHours(int budget) {
    World world = new World(policy(budget, Duration.ofMillis(250)));
    world.addLive("well", "aws", Duration.ofMillis(250));
    world.addLive("suspect", "gcp", Duration.ofMillis(250));
    world.addLive("silent", "azure", Duration.ofMillis(250)).isSilent = true;
    world.addLive("broken", "home", Duration.ofMillis(250)).status = 500;
    world.addLive("loading", "edge", Duration.ofMillis(250)).syncing = "true";
    world.start();
    world.prober.setSuspect("suspect", true);
    world.pass(DAY.plusHours(6));
    world.nodes.forEach(
        (id, node) -> {
          int most = mostCallsInADay(node);
          assertTrue(most <= budget, id + ": " + most);
          assertTrue(node.calls.size() > budget / 2, id + ": " + node.calls.size());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 100, 1_000, 20_000})
  void theBudgetHoldsThroughFlappingAndReloads(int budget) {
    ProbePolicy policy = policy(budget, Duration.ofSeconds(2));
    World world = new World(policy);
    FakeNode flapping = world.addLive("flapping", "aws", Duration.ofSeconds(2));
    FakeNode dropped = world.addLive("dropped", "gcp", Duration.ofSeconds(2));
    dropped.status = 503;
    world.start();
    for (int round = 0; round < 30 * 60; round++) {
      world.prober.setSuspect("flapping", round % 2 == 0);
      flapping.status = round % 4 < 2 ? 500 : 200;
      if (round % 7 == 0) {
        world.prober.forget("flapping");
      }
      world.prober.setUpstreams(round % 5 == 0 ? List.of() : world.specs);
      if (round % 11 == 0) {
        world.restart(policy);
      }
      world.pass(Duration.ofMinutes(1));
    }
    world.nodes.forEach(
        (id, node) -> {
          int most = mostCallsInADay(node);
          assertTrue(most <= budget, id + ": " + most);
          assertTrue(node.calls.size() > budget / 4, id + ": " + node.calls.size());
        });
  }

  @Test
  void whatWasSpentOnAnUpstreamThatIsGoneIsForgottenWithTime() {
    World world = new World(policy(20_000, Duration.ofSeconds(12)));
    world.add("a", "aws");
    world.start().pass(SECOND);
    world.specs.clear();
    world.add("b", "aws");
    world.prober.setUpstreams(world.specs);
    assertEquals(2, world.ledger.size());
    world.pass(Duration.ofDays(1));
    world.prober.setUpstreams(world.specs);
    assertEquals(1, world.ledger.size());
  }

  @Test
  void aNewBudgetCountsWhatWasSpentUnderTheOldOne() {
    World world = new World(policy(20_000, SECOND));
    FakeNode node = world.addLive("a", "aws", SECOND);
    world.start();
    world.prober.setSuspect("a", true);
    world.pass(Duration.ofHours(2));
    int spent = node.calls.size();
    assertTrue(spent > 2_500, "" + spent);
    world.restart(policy(100, SECOND));
    world.pass(Duration.ofHours(22));
    assertTrue(node.calls.size() - spent <= 100, "" + (node.calls.size() - spent));
    int before = node.calls.size();
    world.restart(policy(20_000, SECOND));
    world.prober.setSuspect("a", true);
    world.pass(Duration.ofMinutes(10));
    assertTrue(node.calls.size() - before > 300, "" + (node.calls.size() - before));
  }

  @Test
  void onlySuspicionBringsABurst() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.addLive("a", "aws", Duration.ofSeconds(12));
    world.start().pass(SECOND);
    for (int minute = 0; minute < 120; minute++) {
      boolean isSuspect = minute % 40 == 20;
      world.prober.setSuspect("a", isSuspect);
      int before = node.calls.size();
      world.pass(Duration.ofMinutes(1));
      int calls = node.calls.size() - before;
      assertTrue(isSuspect ? calls > 40 : calls <= 10, "minute " + minute + ": " + calls);
    }
  }

  @Test
  void aSuspectWhoseTrafficTellsNoHeadIsPolledOnceABlockAndNeverForLiveness() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.addLive("a", "aws", Duration.ofSeconds(12));
    world.start().pass(SECOND);
    world.time.every(Duration.ofMillis(900), () -> world.prober.onOrganicAnswer("a"));
    world.pass(SECOND);
    world.prober.setSuspect("a", true);
    int before = node.calls.size();
    world.pass(Duration.ofMinutes(5));
    assertTrue(node.calls.size() - before <= 29, "" + (node.calls.size() - before));
  }

  @Test
  void aSpentBudgetStillChecksTheIdentity() {
    World world = new World(policy(1_000, Duration.ofSeconds(12)));
    FakeNode node = world.add("a", "aws");
    world.start();
    world.prober.setSuspect("a", true);
    world.pass(Duration.ofHours(6));
    assertTrue(node.count("eth_chainId") >= 30, "identity: " + node.count("eth_chainId"));
    node.chainId = "\"0x2\"";
    world.pass(Duration.ofMinutes(12));
    assertEquals(Identity.WRONG_CHAIN, world.identities.get("a"));
  }

  @Test
  void aReturnChecksTheIdentityAtOnceThoughPollsHaveSpentTheBudget() {
    World world = new World(policy(1_000, Duration.ofSeconds(12)));
    FakeNode node = world.add("a", "aws");
    world.start();
    world.prober.setSuspect("a", true);
    world.pass(Duration.ofHours(6).plusSeconds(77));
    long before = node.count("eth_chainId");
    world.prober.setSuspect("a", false);
    assertEquals(before + 1, node.count("eth_chainId"));
  }

  @Test
  void organicHeadsLeaveOnePollABlockForTheBranch() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    world.start().pass(SECOND);
    world.time.every(Duration.ofMillis(900), () -> world.prober.onOrganicHead("a", 100));
    world.pass(Duration.ofHours(1));
    assertTrue(node.count("eth_getBlockByNumber") <= 301, "" + node.calls.size());
    assertTrue(node.count("eth_getBlockByNumber") >= 250, "" + node.calls.size());
    assertEquals(0, node.count("eth_getBalance"));
  }

  @Test
  void organicAnswersAloneLeaveOnePollABlockForTheHead() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.addLive("a", "aws", Duration.ofSeconds(12));
    world.start().pass(SECOND);
    world.time.every(Duration.ofMillis(100), () -> world.prober.onOrganicAnswer("a"));
    world.pass(Duration.ofHours(1));
    assertTrue(node.count("eth_getBlockByNumber") <= 301, "" + node.calls.size());
    assertTrue(node.count("eth_getBlockByNumber") >= 250, "" + node.calls.size());
    assertEquals(0, node.count("eth_getBalance"));
  }

  @Test
  void aSuspectIsProbedOnceAnIntervalAndHalfOfItPastAnyCache() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    world.start().pass(Duration.ofSeconds(10));
    int before = node.calls.size();
    world.prober.setSuspect("a", true);
    world.pass(Duration.ofSeconds(60));
    int polls = node.calls.size() - before;
    assertTrue(polls >= 54 && polls <= 66, "polls: " + polls);
    assertTrue(node.count("eth_getBalance") >= 25, "" + node.count("eth_getBalance"));
    world.prober.setSuspect("a", false);
    world.pass(SECOND);
    int after = node.calls.size();
    world.pass(Duration.ofSeconds(60));
    assertTrue(node.calls.size() - after <= 8, "calls: " + (node.calls.size() - after));
  }

  @Test
  void suspicionProbesAtOnce() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    world.start().pass(Duration.ofSeconds(5));
    int before = node.calls.size();
    world.prober.setSuspect("a", true);
    assertEquals(before + 1, node.calls.size());
  }

  @Test
  void aSuspectWithFreshAnswersAndHeadIsAskedForItsBranchAlone() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    world.start().pass(SECOND);
    world.time.every(Duration.ofMillis(300), () -> world.prober.onOrganicHead("a", 100));
    world.pass(SECOND);
    world.prober.setSuspect("a", true);
    long before = node.count("eth_getBlockByNumber");
    world.pass(Duration.ofMinutes(5));
    long polls = node.count("eth_getBlockByNumber") - before;
    assertTrue(polls >= 20 && polls <= 27, "polls: " + polls);
    assertEquals(0, node.count("eth_getBalance"));
  }

  @Test
  void aNodeThatFailsIsAskedOnceAnIntervalUntilItAnswers() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    world.start().pass(SECOND);
    node.status = 503;
    world.pass(Duration.ofSeconds(14));
    assertTrue(world.reports.contains("a FAILED eth_getBlockByNumber: HTTP 503"));
    int before = node.calls.size();
    world.pass(Duration.ofSeconds(30));
    assertTrue(node.calls.size() - before >= 26, "calls: " + (node.calls.size() - before));
  }

  @Test
  void aLimitIsNoIllHealthAndIsAskedEverMoreRarely() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    world.start().pass(SECOND);
    node.status = 429;
    world.pass(Duration.ofMinutes(10));
    assertTrue(world.reports.stream().noneMatch(r -> r.startsWith("a FAILED")));
    assertTrue(world.reports.contains("a LIMITED eth_getBlockByNumber: HTTP 429"));
    List<Long> times = node.times("eth_getBlockByNumber");
    assertTrue(
        times.get(times.size() - 1) - times.get(times.size() - 2)
            > Duration.ofSeconds(25).toNanos());
  }

  @Test
  void aSilentNodeTimesOutAfterTheTimeoutNotBefore() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    world.add("a", "aws").isSilent = true;
    world.start().pass(Duration.ofSeconds(2).minusNanos(1));
    assertTrue(world.reports.isEmpty());
    world.pass(Duration.ofNanos(1));
    assertTrue(world.reports.contains("a TIMED_OUT eth_getBlockByNumber: no answer in time"));
  }

  @Test
  void nothingIsAskedOrToldAfterTheEnd() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode node = world.add("a", "aws");
    world.start();
    world.prober.stop();
    int calls = node.calls.size();
    world.pass(Duration.ofHours(1));
    assertEquals(calls, node.calls.size());
    assertTrue(world.reports.isEmpty());
  }

  @Test
  void anUpstreamThatIsDroppedIsAskedNoMoreAndANewOneAtOnce() {
    World world = World.withBlocksEvery(Duration.ofSeconds(12));
    FakeNode old = world.add("old", "aws");
    world.start().pass(SECOND);
    world.specs.clear();
    FakeNode added = world.add("new", "aws");
    world.prober.setUpstreams(world.specs);
    assertEquals(3, added.calls.size());
    int calls = old.calls.size();
    world.pass(Duration.ofHours(1));
    assertEquals(calls, old.calls.size());
    assertEquals(Identity.VERIFIED, world.identities.get("new"));
  }

  @Test
  void aBudgetTooSmallToLearnAnythingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> policy(23, SECOND));
  }
}
