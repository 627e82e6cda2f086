package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.Told;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A real node changes its mind about its last blocks, and subscribers hear of it as from nodes. */
@RequiresNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SubscriptionReorganisationTest {
  private static final long SEED = 5;
  private static final int DEPTH = 3;

  private final SubscriptionScene scene = new SubscriptionScene(SEED);

  @AfterAll
  void stop() {
    scene.close();
  }

  @Test
  void logsOfDroppedBlocksAreTakenBackBeforeThoseOfTheNewOnesAreTold() {
    MinedChain chain = scene.chain;
    try (Watcher watcher = Watcher.plain(scene.url(), chain.contract())) {
      mine(watcher, 1, 2, 1, 2);
      int before = watcher.told().logs().size();
      chain.anvil().call("anvil_reorg", DEPTH, List.of());
      mine(watcher, 3, 1);
      List<Told.Log> told = watcher.told().logs();
      List<Told.Log> dropped = new ArrayList<>(told.subList(before - 5, before));
      List<Told.Log> takenBack = told.subList(before, before + 5);
      for (int i = 0; i < 5; i++) {
        Told.Log first = dropped.get(4 - i);
        Told.Log back = takenBack.get(i);
        assertTrue(back.isRemoved(), () -> "told: " + told);
        assertEquals(first.hash() + first.index(), back.hash() + back.index());
      }
      assertEquals(4, told.size() - before - 5, () -> "told: " + told);
      assertEndsLikeTheChain(watcher.told());
    }
  }

  /** Makes blocks with so many logs, each after the one before is told. */
  private void mine(Watcher watcher, int... logs) {
    for (int each : logs) {
      scene.chain.block(each);
      scene.awaitAllTold(List.of(watcher));
    }
  }

  /** What was told since a dropped block links from the last common one to the chain's end. */
  private void assertEndsLikeTheChain(Told told) {
    List<Told.Head> heads = told.heads();
    long last = scene.chain.anvil().blockNumber();
    for (int i = heads.size() - 1; i > heads.size() - 2 - DEPTH; i--) {
      Told.Head head = heads.get(i);
      assertEquals(last - (heads.size() - 1 - i), head.number(), () -> "heads: " + heads);
      assertEquals(
          scene
              .chain
              .anvil()
              .call("eth_getBlockByNumber", "0x" + Long.toHexString(head.number()), false)
              .get("hash")
              .asText(),
          head.hash());
    }
  }
}
