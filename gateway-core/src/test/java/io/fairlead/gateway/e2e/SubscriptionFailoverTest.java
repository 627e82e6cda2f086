package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.ReloadConfigRequest;
import io.fairlead.admin.v1.RestoreRequest;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.Told;
import io.fairlead.gateway.testing.WireFault;
import io.fairlead.gateway.testing.WireFault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * What subscriptions are for: while the upstreams fail in turn, some at a time, clients of ethers,
 * viem, web3j and the JDK keep one connection each and are told of every block and every log once,
 * in order.
 *
 * <p>{@code -Dfairlead.failovers=60 -Dfairlead.failoverMillis=5000} plays five minutes.
 */
@RequiresNode
final class SubscriptionFailoverTest {
  private static final long SEED = 20_260_801;
  private static final int FAILOVERS = Integer.getInteger("fairlead.failovers", 8);
  private static final long FAILOVER_MILLIS = Long.getLong("fairlead.failoverMillis", 3000);
  private static final long BLOCK_MILLIS = 400;
  private static final int OPERATIONS_EVERY = 8;

  /**
   * How many upstreams of the four fail together, turn by turn; both sources of heads at times, and
   * all at times.
   */
  private static final List<Integer> AT_ONCE = List.of(1, 2, 3, 1, 2, 4, 3);

  private final SubscriptionScene scene = new SubscriptionScene(SEED);
  private final List<Watcher> watchers = new ArrayList<>();

  @Test
  void everyBlockAndLogIsToldOnceInOrderWhileUpstreamsFailInTurn(TestReporter report) {
    String contract = scene.chain.contract();
    Watcher witness =
        Watcher.plain(scene.chain.anvil().webSocketUri(), contract); // asks the node itself
    watchers.add(Watcher.plain(scene.url(), contract));
    watchers.add(Watcher.web3j(scene.url(), contract));
    watchers.add(Watcher.script("ethers", scene.url(), contract));
    watchers.add(Watcher.script("viem", scene.url(), contract));
    try (scene;
        witness;
        Admin admin = scene.gateway.admin()) {
      scene.chain.begin(BLOCK_MILLIS);
      scene.warmUp(watchers);
      for (int i = 0; i < FAILOVERS; i++) {
        failOver(i, admin);
      }
      scene.heal();
      scene.chain.pause();
      scene.chain.block(1);
      scene.awaitAllTold(watchers);
      check(witness.told(), report);
    } finally {
      for (Watcher watcher : watchers) {
        watcher.close();
      }
    }
  }

  /** Some upstreams fail at once; now and then an operator does something instead, or besides. */
  private void failOver(int turn, Admin admin) {
    int first = turn % scene.ways.size();
    if (turn % OPERATIONS_EVERY == 3) {
      String target = SubscriptionScene.UPSTREAMS.get(first);
      admin.calls().drain(DrainRequest.newBuilder().setTarget(target).setReason("works").build());
      SubscriptionScene.hold(FAILOVER_MILLIS);
      admin.calls().restore(RestoreRequest.newBuilder().setTarget(target).build());
      return;
    }
    if (turn % OPERATIONS_EVERY == 6) {
      scene.gateway.write(scene.yaml(50 + turn % 40));
      admin.calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
    }
    for (int i = 0; i < AT_ONCE.get(turn % AT_ONCE.size()); i++) {
      scene.ways.get((first + i) % scene.ways.size()).set(fault(turn + i));
    }
    SubscriptionScene.hold(FAILOVER_MILLIS * 2 / 3);
    scene.heal();
    SubscriptionScene.hold(FAILOVER_MILLIS / 3);
  }

  private static WireFault fault(int turn) {
    List<WireFault> faults =
        List.of(
            WireFault.of(Kind.FREEZE),
            WireFault.of(Kind.RESET),
            WireFault.of(Kind.DROP),
            WireFault.of(Kind.REFUSE),
            WireFault.delay(700));
    return faults.get(turn % faults.size());
  }

  private void check(Told witness, TestReporter report) {
    ChainTruth truth = ChainTruth.of(scene.chain.anvil(), scene.chain.contract());
    List<String> wrong = new ArrayList<>();
    for (Watcher watcher : watchers) {
      ChainTruth.Findings findings = truth.check(watcher.told());
      report.publishEntry(
          watcher.name()
              + ": "
              + findings.figures()
              + " in "
              + FAILOVERS
              + " failovers; behind the node "
              + lateness(witness, watcher.told()));
      if (!findings.isClean()) {
        wrong.add(watcher.name() + ": " + findings);
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  /** How much later than the node's own subscriber a client was told of blocks, in ms. */
  private static String lateness(Told witness, Told told) {
    Map<Long, Long> millisByNumber = new TreeMap<>();
    witness.heads().forEach(head -> millisByNumber.put(head.number(), -millis(head)));
    told.heads().forEach(head -> millisByNumber.merge(head.number(), millis(head), Long::sum));
    long first = told.heads().get(0).number();
    long[] millis =
        millisByNumber.entrySet().stream()
            .filter(entry -> entry.getKey() >= first)
            .mapToLong(Map.Entry::getValue)
            .sorted()
            .toArray();
    return String.format(
        Locale.ROOT,
        "%d ms in the median, %d ms at p95, %d ms at the most",
        millis[millis.length / 2],
        millis[(int) (millis.length * 0.95)],
        millis[millis.length - 1]);
  }

  private static long millis(Told.Head head) {
    return head.atNanos() / 1_000_000;
  }
}
