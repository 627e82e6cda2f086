package io.fairlead.gateway.freshness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.probes.AgreedHeads;
import io.fairlead.probes.RecentBlocks;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadBoardTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long BLOCK = 12 * SECOND;

  private final List<Long> wanted = new ArrayList<>();
  private final HeadBoard board = new HeadBoard(BLOCK, wanted::add);
  private final Upstream a = upstream("a", 3);
  private final Upstream b = upstream("b", 0);

  private static Upstream upstream(String id, int slot) {
    List<FailureDomain> domains = List.of(FailureDomain.cloud("c-" + id));
    return new Upstream("chain", slot, new UpstreamSpec(id, domains, 100, 0, Integer.MAX_VALUE));
  }

  private void agree(long latest, long now) {
    String[] hashes = {"0xAA", null, "0xcc"};
    board.publish(
        new AgreedHeads(latest, -1, 50, new RecentBlocks(latest - 2, hashes), Set.of("b")), now);
  }

  @Test
  void whatIsAgreedIsReadAsOne() {
    agree(100, 0);
    ChainHeads heads = board.heads();
    assertEquals(100, heads.latest());
    assertEquals("0xcc", heads.latestHash());
    assertNull(heads.hashOf(99));
    assertEquals(98, heads.numberOf("0xaa"));
    assertEquals(ChainHeads.UNKNOWN, heads.numberOf("0xdd"));
    assertEquals(50, heads.finalized());
    assertTrue(heads.isAstray(b));
    assertFalse(heads.isAstray(a));
  }

  @Test
  void blocksThatComeQuickerThanUsualShortenTheTimeBetweenThem() {
    long usual = board.blockTimeNanos();
    agree(100, 0);
    assertEquals(usual, board.leastBlockNanos());
    agree(104, usual);
    assertEquals(usual / 4, board.leastBlockNanos());
    agree(104, usual + 1);
    assertEquals(usual / 4, board.leastBlockNanos());
    agree(105, 3 * usual);
    assertEquals(usual, board.leastBlockNanos());
  }

  @Test
  void whoIsConfiguredOtherwiseIsWhereItWasSeen() {
    agree(100, 0);
    board.onSeen(a, 101, 5, 5);
    Upstream heavier = upstream("a", 7);
    board.inherit(heavier, a);
    assertEquals(101, board.seen(heavier));
    board.onSeen(b, 102, 6, 6);
    board.inherit(b, a);
    assertEquals(102, board.seen(b), "what was seen of itself counts more");
  }

  @Test
  void aSightingOnlyRisesButAProbeMayFindItLower() {
    agree(100, 0);
    board.onSeen(a, 101, 5, 5);
    board.onSeen(a, 99, 6, 6);
    assertEquals(101, board.seen(a));
    assertEquals(-1, board.seen(b));
    board.onProbed(a, 99, 5, 7);
    assertEquals(101, board.seen(a), "the probe was sent no later than the sighting");
    board.onProbed(a, 99, 6, 8);
    assertEquals(99, board.seen(a));
  }

  @Test
  void anOldBlockSaysNothingOfTheNewest() {
    agree(101, 0);
    board.onSeen(a, 100, 0, 0);
    board.onHad(a, 100, 2 * BLOCK, 2 * BLOCK);
    assertEquals(0, board.sighting(a).sinceNanos());
    assertEquals(101, board.credited(a, 2 * BLOCK));
    board.onHad(a, 99, 2 * BLOCK, 2 * BLOCK);
    assertEquals(100, board.seen(a));
    board.onHad(a, 101, 2 * BLOCK, 2 * BLOCK);
    assertEquals(101, board.seen(a));
    assertFalse(board.sighting(a).isHead());
    board.onSeen(a, 101, 2 * BLOCK, 2 * BLOCK);
    assertTrue(board.sighting(a).isHead());
  }

  @Test
  void whoIsFarAheadAloneIsNotBelievedUntilAnotherSaysSo() {
    agree(100, 0);
    assertTrue(board.isPlausible(104, 0));
    assertFalse(board.isPlausible(105, 0));
    assertTrue(board.isPlausible(106, BLOCK));
    board.onSeen(a, 1_000, 0, 0);
    assertEquals(-1, board.seen(a));
    board.onCorroborated(900);
    assertTrue(board.isPlausible(904, 0));
    assertFalse(board.isPlausible(905, 0));
  }

  @Test
  void beforeAnythingIsAgreedNothingIsImplausible() {
    assertTrue(board.isPlausible(1L << 40, 0));
  }

  @Test
  void anUpstreamIsCreditedWithWhatTheChainMakesButNeverBeyondWhatIsAgreed() {
    agree(100, 0);
    board.onSeen(a, 98, 0, 0);
    assertEquals(98, board.credited(a, BLOCK));
    assertEquals(99, board.credited(a, BLOCK + SECOND));
    assertEquals(99, board.credited(a, 100 * BLOCK), "the credit has an end");
    board.onSeen(a, 100, 1, 1);
    assertEquals(100, board.credited(a, 100 * BLOCK));
    assertEquals(-1, board.credited(b, 100 * BLOCK));
  }

  @Test
  void aLookIsAskedForTenTimesASecondAtTheMost() {
    board.want(7, 0);
    board.want(8, SECOND / 10 - 1);
    board.want(9, SECOND / 10);
    assertEquals(List.of(7L, 9L), wanted);
  }

  @Test
  void theChainHasStartedOverWhenNobodyStandsThatHighAnyMoreForAWhile() {
    agree(100, 0);
    List<Upstream> both = List.of(a, b);
    board.onProbed(a, 100, 1, 1);
    board.onProbed(b, 100, 1, 1);
    assertFalse(board.hasStartedOver(both, 1));
    board.onProbed(a, 5, 2, 2);
    assertFalse(board.hasStartedOver(both, 100 * BLOCK), "one is still there");
    board.onProbed(b, 6, 3, 3);
    assertFalse(board.hasStartedOver(both, 200 * BLOCK));
    assertFalse(board.hasStartedOver(both, 205 * BLOCK - 1));
    assertTrue(board.hasStartedOver(both, 205 * BLOCK));
    assertFalse(board.hasStartedOver(both, 206 * BLOCK));
  }
}
