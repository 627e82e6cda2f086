package io.fairlead.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainHeadTest {
  private static final Duration BLOCK = Duration.ofSeconds(12);
  private static final int LAG_LIMIT = 3;

  private static void assertNear(long expected, long actual, long tolerance) {
    assertTrue(Math.abs(expected - actual) <= tolerance, actual + ", expected " + expected);
  }

  @Test
  void aLiarCannotMoveTheHead() {
    World world = World.withBlocksEvery(BLOCK);
    world.addLive("a", "aws", BLOCK);
    world.addLive("b", "gcp", BLOCK);
    world.add("liar", "azure").height = () -> 1_000_000_000L;
    world.start().pass(Duration.ofHours(2));
    assertNear(world.node("a").height.getAsLong(), world.chainHead, 1);
    assertTrue(world.worstLag <= 1, "lag: " + world.worstLag);
  }

  @Test
  void aLiarCannotMoveTheHeadOfAChainThatStandsStill() {
    World world = World.withBlocksEvery(BLOCK);
    world.add("a", "aws");
    world.add("b", "gcp");
    world.addLive("liar", "azure", BLOCK);
    world.start().pass(Duration.ofHours(2));
    assertEquals(100, world.chainHead);
  }

  @Test
  void aWholeCloudOfLiarsCannotMoveTheHead() {
    World world = World.withBlocksEvery(BLOCK);
    world.addLive("a", "aws", BLOCK);
    world.addLive("b", "gcp", BLOCK);
    world.add("liar-1", "azure").height = () -> 1_000_000_000L;
    world.add("liar-2", "azure").height = () -> 1_000_000_000L;
    world.start().pass(Duration.ofHours(2));
    assertNear(world.node("a").height.getAsLong(), world.chainHead, 1);
  }

  @Test
  void oneUpstreamAloneDecides() {
    World world = World.withBlocksEvery(BLOCK);
    world.addLive("a", "aws", BLOCK);
    world.start().pass(Duration.ofMinutes(10));
    assertNear(world.node("a").height.getAsLong(), world.chainHead, 1);
  }

  /** Three nodes, of which two are out of reach, so that the third is the only voter. */
  private static World withOneLeft() {
    World world = World.withBlocksEvery(BLOCK);
    for (String id : List.of("a", "b", "c")) {
      world.addLive(id, id + "-cloud", BLOCK);
    }
    world.start().pass(Duration.ofMinutes(2));
    world.node("a").isSilent = true;
    world.node("b").isSilent = true;
    world.pass(Duration.ofMinutes(2));
    return world;
  }

  @Test
  void theLastOneLeftCarriesTheHeadOn() {
    World world = withOneLeft();
    world.pass(Duration.ofMinutes(10));
    assertNear(world.node("c").height.getAsLong(), world.chainHead, 1);
  }

  @Test
  void theLastOneLeftDoesNotLeapBeforeThePatience() {
    World world = withOneLeft();
    long before = world.chainHead;
    world.node("c").height = () -> 1_000_000;
    world.pass(BLOCK.multipliedBy(5));
    assertNear(before, world.chainHead, 2);
    world.pass(BLOCK.multipliedBy(3));
    assertEquals(1_000_000, world.chainHead);
  }

  @Test
  void theFirstOneBackAfterAnOutageOfAllDoesNotLeap() {
    World world = withOneLeft();
    world.node("c").isSilent = true;
    world.pass(Duration.ofMinutes(3));
    long before = world.chainHead;
    world.node("c").height = () -> 1_000_000;
    world.node("c").isSilent = false;
    world.pass(Duration.ofSeconds(20));
    assertEquals(before, world.chainHead);
    world.node("a").isSilent = false;
    world.node("b").isSilent = false;
    world.pass(Duration.ofSeconds(40));
    assertNear(world.node("a").height.getAsLong(), world.chainHead, 1);
  }

  @Test
  void theFirstOneBackAfterAnOutageOfAllIsBelievedIfItsHeadMayBeTrue() {
    World world = withOneLeft();
    world.node("c").isSilent = true;
    world.pass(Duration.ofMinutes(30));
    world.node("c").isSilent = false;
    world.pass(Duration.ofSeconds(5));
    assertNear(world.node("c").height.getAsLong(), world.chainHead, 1);
  }

  @Test
  void whatOneAloneSaidAtTheStartFallsAsSoonAsTwoSayLess() {
    World world = World.withBlocksEvery(BLOCK);
    world.addLive("a", "aws", BLOCK).isSilent = true;
    world.add("liar", "azure").height = () -> 1_000_000;
    world.start().pass(Duration.ofSeconds(10));
    assertEquals(1_000_000, world.chainHead);
    world.node("a").isSilent = false;
    world.pass(Duration.ofSeconds(5));
    assertNear(world.node("a").height.getAsLong(), world.chainHead, 1);
  }

  @Test
  void aStuckUpstreamLagsWithinABlockOfItsPoll() {
    World world = World.withBlocksEvery(BLOCK);
    world.addLive("a", "aws", BLOCK);
    world.addLive("b", "gcp", BLOCK);
    FakeNode stuck = world.addLive("stuck", "azure", BLOCK);
    world.start().pass(Duration.ofMinutes(1));
    long frozen = stuck.height.getAsLong();
    stuck.height = () -> frozen;
    world.pass(BLOCK.multipliedBy(LAG_LIMIT + 3));
    assertTrue(world.lag("stuck") > LAG_LIMIT, "lag: " + world.lag("stuck"));
    assertTrue(world.lag("a") <= 1);
    assertTrue(world.lag("b") <= 1);
  }

  @Test
  void aLaggardIsKnownAfterTheFirstLook() {
    World world = World.withBlocksEvery(BLOCK);
    world.add("late", "azure").height = () -> 90;
    world.add("a", "aws");
    world.add("b", "gcp");
    world.start().pass(Duration.ofSeconds(1));
    assertEquals(10, world.lag("late"));
  }

  @Test
  void whereOneOfTwoStandsStillTheOtherDecidesAfterThePatience() {
    World world = World.withBlocksEvery(BLOCK);
    world.add("stuck", "aws");
    world.addLive("live", "gcp", BLOCK);
    world.start().pass(Duration.ofSeconds(59));
    assertEquals(100, world.chainHead);
    world.pass(Duration.ofSeconds(30));
    assertTrue(world.chainHead >= 1000, "head: " + world.chainHead);
    assertTrue(world.lag("stuck") > LAG_LIMIT);
  }

  @Test
  void aLoneLaggardInAnotherCloudDoesNotHoldTheHeadBack() {
    World world = World.withBlocksEvery(BLOCK);
    for (int i = 0; i < 4; i++) {
      world.addLive("aws-" + i, "aws", BLOCK);
    }
    FakeNode late = world.add("late", "gcp");
    late.height = () -> world.node("aws-0").height.getAsLong() - 50;
    world.start().pass(Duration.ofMinutes(5));
    assertTrue(world.lag("late") >= 49, "lag: " + world.lag("late"));
    assertTrue(world.lag("aws-0") <= 1);
  }

  @Test
  void whenACloudFallsSilentTheOthersGoOnDeciding() {
    World world = World.withBlocksEvery(BLOCK);
    world.addLive("a1", "aws", BLOCK);
    world.addLive("a2", "aws", BLOCK);
    world.addLive("g1", "gcp", BLOCK);
    world.start().pass(Duration.ofMinutes(1));
    world.node("a1").isSilent = true;
    world.node("a2").isSilent = true;
    world.pass(Duration.ofMinutes(5));
    assertNear(world.node("g1").height.getAsLong(), world.chainHead, 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {250, 400, 1_000, 2_000, 12_000})
  void noUpstreamLagsBecauseItWasAskedEarlierThanOthers(long blockMillis) {
    Duration block = Duration.ofMillis(blockMillis);
    World world = World.withBlocksEvery(block);
    for (int i = 0; i < 6; i++) {
      world.addLive("node-" + i, "cloud-" + i % 3, block);
    }
    world.start();
    world.time.every(
        Duration.ofMillis(100),
        () -> {
          world.prober.onOrganicHead("node-0", world.node("node-0").height.getAsLong());
          world.prober.onOrganicHead("node-1", world.node("node-1").height.getAsLong());
        });
    world.pass(Duration.ofMinutes(30));
    assertTrue(world.worstLag <= LAG_LIMIT, "lag: " + world.worstLag);
    assertNear(world.node("node-0").height.getAsLong(), world.chainHead, 2);
  }

  @Test
  void aChainThatWasResetIsFollowedDown() {
    World world = World.withBlocksEvery(Duration.ofSeconds(1));
    world.add("a", "aws");
    world.add("b", "gcp");
    world.start().pass(Duration.ofSeconds(3));
    world.node("a").height = () -> 40;
    world.node("b").height = () -> 40;
    world.pass(Duration.ofSeconds(20));
    assertEquals(40, world.chainHead);
    assertEquals(0, world.lag("a"));
  }

  @Test
  void twoBlocksAtOneHeightAreAForkToldOnce() {
    World world = World.withBlocksEvery(Duration.ofSeconds(1));
    world.add("a", "aws");
    world.add("b", "gcp").fork = "b";
    world.start().pass(Duration.ofMinutes(1));
    assertEquals(1, world.forks.size());
    Fork fork = world.forks.get(0);
    assertEquals(100, fork.number());
    assertEquals("b", fork.id());
    assertEquals("a", fork.otherId());
    assertTrue(!fork.isReorganisation());
  }

  @Test
  void aHeadCarriesHashAndTime() {
    World world = World.withBlocksEvery(BLOCK);
    world.add("a", "aws");
    world.start().pass(Duration.ofSeconds(1));
    Head head = java.util.Objects.requireNonNull(world.heads.get("a"));
    assertEquals(
        new Head(100, FakeNode.hash(100, "a"), FakeNode.hash(99, "a"), 1_700_000_000), head);
  }
}
