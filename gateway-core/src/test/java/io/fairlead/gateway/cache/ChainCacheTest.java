package io.fairlead.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For how long answers hold. The chain begins at block 100 with 90 finalized. */
final class ChainCacheTest {
  private static final long NO_FLOOR = -1;
  private static final long NOW = 1_000_000;

  private final FakeChain chain = new FakeChain().grow(80, 100, "a").settle(90);
  private final AnswerStore store = new AnswerStore(1 << 20);
  private final Map<EvictionReason, Integer> evicted = new EnumMap<>(EvictionReason.class);
  private final ChainCache cache =
      new ChainCache(store, chain, (reason, n) -> evicted.merge(reason, n, Integer::sum));

  private void keep(Inquiry inquiry, String result) {
    cache.offer(inquiry, Messages.result(result), cache.before(), NOW);
  }

  private boolean isKept(Inquiry inquiry) {
    return cache.find(inquiry.key(), NO_FLOOR, NOW) != null;
  }

  private static Inquiry balanceAt(String block) {
    return Messages.inquiry("eth_getBalance", "[\"0x1\",\"" + block + "\"]");
  }

  private static String receiptAt(long number, String branch) {
    return "{\"blockHash\":\""
        + FakeChain.hash(number, branch)
        + "\",\"blockNumber\":\"0x"
        + Long.toHexString(number)
        + "\"}";
  }

  private static String block(long number, String branch) {
    String hash = FakeChain.hash(number, branch);
    return "{\"hash\":\"" + hash + "\",\"number\":\"0x" + Long.toHexString(number) + "\"}";
  }

  @Test
  void aNewestBlockBehindTheHeadOrOfAnotherBranchIsGivenToNobodyElse() {
    Inquiry asked = Messages.inquiry("eth_getBlockByNumber", "[\"latest\",false]");
    keep(asked, block(99, "a"));
    assertFalse(isKept(asked));
    keep(asked, block(100, "b"));
    assertFalse(isKept(asked));
    keep(asked, block(101, "a"));
    assertTrue(isKept(asked), "who is ahead of what is agreed is not behind anybody");
    keep(asked, block(100, "a"));
    assertTrue(isKept(asked));
  }

  @Test
  void theNewestFinalBlockIsAskedForByEverybodyAlone() {
    String block = "eth_getBlockByNumber";
    assertTrue(Messages.inquiry(block, "[\"finalized\",false]").showsMoving());
    assertTrue(Messages.inquiry(block, "[\"safe\",false]").showsMoving());
    assertFalse(Messages.inquiry(block, "[\"latest\",false]").showsMoving());
    assertFalse(balanceAt("finalized").showsMoving());
  }

  @Test
  void whatIsFinalizedIsKeptWhateverComes() {
    Inquiry asked = balanceAt("0x5a");
    keep(asked, "\"0x7\"");
    chain.grow(50, 200, "b").settle(150);
    cache.onView();
    assertTrue(isKept(asked));
  }

