package io.fairlead.gateway.freshness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.client.Client;
import io.fairlead.routing.Upstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of the newest state after writes, one after the other without a pause, in virtual time. */
final class BlindReadsTest {
  private static final Duration BLOCK = Duration.ofSeconds(12);
  private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final String HASH = "0x" + "a".repeat(64);

  @TempDir Path dir;

  private final List<String> answeredBy = new ArrayList<>();
  private TestGateway gateway;
  private Client client;
  private long highest = -1;

  @BeforeEach
  void start() {
    gateway = new TestGateway(new SplittableRandom(3), BLOCK, dir);
    gateway.start();
    client = gateway.clients.ofKey("one");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /** Until the agreed head is so old, in block times. */
  private void passUntilAged(double least, double most) {
    double age = -1;
    while (age < least || age > most) {
      gateway.pass(10 * MILLI_NANOS);
      long since = gateway.board.heads().sinceNanos();
      age = (double) (gateway.loop.nanoTime() - since) / BLOCK.toNanos();
    }
  }

  /** So many reads, a new one every five milliseconds, whatever became of those before. */
  private void read(int count) {
    for (int i = 0; i < count; i++) {
      long least = highest;
      gateway.call(
          client,
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0xa\",\"latest\"]}",
          (text, origin) -> onAnswer(text, origin, least));
      gateway.pass(5 * MILLI_NANOS);
    }
  }

  private void onAnswer(String text, TestGateway.Origin origin, long least) {
    JsonNode answer = TestWorld.parse(text.getBytes(StandardCharsets.UTF_8));
    TestBlock block = gateway.world.byHash.get(answer.path("result").asText());
    assertNotNull(block, text);
    assertTrue(block.number >= least, () -> text + " after block " + least);
    highest = Math.max(highest, block.number);
    answeredBy.add(origin.by());
  }

  private List<String> others(String than) {
    return answeredBy.stream().filter(by -> !by.equals(than)).toList();
  }

  @Test
  void readsStayWhereTheNewestStateWasReadWhileNobodyKnowsItsBlock() {
    Upstream one = gateway.upstream("node5");
    passUntilAged(0.8, 0.9); // so old a block says nothing any more
    client.onPinnedRead(one, gateway.loop.nanoTime());
    read(40);
    assertEquals(List.of(), others("node5"));
  }

  @Test
  void readsWithoutAPauseDoNotBindTheClientForEver() {
    Upstream one = gateway.upstream("node5");
    passUntilAged(0.8, 0.9);
    client.onPinnedRead(one, gateway.loop.nanoTime());
    read(1_000);
    assertTrue(others("node5").size() > 200, () -> "of others: " + others("node5").size());
  }

  @Test
  void aBlockOfTheClientsOwnWriteIsNotTakenForTheOneBefore() {
    Upstream one = gateway.upstream("node5");
    passUntilAged(0.1, 0.5);
    long now = gateway.loop.nanoTime();
    gateway.board.onSeen(one, gateway.board.heads().latest(), now, now);
    client.onAccepted(HASH, List.of(one), now);
    gateway.pass(MILLI_NANOS);
    client.onPinnedRead(one, gateway.loop.nanoTime());
    read(1);
    assertNotNull(client.pinnedRead());
    client.onReceiptSeen(HASH);
    read(1);
    assertNull(client.pinnedRead());
  }

  @Test
  void whoeverDoesNotAnswerKeepsNobodyElseFromAnswering() {
    Upstream one = gateway.upstream("node5");
    passUntilAged(0.8, 0.9);
    Objects.requireNonNull(gateway.world.nodes.get("node5")).fault = TestNode.Fault.DARK;
    client.onPinnedRead(one, gateway.loop.nanoTime());
    List<String> answers = new ArrayList<>();
    for (String call :
        List.of("eth_getBalance\",\"params\":[\"0xa\",\"latest\"]", "eth_blockNumber\"")) {
      gateway.call(
          client,
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + call + "}",
          (text, origin) -> answers.add(text));
    }
    gateway.pass(BLOCK.toNanos());
    assertEquals(
        2, answers.stream().filter(text -> text.contains("result")).count(), () -> "" + answers);
  }
}
