package io.fairlead.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final Duration BLOCK = Duration.ofSeconds(12);

  private final World world = World.withBlocksEvery(BLOCK);

  private void addThree() {
    world.addLive("a", "aws", BLOCK);
    world.addLive("b", "gcp", BLOCK);
    world.addLive("c", "azure", BLOCK);
  }

  @Test
  void theNewestBlockIsAgreedWithItsHashAndTheOnesBefore() {
    addThree();
    world.start().pass(Duration.ofMinutes(5));
    long latest = world.agreed.latest();
    assertEquals(world.chainHead, latest);
    for (long number = latest - 10; number <= latest; number++) {
      assertEquals(FakeNode.hash(number, "a"), world.agreed.blocks().at(number));
    }
    assertNull(world.agreed.blocks().at(latest + 1));
    assertTrue(world.reorganisations.isEmpty());
  }

  @Test
  void oneOnAnotherBranchIsAstrayAndNoReorganisation() {
    addThree();
    world.start().pass(Duration.ofMinutes(1));
    FakeNode lost = world.node("c");
    lost.forkedFrom = world.chainHead;
    lost.fork = "b";
    world.pass(Duration.ofMinutes(1));
    assertEquals(Set.of("c"), world.agreed.astray());
    assertEquals(
        FakeNode.hash(world.chainHead, "a"), world.agreed.blocks().at(world.agreed.latest()));
    assertTrue(world.reorganisations.isEmpty());
  }

  @Test
  void aReorganisationIsToldOnceFromTheLowestBlockAndNobodyStaysAstray() {
    addThree();
    world.start().pass(Duration.ofMinutes(1));
    long from = world.chainHead;
    for (String id : List.of("a", "b", "c")) {
      world.node(id).forkedFrom = from;
      world.node(id).fork = "b";
    }
    world.pass(Duration.ofMinutes(1));
    assertEquals(Set.of(), world.agreed.astray());
    assertEquals(FakeNode.hash(from, "b"), world.agreed.blocks().at(from));
    assertEquals(FakeNode.hash(from - 1, "a"), world.agreed.blocks().at(from - 1));
    assertEquals(
        List.of(new Reorganisation(from, FakeNode.hash(from, "a"), FakeNode.hash(from, "b"))),
        world.reorganisations);
  }

  @Test
  void aDeepReorganisationIsFollowedDownToTheCommonAncestor() {
    addThree();
    world.start().pass(Duration.ofMinutes(2));
    long from = world.chainHead - 4;
    for (String id : List.of("a", "b", "c")) {
      world.node(id).forkedFrom = from;
      world.node(id).fork = "b";
    }
    world.pass(Duration.ofMinutes(1));
    for (long number = from; number <= world.agreed.latest(); number++) {
      assertEquals(FakeNode.hash(number, "b"), world.agreed.blocks().at(number), "at " + number);
    }
    assertEquals(FakeNode.hash(from - 1, "a"), world.agreed.blocks().at(from - 1));
    assertEquals(from, world.reorganisations.get(world.reorganisations.size() - 1).number());
    assertEquals(Set.of(), world.agreed.astray());
    long asked =
        List.of("a", "b", "c").stream()
            .mapToLong(id -> world.node(id).count("eth_getBlockByHash"))
            .sum();
    assertTrue(asked <= 6, "asked for " + asked + " headers");
  }

  @Test
  void aNodeThatDoesNotGiveAHeaderCostsOneCallAHead() {
    addThree();
    world.start().pass(Duration.ofMinutes(2));
    FakeNode stubborn = world.node("a");
    stubborn.forkedFrom = world.chainHead - 4;
    stubborn.fork = "b";
    world.pass(Duration.ofMinutes(10));
    assertTrue(stubborn.count("eth_getBlockByHash") <= 50);
    assertEquals(Set.of("a"), world.agreed.astray());
  }

  @Test
  void aWholeCloudOnAnotherBranchIsOutvotedByTwoOthers() {
    world.addLive("c1", "azure", BLOCK).fork = "b";
    world.addLive("c2", "azure", BLOCK).fork = "b";
    world.addLive("c3", "azure", BLOCK).fork = "b";
    world.addLive("a", "aws", BLOCK);
    world.addLive("b", "gcp", BLOCK);
    world.start().pass(Duration.ofMinutes(1));
    assertEquals(Set.of("c1", "c2", "c3"), world.agreed.astray());
  }

  @Test
  void ofTwoTheBranchThatGrowsIsTheChain() {
    FakeNode dead = world.addLive("dead", "aws", BLOCK);
    world.addLive("live", "gcp", BLOCK);
    world.start().pass(Duration.ofMinutes(1));
    long frozen = world.chainHead;
    dead.height = () -> frozen;
    dead.fork = "b";
    dead.forkedFrom = frozen;
    world.pass(Duration.ofMinutes(1));
    assertEquals(Set.of("dead"), world.agreed.astray());
  }

  @Test
  void aFinalBlockIsAgreedByTwoDomainsAndDoesNotFall() {
    addThree();
    world.node("a").finalized = FakeNode.block(940, "a");
    world.node("b").finalized = FakeNode.block(930, "a");
    world.node("c").finalized = FakeNode.block(5_000_000, "a");
    world.start().pass(Duration.ofMinutes(10));
    assertEquals(940, world.agreed.finalized());
    world.node("c").finalized = FakeNode.block(900, "a");
    world.pass(Duration.ofMinutes(10));
    assertEquals(940, world.agreed.finalized());
    assertEquals(AgreedHeads.UNKNOWN, world.agreed.safe());
  }

  @Test
  void aNodeThatKnowsNoTagsIsSoundAndIsRarelyAskedForThem() {
    addThree();
    world.node("b").safe = "null";
    world.node("b").finalized = "[]";
    world.start().pass(Duration.ofHours(2));
    assertTrue(world.reports.stream().noneMatch(report -> report.contains("FAILED")));
    for (String id : List.of("a", "b")) {
      long asked = world.node(id).count("safe") + world.node(id).count("finalized");
      assertTrue(asked >= 2 && asked <= 8, id + ": " + asked);
    }
  }

  @Test
  void tagsCostATwentiethOfTheBudgetAtTheMost() {
    World small =
        new World(new ProbePolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), 1_000, BLOCK));
    FakeNode node = small.addLive("a", "aws", BLOCK);
    node.safe = FakeNode.block(900, "a");
    node.finalized = FakeNode.block(900, "a");
    small.start().pass(Duration.ofHours(24));
    long asked = node.count("safe") + node.count("finalized");
    assertTrue(asked >= 20 && asked <= 50, "asked: " + asked);
  }

  @Test
  void aForkIsNoticedWithinTwoBlocksWhileTrafficTellsEveryHeight() {
    addThree();
    world.start().pass(Duration.ofSeconds(30));
    hearHeights();
    world.pass(Duration.ofMinutes(3));
    FakeNode lost = world.node("c");
    lost.forkedFrom = world.chainHead + 1;
    lost.fork = "b";
    world.pass(BLOCK.multipliedBy(3));
    assertEquals(Set.of("c"), world.agreed.astray());
  }

  @Test
  void aNodeThatInventsAHeightAndItsOwnParentHidesNoFork() {
    addThree();
    FakeNode liar = world.addLive("liar", "hetzner", BLOCK);
    world.start().pass(Duration.ofMinutes(3));
    String self = FakeNode.hash(5_000, "f");
    String block = "{\"number\":\"0x1388\",\"hash\":\"" + self + "\",\"parentHash\":\"" + self;
    liar.rubbish =
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + block + "\"}}")
            .getBytes(StandardCharsets.UTF_8);
    world.pass(Duration.ofMinutes(1));
    assertHashesAreKnown();
    FakeNode lost = world.node("c");
    lost.forkedFrom = world.chainHead + 1;
    lost.fork = "b";
    world.pass(BLOCK.multipliedBy(3));
    assertHashesAreKnown();
    assertTrue(world.agreed.astray().contains("c"), world.agreed + "");
  }

  private void assertHashesAreKnown() {
    for (long number = world.chainHead - 10; number <= world.chainHead - 1; number++) {
      assertEquals(FakeNode.hash(number, "a"), world.agreed.blocks().at(number), "at " + number);
    }
  }

  /** Traffic tells how high everybody stands, all the time, and nothing of hashes. */
  private void hearHeights() {
    world.time.every(
        Duration.ofMillis(500),
        () ->
            world.nodes.forEach(
                (id, node) -> world.prober.onOrganicHead(id, node.height.getAsLong())));
  }

  @Test
  void whereOnlyHeightsAreSeenHashesAreAskedForOnceABlock() {
    addThree();
    world.start().pass(Duration.ofSeconds(30));
    hearHeights();
    world.pass(Duration.ofMinutes(10));
    int known = 0;
    for (long number = world.chainHead - 19; number <= world.chainHead; number++) {
      known += world.agreed.blocks().at(number) == null ? 0 : 1;
    }
    assertTrue(known >= 19, "known: " + known);
    long polls =
        world.nodes.values().stream().mapToLong(n -> n.count("eth_getBlockByNumber")).sum();
    assertTrue(polls <= 3 * 55, "polls: " + polls);
  }

  @Test
  void aWantedHeadIsLookedUpThoughItWasSeenJustNow() {
    addThree();
    world.start().pass(Duration.ofSeconds(30));
    long before = world.node("a").count("eth_getBlockByNumber");
    world.prober.onOrganicHead("a", world.chainHead);
    world.prober.onHeadWanted(world.chainHead + 1);
    world.pass(Duration.ofSeconds(1));
    assertEquals(before + 1, world.node("a").count("eth_getBlockByNumber"));
  }
}