  @Test
  void oneBlockBeyondTheFinalizedOneIsNotKeptForGood() {
    Inquiry asked = balanceAt("0x5b");
    keep(asked, "\"0x7\"");
    assertTrue(isKept(asked));
    chain.grow(91, 101, "b");
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW));
  }

  @Test
  void aReorganisationEvictsWhatItTouchedAndNothingElse() {
    Inquiry below = balanceAt("0x5f");
    Inquiry above = balanceAt("0x60");
    keep(below, "\"0x7\"");
    keep(above, "\"0x8\"");
    chain.grow(96, 100, "b");
    cache.onView();
    assertTrue(isKept(below));
    assertNull(store.find(above.key()));
    assertEquals(Map.of(EvictionReason.REORGANISED, 1), evicted);
  }

  @Test
  void aReorganisationIsSeenBeforeAnythingIsCleanedUp() {
    Inquiry asked = balanceAt("0x60");
    keep(asked, "\"0x7\"");
    chain.grow(96, 100, "b");
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW));
  }

  @Test
  void aNoticedReorganisationTakesAllThatIsNotFinalSinceItsDepthIsNotKnown() {
    Inquiry settled = balanceAt("0x10");
    Inquiry deep = balanceAt("0x5b");
    Keeping.Before before = cache.before();
    keep(settled, "\"0x6\"");
    keep(deep, "\"0x7\"");
    cache.onReorganised();
    assertTrue(isKept(settled));
    assertNull(store.find(deep.key()));
    cache.offer(deep, Messages.result("\"0x7\""), before, NOW);
    assertNull(cache.find(deep.key(), NO_FLOOR, NOW));
    keep(deep, "\"0x8\"");
    assertTrue(isKept(deep));
  }

  @Test
  void whatIsNotFinalEndsInAnyCaseAfterAWhile() {
    Inquiry asked = balanceAt("0x5b");
    keep(asked, "\"0x7\"");
    assertNotNull(cache.find(asked.key(), NO_FLOOR, NOW + Keeping.CANONICAL_NANOS - 1));
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW + Keeping.CANONICAL_NANOS));
  }

  @Test
  void whatWasAskedDuringAReorganisationIsNotKept() {
    Inquiry asked = balanceAt("0x60");
    Keeping.Before before = cache.before();
    chain.grow(96, 100, "b");
    cache.offer(asked, Messages.result("\"0x7\""), before, NOW);
    assertEquals(0, store.size());
  }

  @Test
  void whatWasKeptBeforeItsBlockWasFinalizedIsAskedOnceMore() {
    Inquiry asked = balanceAt("0x5f");
    keep(asked, "\"0x7\"");
    chain.settle(95);
    cache.onView();
    assertNull(store.find(asked.key()));
    assertEquals(Map.of(EvictionReason.SETTLED, 1), evicted);
  }

  @Test
  void anAnswerAboutTheHeadHoldsForOneHead() {
    Inquiry asked = balanceAt("latest");
    keep(asked, "\"0x7\"");
    assertTrue(isKept(asked));
    chain.grow(101, 101, "a");
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW));
    cache.onView();
    assertEquals(Map.of(EvictionReason.HEAD, 1), evicted);
  }

  @Test
  void whatWasAskedWhileTheHeadChangedIsNotKept() {
    Keeping.Before before = cache.before();
    chain.grow(101, 101, "a");
    cache.offer(balanceAt("latest"), Messages.result("\"0x7\""), before, NOW);
    assertEquals(0, store.size());
  }

  @Test
  void anotherBlockAtTheSameHeightIsAnotherHead() {
    Inquiry asked = balanceAt("latest");
    keep(asked, "\"0x7\"");
    chain.grow(100, 100, "b");
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW));
  }

  @Test
  void anAnswerAboutTheHeadEndsInAnyCaseAfterAWhile() {
    Inquiry asked = balanceAt("latest");
    keep(asked, "\"0x7\"");
    assertNotNull(cache.find(asked.key(), NO_FLOOR, NOW + Keeping.HEAD_NANOS - 1));
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW + Keeping.HEAD_NANOS));
  }

  @Test
  void whoKnowsOfANewerBlockIsNotToldOfAnOlderHead() {
    Inquiry asked = balanceAt("latest");
    keep(asked, "\"0x7\"");
    assertNotNull(cache.find(asked.key(), 100, NOW));
    assertNull(cache.find(asked.key(), 101, NOW));
  }

  @Test
  void aWriteMakesWhatIsKnownOfTheHeadOld() {
    Inquiry head = balanceAt("latest");
    Inquiry named = balanceAt("0x5f");
    keep(head, "\"0x7\"");
    keep(named, "\"0x8\"");
    cache.onWrite();
    assertNull(cache.find(head.key(), NO_FLOOR, NOW));
    assertTrue(isKept(named));
  }

  @Test
  void whatWasAskedBeforeAWriteIsNotGivenAfterIt() {
    Inquiry asked = balanceAt("latest");
    Keeping.Before before = cache.before();
    cache.onWrite();
    cache.offer(asked, Messages.result("\"0x7\""), before, NOW);
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW));
  }

  @Test
  void whoActsOnANodesChainEmptiesTheChainsCacheAndNoOthers() {
    ChainCache other = new ChainCache(store, chain, CacheObserver.NONE);
    Inquiry asked = balanceAt("0x10");
    Inquiry theirs = Messages.inquiry("eth_getCode", "[\"0x1\",\"0x10\"]");
    Keeping.Before before = cache.before();
    keep(asked, "\"0x7\"");
    other.offer(theirs, Messages.result("\"0x7\""), other.before(), NOW);
    cache.clear();
    assertNull(store.find(asked.key()));
    assertNotNull(store.find(theirs.key()));
    cache.offer(asked, Messages.result("\"0x7\""), before, NOW);
    assertNull(store.find(asked.key()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", " null "})
  void nullIsNeverKept(String result) {
    keep(balanceAt("0x10"), result);
    assertEquals(0, store.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"0x\"", "{}", "\"\""})
  void emptinessIsBelievedForAWhileOnly(String result) {
    Inquiry asked = balanceAt("0x10");
    keep(asked, result);
    assertNotNull(cache.find(asked.key(), NO_FLOOR, NOW + Keeping.EMPTY_NANOS - 1));
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW + Keeping.EMPTY_NANOS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"safe", "finalized", "earliest", "0x65"})
  void whatMovesOrIsNotThereYetIsNotKept(String block) {
    keep(balanceAt(block), "\"0x7\"");
    assertEquals(0, store.size());
  }

  @Test
  void aReceiptHangsOnTheBlockThatItShows() {
    Inquiry asked = Messages.inquiry("eth_getTransactionReceipt", "[\"0x1\"]");
    keep(asked, receiptAt(95, "a"));
    assertTrue(isKept(asked));
    chain.grow(95, 101, "b");
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW));
  }

  @Test
  void aReceiptOfAnotherBranchIsNotKept() {
    keep(Messages.inquiry("eth_getTransactionReceipt", "[\"0x1\"]"), receiptAt(95, "b"));
    keep(Messages.inquiry("eth_getTransactionReceipt", "[\"0x1\"]"), receiptAt(85, "b"));
    assertEquals(0, store.size());
  }

  @Test
  void aReceiptOfAFinalizedBlockIsKeptForGood() {
    Inquiry asked = Messages.inquiry("eth_getTransactionReceipt", "[\"0x1\"]");
    keep(asked, receiptAt(90, "a"));
    chain.grow(50, 200, "b");
    assertTrue(isKept(asked));
  }

  @Test
  void aPendingTransactionIsNotKept() {
    Inquiry asked = Messages.inquiry("eth_getTransactionByHash", "[\"0x1\"]");
    keep(asked, "{\"blockHash\":null,\"blockNumber\":null}");
    assertEquals(0, store.size());
  }

  @Test
  void aBlockOfAnotherBranchIsNotKept() {
    Inquiry asked = Messages.inquiry("eth_getBlockByNumber", "[\"0x5f\",false]");
    keep(asked, "{\"number\":\"0x5f\",\"hash\":\"" + FakeChain.hash(95, "b") + "\"}");
    assertEquals(0, store.size());
    keep(asked, "{\"number\":\"0x5f\",\"hash\":\"" + FakeChain.hash(95, "a") + "\"}");
    assertTrue(isKept(asked));
  }

  @Test
  void whatIsAskedByHashHangsOnThatBlock() {
    Inquiry asked =
        Messages.inquiry("eth_call", "[{},{\"blockHash\":\"" + FakeChain.hash(95, "a") + "\"}]");
    keep(asked, "\"0x7\"");
    chain.grow(101, 105, "a");
    assertTrue(isKept(asked));
    chain.grow(95, 105, "b");
    assertNull(cache.find(asked.key(), NO_FLOOR, NOW));
  }

  @Test
  void logsWithoutABeginningAreOfTheHead() {
    Inquiry asked = Messages.inquiry("eth_getLogs", "[{\"toBlock\":\"0x10\"}]");
    assertEquals(Inquiry.About.HEAD, asked.about());
    Inquiry whole =
        Messages.inquiry("eth_getLogs", "[{\"fromBlock\":\"0x1\",\"toBlock\":\"0x10\"}]");
    assertEquals(Inquiry.About.NUMBER, whole.about());
    assertEquals(16, whole.number());
  }

  @Test
  void nothingOfTheChainIsKeptWhileNothingIsKnownOfIt() {
    ChainCache blind = new ChainCache(store, () -> ChainView.NOTHING, CacheObserver.NONE);
    for (String block : new String[] {"0x1", "latest"}) {
      blind.offer(balanceAt(block), Messages.result("\"0x7\""), blind.before(), NOW);
    }
    assertEquals(0, store.size());
    Inquiry hash = Messages.inquiry("web3_sha3", "[\"0x1\"]");
    blind.offer(hash, Messages.result("\"0x7\""), blind.before(), NOW);
    assertEquals(1, store.size());
  }

  @Test
  void theStoreKeepsToItsLimit() {
    for (int i = 0; i < 400; i++) {
      keep(balanceAt("0x" + Integer.toHexString(i % 80) + "?" + i), "\"0x1\"");
      keep(
          Messages.inquiry("eth_getCode", "[\"0x" + i + "\",\"0x10\"]"),
          "\"0x" + "5".repeat(30_000) + "\"");
      assertTrue(store.usedBytes() <= 1 << 20, "after " + i);
    }
    assertTrue(evicted.getOrDefault(EvictionReason.SIZE, 0) > 300, evicted.toString());
  }

  @Test
  void anAnswerBeyondASixteenthIsNotKept() {
    keep(balanceAt("0x10"), "\"0x" + "5".repeat((1 << 20) / 16) + "\"");
    assertEquals(0, store.size());
  }
}
