package io.fairlead.gateway.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.Holdings.Lack;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.gateway.jsonrpc.method.DataKind;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.gateway.jsonrpc.verdict.Verdict;
import io.fairlead.gateway.metrics.TestChain;
import io.fairlead.routing.Blame;
import io.fairlead.routing.table.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearntHoldingsTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();
  private static final Verdict NO_STATE = new Verdict(Blame.DATA, Verdict.Kind.STATE_MISSING);
  private static final Verdict NO_METHOD = new Verdict(Blame.DATA, Verdict.Kind.METHOD_MISSING);
  private static final Verdict REFUSED = new Verdict(Blame.DATA, Verdict.Kind.METHOD_REFUSED);
  private static final long HEAD = 10_000;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final TestChain chain = new TestChain("ethereum").verified();
  private final List<String> gaps = new ArrayList<>();
  private final LearntHoldings holdings =
      new LearntHoldings(
          new Random(1), (id, kind, block, head) -> gaps.add(id + kind + block + "/" + head));
  private long now = Long.MAX_VALUE - MINUTE;

  LearntHoldingsTest() {
    for (String id : List.of("a", "b", "c")) {
      chain.router.onHead(id, HEAD);
    }
    chain.router.setChainHead(HEAD);
  }

  private static CallMessage message(String method, String params) {
    Calls call = Calls.of(method, params.replace('\'', '"'));
    return new CallMessage(
        call.body(), call.spans(), METHODS.find(call.body(), call.spans()), HEAD);
  }

  private static CallMessage balance(long block) {
    return message("eth_getBalance", "['0xa','0x" + Long.toHexString(block) + "']");
  }

  private void answers(String id, CallMessage message, Verdict verdict) {
    holdings.onAnswer(chain.upstream(id), message, verdict, chain.table(), now);
  }

  private boolean mayServe(String id, CallMessage message) {
    Predicate<io.fairlead.routing.Upstream> filter = holdings.filter(message, chain.table(), now);
    return filter == null || filter.test(chain.upstream(id));
  }

  @Test
  void whileNothingIsKnownThereIsNothingToFilter() {
    answers("a", balance(1), Verdict.ANSWERED);
    answers("a", balance(1), new Verdict(Blame.CLIENT, Verdict.Kind.REVERT));
    answers("a", balance(1), new Verdict(Blame.LIMIT, Verdict.Kind.RATE_LIMITED));
    assertNull(holdings.filter(balance(1), chain.table(), now));
    assertNull(holdings.lack(balance(1), chain.table(), now));
  }

  @Test
  void oneErrorRaisesTheBoundOfItsKindAlone() {
    answers("a", balance(100), NO_STATE);
    assertFalse(mayServe("a", balance(100)));
    assertFalse(mayServe("a", balance(7)));
    assertFalse(mayServe("a", message("eth_call", "[{},'0x5']")));
    assertTrue(mayServe("a", balance(101)));
    assertTrue(mayServe("a", message("eth_getBalance", "['0xa','latest']")));
    assertTrue(mayServe("a", message("eth_getBalance", "['0xa']")));
    assertTrue(mayServe("a", message("eth_getBlockByNumber", "['0x5',false]")));
    assertTrue(mayServe("a", message("eth_blockNumber", "[]")));
    assertTrue(mayServe("b", balance(100)));
    assertEquals(List.of("aSTATE100/10000"), gaps);
    answers("a", balance(50), NO_STATE);
    assertFalse(mayServe("a", balance(100)), "a later error lower down takes nothing back");
  }

  @Test
  void whatIsNearTheHeadIsNotThereYetAndNotPruned() {
    answers("a", balance(HEAD - 31), NO_STATE);
    answers("a", balance(HEAD + 5), NO_STATE);
    answers("a", message("eth_getBalance", "['0xa','latest']"), NO_STATE);
    answers("a", message("eth_getBalance", "['0xa','safe']"), NO_STATE);
    assertNull(holdings.filter(balance(1), chain.table(), now));
    answers("a", balance(HEAD - 32), NO_STATE);
    assertFalse(mayServe("a", balance(HEAD - 32)));
  }

  @Test
  void anUpstreamWhoseHeadNobodyKnowsTeachesNothing() {
    TestChain young = new TestChain("young").verified();
    holdings.onAnswer(young.upstream("a"), balance(1), NO_STATE, young.table(), now);
    assertNull(holdings.filter(balance(1), chain.table(), now));
  }

  @Test
  void aRangeOfLogsNeedsItsFirstBlock() {
    answers("a", message("eth_getLogs", "[{'fromBlock':'0x64','toBlock':'0x1000'}]"), NO_STATE);
    assertFalse(mayServe("a", message("eth_getLogs", "[{'fromBlock':'0x64','toBlock':'0x2000'}]")));
    assertTrue(mayServe("a", message("eth_getLogs", "[{'fromBlock':'0x65','toBlock':'0x2000'}]")));
    assertFalse(mayServe("a", message("eth_getLogs", "[{'fromBlock':'earliest'}]")));
  }

  @Test
  void aBelievedGapIsTriedAgainAfterItsTimeAndThenBelievedLonger() {
    long before = 0;
    for (int round = 0; round < 4; round++) {
      answers("a", balance(100), NO_STATE);
      long waited = 0;
      while (!mayServe("a", balance(100))) {
        now += MINUTE / 10;
        waited += MINUTE / 10;
      }
      assertTrue(waited >= 8 * MINUTE && waited <= 97 * MINUTE, "waited " + waited);
      assertTrue(waited > before, "round " + round);
      before = waited;
    }
    for (int round = 0; round < 20; round++) {
      answers("a", balance(100), NO_STATE);
      now += TimeUnit.HOURS.toNanos(3);
      assertTrue(mayServe("a", balance(100)), "never for ever");
    }
  }

  @Test
  void askingWhatIsBelievedMissingDoesNotMakeItWorse() {
    for (int i = 0; i < 100; i++) {
      answers("a", balance(100), NO_STATE);
    }
    now += 13 * MINUTE;
    assertTrue(mayServe("a", balance(100)));
  }

  @Test
  void anAnswerCorrectsWhatIsBelieved() {
    answers("a", balance(100), NO_STATE);
    answers("a", balance(60), Verdict.ANSWERED);
    assertTrue(mayServe("a", balance(60)));
    assertFalse(mayServe("a", balance(59)));
    answers("a", balance(0), Verdict.ANSWERED);
    assertFalse(mayServe("a", balance(59)), "every node has the first block");
    answers("a", balance(50), Verdict.ANSWERED_NULL);
    assertFalse(mayServe("a", balance(50)), "null holds nothing");
    answers("a", message("trace_block", "['0x5']"), NO_METHOD);
    answers("a", message("trace_block", "['0x5']"), Verdict.ANSWERED);
    assertTrue(mayServe("a", message("trace_block", "['0x5']")));
  }

  @Test
  void aMissingMethodIsMissingForItsNameAlone() {
    answers("a", message("acme_one", "[]"), NO_METHOD);
    assertFalse(mayServe("a", message("acme_one", "[1]")));
    assertTrue(mayServe("a", message("acme_two", "[]")));
    assertTrue(mayServe("a", message("eth_call", "[]")));
    now += 13 * MINUTE;
    assertTrue(mayServe("a", message("acme_one", "[]")));
  }

  @Test
  void whatMayMeanAMissingMethodIsBelievedForLess() {
    answers("a", message("eth_getBlockReceipts", "['0x5']"), REFUSED);
    assertFalse(mayServe("a", message("eth_getBlockReceipts", "['0x5']")));
    now += MINUTE;
    assertTrue(mayServe("a", message("eth_getBlockReceipts", "['0x5']")));
  }

  @Test
  void inventedMethodsCostNoMemory() {
    for (int i = 0; i < 10_000; i++) {
      answers("a", message("invented_" + i, "[]"), NO_METHOD);
    }
    assertEquals(256, holdings.missingMethods("a", now));
    now += TimeUnit.HOURS.toNanos(1);
    answers("a", message("another_one", "[]"), NO_METHOD);
    assertFalse(mayServe("a", message("another_one", "[]")));
  }

  @Test
  void aNullBlockWhereOneMustBeTeaches() {
    answers("a", message("eth_getBlockByNumber", "['0x5',false]"), Verdict.ANSWERED_NULL);
    assertFalse(mayServe("a", message("eth_getBlockByNumber", "['0x5',false]")));
    answers("b", message("eth_getTransactionByBlockNumberAndIndex", "['0x5','0x9']"), NULL_ANSWER);
    answers("b", message("eth_getTransactionReceipt", "['0xab']"), NULL_ANSWER);
    answers("b", message("eth_getBlockByNumber", "['0x9999999',false]"), NULL_ANSWER);
    assertTrue(holdings.oldest("b", now).isEmpty());
  }

  @Test
  void operatorsSeeWhatIsBelievedAndForHowLong() {
    holdings.onOldest("a", DataKind.STATE, 500, MINUTE, now);
    holdings.onOldest("a", DataKind.LOGS, Long.MAX_VALUE, 2 * MINUTE, now);
    answers("a", message("trace_block", "['0x5']"), REFUSED);
    assertEquals(
        List.of("DATA logs OptionalLong.empty PT1M30S", "DATA state OptionalLong[500] PT30S"),
        shown("a", now + MINUTE / 2).subList(0, 2));
    assertTrue(shown("a", now).get(2).startsWith("METHOD trace_block OptionalLong.empty PT"));
    assertEquals(1, shown("a", now + MINUTE).size(), "nobody believes the rest any more");
    assertEquals(List.of(), shown("b", now));
  }

  private List<String> shown(String id, long at) {
    return holdings.gaps(id, at).stream()
        .map(g -> g.sort() + " " + g.name() + " " + g.oldestBlocks() + " " + g.left())
        .toList();
  }

  private static final Verdict NULL_ANSWER = Verdict.ANSWERED_NULL;

  @Test
  void whatAnUpstreamSaysOfItselfCounts() {
    holdings.onOldest("a", DataKind.STATE, 500, MINUTE, now);
    holdings.onOldest("a", DataKind.LOGS, Long.MAX_VALUE, MINUTE, now);
    assertFalse(mayServe("a", balance(499)));
    assertTrue(mayServe("a", balance(500)));
    assertFalse(mayServe("a", message("eth_getLogs", "[{}]")), "it has none, not even the newest");
    assertEquals(
        Map.of(DataKind.STATE, 500L, DataKind.LOGS, Long.MAX_VALUE), holdings.oldest("a", now));
    holdings.onOldest("a", DataKind.LOGS, 0, MINUTE, now);
    assertTrue(mayServe("a", message("eth_getLogs", "[{}]")));
    now += MINUTE;
    assertTrue(mayServe("a", balance(499)));
  }

  @Test
  void whatNobodyHoldsIsSaidWithEverybodysOldestBlock() {
    RoutingTable table = chain.table();
    answers("a", balance(100), NO_STATE);
    Lack some = holdings.lack(balance(100), table, now);
    assertNotNull(some);
    assertEquals(new Lack(Lack.Sort.SOME, "state only: a from block 101"), some);
    answers("b", balance(200), NO_STATE);
    answers("c", message("eth_getBalance", "[]"), NO_METHOD);
    assertEquals(
        new Lack(
            Lack.Sort.DATA,
            "eth_getBalance at block 100 needs state that no upstream of ethereum holds"
                + " (a from block 101, b from block 201; without the method: c)"),
        holdings.lack(balance(100), table, now));
    answers("a", balance(1), NO_METHOD);
    answers("b", balance(1), NO_METHOD);
    assertEquals(
        new Lack(Lack.Sort.METHOD, "no upstream of ethereum has eth_getBalance (asked: a, b, c)"),
        holdings.lack(balance(100), table, now));
  }

  @Test
  void whatHasMovedOrGoneIsForgotten() {
    answers("a", balance(100), NO_STATE);
    answers("b", balance(100), NO_STATE);
    holdings.forget(Set.of("a"));
    assertTrue(mayServe("a", balance(100)));
    assertFalse(mayServe("b", balance(100)));
    holdings.retain(Set.of("a", "c"));
    assertNull(holdings.filter(balance(100), chain.table(), now));
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"METHOD_MISSING", "METHOD_REFUSED", "STATE_MISSING"})
  void noOtherVerdictTeaches(Verdict.Kind kind) {
    answers("a", balance(1), new Verdict(Blame.NONE, kind));
    assertNull(holdings.filter(balance(1), chain.table(), now));
  }

  /** Pruned nodes at random: whoever holds a block is never passed over for it. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whoHoldsTheDataIsNeverPassedOver(long seed) {
    Random random = new Random(seed);
    Map<String, Integer> oldest =
        Map.of("a", random.nextInt(9_000), "b", random.nextInt(9_000), "c", 0);
    int errors = 0;
    for (int i = 0; i < 3_000; i++) {
      now += random.nextLong(MINUTE);
      int block = random.nextInt((int) HEAD - 32);
      for (Map.Entry<String, Integer> node : oldest.entrySet()) {
        boolean holds = block >= node.getValue();
        boolean mayServe = mayServe(node.getKey(), balance(block));
        assertTrue(mayServe || !holds, "seed " + seed + ", block " + block + " of " + node);
        if (mayServe) {
          answers(node.getKey(), balance(block), holds ? Verdict.ANSWERED : NO_STATE);
          errors += holds ? 0 : 1;
        }
      }
    }
    assertTrue(errors < 300, "seed " + seed + ": " + errors + " errors");
  }

  /** hardhat calls eth_getBalance missing if it cannot read the block. */
  @Test
  void aKnownMethodThatEverybodyIsBelievedToLackIsAskedForNevertheless() {
    Verdict missing = new Verdict(Blame.DATA, Verdict.Kind.METHOD_MISSING);
    answers("a", balance(1), missing);
    assertFalse(mayServe("a", balance(1)));
    for (io.fairlead.routing.Upstream upstream : chain.table().upstreams()) {
      answers(upstream.id(), balance(1), missing);
    }
    assertTrue(mayServe("a", balance(1)));
    assertTrue(mayServe("b", balance(1)));
  }
}
