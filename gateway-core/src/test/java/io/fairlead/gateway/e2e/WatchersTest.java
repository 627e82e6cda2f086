package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.Told;
import io.fairlead.gateway.testing.WireFault;
import io.fairlead.gateway.testing.WireProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The clients of the proofs see what a node itself tells, and notice what must not happen. */
@RequiresNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchersTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final MinedChain chain = new MinedChain(new SplittableRandom(1));
  private final WireProxy way = new WireProxy(chain.anvil().uri());

  @AfterAll
  void stop() {
    way.close();
    chain.close();
  }

  static List<Watcher> all(URI url, String contract) {
    return List.of(
        Watcher.plain(url, contract),
        Watcher.web3j(url, contract),
        Watcher.script("ethers", url, contract),
        Watcher.script("viem", url, contract));
  }

  @Test
  void allAreToldTheWholeChainByAHealthyNodeAndNoticeTheEndOfTheConnection() {
    List<Watcher> watchers = new ArrayList<>(all(way.webSocketUri(), chain.contract()));
    for (int i = 0; i < 6; i++) {
      chain.block(1 + i % 3);
    }
    long last = chain.anvil().blockNumber();
    for (Watcher watcher : watchers) {
      Told told = watcher.told();
      Eventually.holds(
          () -> watcher.name() + " is told of the last log, not only of " + told.logs(),
          SOON,
          () ->
              told.logs().stream().filter(log -> log.block() == last).count() == 3
                  && told.heads().stream().anyMatch(head -> head.number() == last));
    }
    ChainTruth truth = ChainTruth.of(chain.anvil(), chain.contract());
    for (Watcher watcher : watchers) {
      ChainTruth.Findings findings = truth.check(watcher.told());
      assertTrue(findings.isClean(), () -> watcher.name() + ": " + findings);
    }
    way.set(WireFault.of(WireFault.Kind.RESET));
    for (Watcher watcher : watchers) {
      Eventually.holds(
          watcher.name() + " notices", SOON, () -> !watcher.told().troubles().isEmpty());
      watcher.close();
    }
  }

  @Test
  void whatIsMissingRepeatedOrElsewhereIsFound() {
    chain.block(1);
    chain.block(1);
    ChainTruth truth = ChainTruth.of(chain.anvil(), chain.contract());
    Told told = new Told(() -> 0);
    told.onHead(0, "", "");
    told.onHead(0, "", "");
    told.onHead(1, "0xelsewhere", "0x");
    told.onLog(1, "0xelsewhere", 0, false);
    ChainTruth.Findings findings = truth.check(told);
    assertFalse(findings.isClean());
    assertEquals(findings.heads() - 2, blocks(findings.missing()));
    assertEquals(1, findings.repeated().size());
    assertEquals(1, findings.others().size());
  }

  private static long blocks(List<String> found) {
    return found.stream().filter(one -> one.startsWith("block")).count();
  }
}
