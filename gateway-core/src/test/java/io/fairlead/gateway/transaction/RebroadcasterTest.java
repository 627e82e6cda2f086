package io.fairlead.gateway.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.gateway.transaction.TransactionObserver.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebroadcasterTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration BLOCK = Duration.ofSeconds(12);
  private static final Duration EXPIRY = Duration.ofHours(2);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @TempDir Path dir;
  private final ManualScheduler time = new ManualScheduler();
  private final Chain chain = new Chain();
  private final List<Reason> gone = new ArrayList<>();
  private Outbox outbox;

  /** A network that says what a test tells it to, at once unless it holds its answers back. */
  private static final class Chain implements ChainVoice {
    final List<String> asked = new ArrayList<>();
    final List<Runnable> heldBack = new ArrayList<>();
    @Nullable JsonNode found = JSON.nullNode();
    @Nullable JsonNode taken = JSON.textNode("0x1");
    @Nullable JsonNode count = JSON.textNode("0x0");
    final Map<Long, String> hashes = new HashMap<>();
    long head = 1000;
    long finalized = -1;
    boolean isHoldingBack;

    @Override
    public void ask(
        OutboxEntry entry, String method, String params, Consumer<@Nullable JsonNode> hearer) {
      asked.add(method);
      JsonNode answer =
          switch (method) {
            case "eth_getTransactionByHash" -> found;
            case "eth_sendRawTransaction" -> taken;
            default -> {
              asked.add(params);
              yield count;
            }
          };
      if (isHoldingBack) {
        heldBack.add(() -> hearer.accept(answer));
      } else {
        hearer.accept(answer);
      }
    }

    @Override
    public Standing standing(String chain) {
      return new Standing(head, finalized, BLOCK.toNanos());
    }

    @Override
    public @Nullable String hashOf(String name, long block) {
      return hashes.get(block);
    }

    long count(String method) {
      return asked.stream().filter(method::equals).count();
    }

    long sent() {
      return count("eth_sendRawTransaction");
    }

    void isIn(long block) {
      found = JSON.objectNode().put("blockNumber", "0x" + Long.toHexString(block));
    }
  }

  @BeforeEach
  void open() throws IOException {
    outbox = Outbox.open(dir, 64 << 20, Executors.defaultThreadFactory());
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private void keep(int transactions) {
    AtomicInteger kept = new AtomicInteger();
    for (int i = 0; i < transactions; i++) {
      byte[] raw = Signed.gift(Signed.ACCOUNT, 1, 5 + i);
      outbox.keep(
          OutboxEntry.of("ethereum", raw, false, time.instant()), k -> kept.incrementAndGet());
    }
    Eventually.holds("kept", SOON, () -> kept.get() == transactions);
  }

  private void begin() {
    TransactionObserver observer =
        new TransactionObserver() {
          @Override
          public void onForgotten(Reason reason) {
            gone.add(reason);
          }
        };
    new Rebroadcaster(
            outbox,
            chain,
            new Rebroadcaster.Settings(EXPIRY, 12),
            new Rebroadcaster.Means(
                time, time, time, RandomGenerator.of("SplittableRandom"), name -> observer))
        .start();
  }

  private void awaitEmpty() {
    Eventually.holds("the outbox is empty", SOON, () -> outbox.size() == 0);
  }

  @Test
  void whatNobodyHasIsSentAgainAndAgain() {
    keep(1);
    begin();
    time.advance(Duration.ofMinutes(20));
    assertTrue(chain.sent() >= 5, "sent " + chain.sent());
    assertEquals(List.of(), gone);
    assertEquals(1, outbox.size());
  }

  @Test
  void whatIsDeepEnoughInTheChainIsForgotten() {
    keep(1);
    chain.isIn(989);
    begin();
    time.advance(Duration.ofMinutes(1));
    awaitEmpty();
    assertEquals(List.of(Reason.MINED), gone);
    assertEquals(0, chain.sent());
  }

  @Test
  void whatIsMinedOnADeadBranchAloneIsSentOn() {
    keep(1);
    chain.isIn(989);
    chain.found = JSON.objectNode().put("blockNumber", "0x3dd").put("blockHash", "0xdead");
    chain.hashes.put(989L, "0xa11ve");
    begin();
    time.advance(Duration.ofMinutes(1));
    assertEquals(List.of(), gone);
    assertTrue(chain.sent() > 0);
    chain.hashes.put(989L, "0xDEAD");
    time.advance(Duration.ofMinutes(10));
    awaitEmpty();
    assertEquals(List.of(Reason.MINED), gone);
  }

  @Test
  void whatIsFinalIsForgottenHoweverShallow() {
    keep(1);
    chain.isIn(1000);
    chain.finalized = 1000;
    begin();
    time.advance(Duration.ofMinutes(1));
    awaitEmpty();
    assertEquals(List.of(Reason.MINED), gone);
  }

  @Test
  void aYoungBlockIsNotTrustedAndWhatItLosesIsSentAgain() {
    keep(1);
    chain.isIn(990);
    begin();
    time.advance(Duration.ofMinutes(1));
    assertEquals(1, outbox.size());
    assertEquals(0, chain.sent());
    chain.found = JSON.nullNode();
    time.advance(Duration.ofMinutes(1));
    assertTrue(chain.sent() > 0);
    chain.isIn(1001);
    chain.head = 1012;
    time.advance(Duration.ofMinutes(10));
    awaitEmpty();
    assertEquals(List.of(Reason.MINED), gone);
  }

  @Test
  void whatAnotherTransactionReplacedIsForgotten() {
    keep(1);
    chain.taken = null;
    chain.count = JSON.textNode("0x6");
    begin();
    time.advance(Duration.ofMinutes(1));
    awaitEmpty();
    assertEquals(List.of(Reason.REPLACED), gone);
    assertTrue(
        chain.asked.contains("[\"" + Signed.ACCOUNT.getAddress() + "\",\"0x3dd\"]"),
        "asked at the block that is deep enough: " + chain.asked);
  }

  @Test
  void aRejectionAloneForgetsNothing() {
    keep(1);
    chain.taken = null;
    chain.count = JSON.textNode("0x5");
    begin();
    time.advance(Duration.ofHours(1));
    assertEquals(1, outbox.size());
    assertTrue(chain.sent() > 5);
  }

  @Test
  void anOutageForgetsNothing() {
    keep(1);
    chain.found = null;
    chain.taken = null;
    chain.count = JSON.textNode("0x6");
    begin();
    time.advance(Duration.ofHours(1));
    assertEquals(List.of(), gone);
    long before = chain.sent();
    time.advanceNanos(Rebroadcaster.MAX_UNKNOWN_REST_NANOS * 5 / 4 + 1_000_000_000L);
    assertTrue(chain.sent() > before, "it is tried often, so that it goes out soon after the end");
  }

  @Test
  void itsTimeEndsEverything() {
    keep(1);
    begin();
    time.advance(EXPIRY.minusSeconds(20));
    assertEquals(1, outbox.size());
    time.advance(Duration.ofMinutes(7));
    awaitEmpty();
    assertEquals(List.of(Reason.EXPIRED), gone);
  }

  @Test
  void aFullOutboxIsNoStorm() {
    keep(3000);
    begin();
    time.advance(Duration.ofSeconds(16));
    long before = chain.count("eth_getTransactionByHash");
    time.advance(Duration.ofSeconds(1));
    long begun = chain.count("eth_getTransactionByHash") - before;
    assertTrue(begun > 0 && begun <= Rebroadcaster.VISITS_PER_SECOND, "begun " + begun);
    chain.isHoldingBack = true;
    time.advance(Duration.ofMinutes(1));
    assertEquals(Rebroadcaster.MAX_OPEN, chain.heldBack.size());
  }
}
