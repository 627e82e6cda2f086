package io.fairlead.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.control.Identity;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private static final Duration BLOCK = Duration.ofSeconds(12);
  private final World world = World.withBlocksEvery(BLOCK);

  @Test
  void everyoneIsVerifiedAfterOneRoundTrip() {
    for (int i = 0; i < 9; i++) {
      world.add("node-" + i, "cloud-" + i % 3);
    }
    world.start().pass(World.ROUND_TRIP.minusNanos(1));
    assertTrue(world.identities.isEmpty());
    world.pass(Duration.ofNanos(1));
    assertEquals(9, world.identities.size());
    assertTrue(world.identities.values().stream().allMatch(Identity.VERIFIED::equals));
    assertEquals(100, world.chainHead);
  }

  @Test
  void aWrongChainIsNeverVerifiedAndRarelyAsked() {
    FakeNode wrong = world.add("wrong", "aws");
    wrong.chainId = "\"0x5\"";
    wrong.height = () -> 9_000_000;
    world.add("right", "gcp");
    world.start();
    world.prober.setSuspect("wrong", true);
    world.pass(Duration.ofDays(1));
    assertEquals(Identity.WRONG_CHAIN, world.identities.get("wrong"));
    assertFalse(world.reports.stream().anyMatch(r -> r.startsWith("wrong VERIFIED")));
    assertTrue(wrong.calls.size() < 400, "calls: " + wrong.calls.size());
    assertEquals(100, world.chainHead);
    assertNull(world.heads.get("wrong"));
  }

  @Test
  void aNodeThatTurnsUpOnAnotherChainIsOutWithinTheRecheckAndBackWhenRepaired() {
    FakeNode node = world.add("a", "aws");
    world.start().pass(Duration.ofMinutes(1));
    node.chainId = "\"0x38\"";
    world.pass(Duration.ofMinutes(11));
    assertEquals(Identity.WRONG_CHAIN, world.identities.get("a"));
    node.chainId = "\"0x1\"";
    world.pass(Duration.ofMinutes(6));
    assertEquals(Identity.VERIFIED, world.identities.get("a"));
  }

  @Test
  void identityIsAskedAgainAfterAnOutage() {
    FakeNode node = world.add("a", "aws");
    world.start().pass(Duration.ofMinutes(1));
    node.isSilent = true;
    world.pass(Duration.ofMinutes(1));
    node.isSilent = false;
    node.chainId = "\"0x38\"";
    world.pass(Duration.ofSeconds(5));
    assertEquals(Identity.WRONG_CHAIN, world.identities.get("a"));
  }

  @Test
  void aSilentNodeIsAskedForItsIdentityWithGrowingDelays() {
    FakeNode node = world.add("a", "aws");
    node.isSilent = true;
    world.start().pass(Duration.ofMinutes(10));
    List<Long> times = node.times("eth_chainId");
    assertNotEquals(Identity.VERIFIED, world.identities.get("a"));
    long first = times.get(1) - times.get(0);
    long last = times.get(times.size() - 1) - times.get(times.size() - 2);
    assertTrue(first < Duration.ofSeconds(4).toNanos(), "first: " + first);
    assertTrue(last > Duration.ofSeconds(25).toNanos(), "last: " + last);
    node.isSilent = false;
    world.pass(Duration.ofSeconds(40));
    assertEquals(Identity.VERIFIED, world.identities.get("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0x1\"", "\"0x01\"", "\"0X1\"", "1", "\"1\""})
  void oneChainIdHasManySpellings(String spelling) {
    world.add("a", "aws").chainId = spelling;
    world.start().pass(Duration.ofSeconds(1));
    assertEquals(Identity.VERIFIED, world.identities.get("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"\"",
        "\"0x\"",
        "\"0xzz\"",
        "true",
        "{}",
        "[1]",
        "\"0x1ffffffffffffffff\"",
        "error -32601",
        "error -32005",
        "error -32603",
        "1.5",
        "-1"
      })
  void noReadableChainIdIsNoIdentity(String answer) {
    world.add("a", "aws").chainId = answer;
    world.start().pass(Duration.ofMinutes(1));
    assertNull(world.identities.get("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "\"true\"",
        "{\"startingBlock\":\"0x0\",\"currentBlock\":\"0x10\",\"highestBlock\":\"0x20\"}",
        "{\"stages\":[{\"name\":\"Headers\"}],\"currentBlock\":\"0x0\",\"highestBlock\":\"0x0\"}",
        "{\"Ok\":true}",
        "{\"Ok\":{\"currentBlock\":\"0x10\",\"highestBlock\":\"0x20\"}}",
        "{\"Ok\":{\"Info\":{\"a\":1}}}"
      })
  void aNodeThatLoadsTheChainDoesNotServe(String answer) {
    FakeNode node = world.add("a", "aws");
    node.syncing = answer;
    world.start().pass(Duration.ofSeconds(1));
    assertEquals(Identity.SYNCING, world.identities.get("a"));
    node.syncing = "false";
    world.pass(Duration.ofSeconds(15));
    assertEquals(Identity.VERIFIED, world.identities.get("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "\"false\"",
        "null",
        "[]",
        "{}",
        "7",
        "{\"Ok\":false}",
        "{\"Ok\":\"NotSyncing\"}",
        "{\"Ok\":null}",
        "{\"currentBlock\":\"0x20\",\"highestBlock\":\"0x20\",\"txIndexRemainingBlocks\":\"0x9\"}",
        "error -32601",
        "error -32000"
      })
  void oddSyncStatesAreNoReasonAgainstANode(String answer) {
    world.add("a", "aws").syncing = answer;
    world.start().pass(Duration.ofSeconds(1));
    assertEquals(Identity.VERIFIED, world.identities.get("a"));
  }

  @Test
  void heightZeroIsSyncingWhereTheChainIsKnownToBeHigher() {
    world.add("fresh", "aws").height = () -> 0;
    world.add("b", "gcp");
    world.add("c", "hetzner");
    world.start().pass(Duration.ofSeconds(1));
    assertEquals(Identity.SYNCING, world.identities.get("fresh"));
    assertFalse(world.reports.stream().anyMatch(r -> r.startsWith("fresh VERIFIED")));
    assertEquals(100, world.chainHead);
  }

  @Test
  void aBrandNewChainServesWhenAllAgreeOnHeightZero() {
    world.add("a", "aws").height = () -> 0;
    world.add("b", "gcp").height = () -> 0;
    world.start().pass(Duration.ofSeconds(1));
    assertEquals(Identity.VERIFIED, world.identities.get("a"));
    assertEquals(Identity.VERIFIED, world.identities.get("b"));
    assertEquals(0, world.chainHead);
  }

  @Test
  void aReloadOfABrandNewChainForgetsNobody() {
    world.add("a", "aws").height = () -> 0;
    world.start().pass(Duration.ofSeconds(1));
    world.add("b", "gcp").isSilent = true;
    world.prober.setUpstreams(world.specs);
    world.prober.setSuspect("a", true);
    world.pass(Duration.ofSeconds(1));
    assertEquals(Identity.VERIFIED, world.identities.get("a"));
  }

  @Test
  void aFirstBlockDoesNotTurnTheOthersIntoSyncingNodes() {
    long[] height = {0};
    world.add("a", "aws").height = () -> height[0];
    world.add("b", "gcp").height = () -> height[0];
    world.start().pass(Duration.ofSeconds(1));
    height[0] = 1;
    world.prober.onOrganicHead("a", 1);
    world.pass(Duration.ofMinutes(1));
    assertFalse(world.reports.stream().anyMatch(r -> r.contains("SYNCING eth")));
    assertEquals(1, world.chainHead);
  }
}
