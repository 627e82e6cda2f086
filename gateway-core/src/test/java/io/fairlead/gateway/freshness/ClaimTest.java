package io.fairlead.gateway.freshness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimTest {
  private static final long NOW = 1_000;
  private static final long SOON = NOW + Claim.SECONDED_NANOS - 1;
  private static final long LATER = NOW + Claim.SECONDED_NANOS;

  private final Upstream a = upstream("a", 0);
  private final Upstream b = upstream("b", 1);
  private final Claim first = claim(a, 1_000, "0xaa", NOW);

  private static Upstream upstream(String id, int slot) {
    List<FailureDomain> domains = List.of(FailureDomain.cloud("c-" + id));
    return new Upstream("chain", slot, new UpstreamSpec(id, domains, 100, 0, Integer.MAX_VALUE));
  }

  private static Claim claim(Upstream by, long number, @Nullable String hash, long atNanos) {
    return new Claim(by, number, hash, atNanos);
  }

  @Test
  void anIndependentOneSecondsItRightAfterwardsAndNotLater() {
    assertTrue(first.isSecondedBy(claim(b, 1_000, "0xaa", SOON), true, false));
    assertFalse(first.isSecondedBy(claim(b, 1_000, "0xaa", LATER), true, false));
  }

  @Test
  void whoSharesAFailureDomainSecondsNothing() {
    assertFalse(first.isSecondedBy(claim(b, 1_000, "0xaa", SOON), false, false));
    assertFalse(first.isSecondedBy(claim(b, 1_000, "0xaa", LATER), false, false));
  }

  @Test
  void twoWhoExaggerateDifferentlyDoNotSecondEachOther() {
    long near = 1_000 + Claim.NEAR_BLOCKS;
    assertTrue(first.isSecondedBy(claim(b, near, "0xbb", SOON), true, false));
    assertFalse(first.isSecondedBy(claim(b, near + 1, "0xbb", SOON), true, false));
    assertFalse(first.isSecondedBy(claim(b, 999 - Claim.NEAR_BLOCKS, null, SOON), true, false));
  }

  @Test
  void twoBlocksAtOneHeightDoNotSecondEachOther() {
    assertFalse(first.isSecondedBy(claim(b, 1_000, "0xbb", SOON), true, false));
    assertTrue(first.isSecondedBy(claim(b, 1_000, null, SOON), true, false));
    assertTrue(first.isSecondedBy(claim(b, 1_001, "0xbb", SOON), true, false));
  }

  @Test
  void theLastOneLeftIsBelievedWhenItRepeatsItselfAfterAWhile() {
    assertFalse(first.isSecondedBy(claim(a, 1_001, null, SOON), false, false));
    assertTrue(first.isSecondedBy(claim(a, 1_001, null, LATER), false, false));
    assertFalse(first.isSecondedBy(claim(a, 1_001, null, LATER), false, true));
    assertFalse(first.isSecondedBy(claim(a, 999, null, LATER), false, false));
    assertFalse(first.isSecondedBy(claim(a, 5_000, null, LATER), false, false));
  }

  @Test
  void aSecondIsASecond() {
    assertEquals(1_000_000_000L, Claim.SECONDED_NANOS);
  }
}
