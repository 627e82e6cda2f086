package io.fairlead.gateway.freshness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of a chain that reorganises, asked of nodes that lag, freeze, fork, lie, die, lose their
 * pools and reject transactions falsely, by way of the gateway's own handlers as it composes them:
 * freshness, cache, transactions with outbox and rebroadcaster, logs. Nobody sees the chain go
 * back, no block that was replaced long ago is shown, a receipt goes only if its block does, logs
 * are whole, the pending nonce counts what was accepted, and every accepted transaction is mined
 * once.
 *
 * <p>The build plays a quarter of an hour. {@code mvn -pl gateway-core -am test
 * -Dtest=FreshnessSimTest -Dsurefire.failIfNoSpecifiedTests=false -Dfairlead.sim.minutes=60
 * -Dfairlead.sim.seeds=20} plays twenty hours, with the seeds from {@code fairlead.sim.first} (1)
 * on. In one process two plays of one seed are alike, in all that is answered and when; from one
 * process to another a few answers of a long play may differ, as its digest tells.
 */
final class FreshnessSimTest {
  private static final int FIRST = Integer.getInteger("fairlead.sim.first", 1);
  private static final int SEEDS = Integer.getInteger("fairlead.sim.seeds", 1);
  private static final int MINUTES = Integer.getInteger("fairlead.sim.minutes", 15);
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long LAST_NANOS = 40 * 60 * SECOND_NANOS;

  /**
   * What is played.
   *
   * @param lazy time between two calls of most clients, on average
   */
  private record Play(long seed, Duration blockTime, int clients, Duration lazy, Duration time) {}

  @TempDir Path dir;

  @Test
  void throughAllFaultsTenThousandClientsNeverSeeTheChainGoBack(TestReporter report) {
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Play play =
          new Play(
              seed,
              Duration.ofSeconds(12),
              10_000,
              Duration.ofSeconds(1_000),
              Duration.ofMinutes(MINUTES));
      Book book = play(play);
      report.publishEntry(play + ": " + book);
      assertEquals(List.of(), book.broken, () -> play + ": " + book);
      assertTrue(book.failed < book.calls / 200, () -> play + ": " + book);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void onAQuickChainNobodySeesItGoBackEither(long seed, TestReporter report) {
    Play play =
        new Play(seed, Duration.ofSeconds(2), 300, Duration.ofSeconds(20), Duration.ofMinutes(10));
    Book book = play(play);
    report.publishEntry(play + ": " + book);
    assertEquals(List.of(), book.broken, () -> play + ": " + book);
    assertTrue(book.failed < book.calls / 100, () -> play + ": " + book);
  }

  @Test
  void twoPlaysOfOneSeedAreAlike() {
    Duration minutes = Duration.ofMinutes(3);
    Play play = new Play(14, Duration.ofSeconds(2), 100, Duration.ofSeconds(10), minutes);
    assertEquals(play(play).toString(), play(play).toString());
  }

  private Book play(Play play) {
    SplittableRandom random = new SplittableRandom(play.seed());
    Book book = new Book();
    try (TestGateway gateway = new TestGateway(random.split(), play.blockTime(), dir)) {
      gateway.start();
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < play.clients(); i++) {
        TestClient client = new TestClient(gateway, i, random.split(), book);
        clients.add(client);
        boolean isEager = i % 300 == 0;
        long period = isEager ? 5 * SECOND_NANOS : play.lazy().toNanos();
        begin(gateway, client, book, random.split(), period);
      }
      gateway.pass(play.time().toNanos());
      book.isClosed = true;
      close(gateway, clients, book);
    }
    return book;
  }

  /** Nothing fails any more: whatever was accepted must come to stand in the chain. */
  private static void close(TestGateway gateway, List<TestClient> clients, Book book) {
    gateway.world.healForGood();
    boolean isAllSent = false;
    for (int i = 0; i < 100 && !isAllSent; i++) {
      gateway.pass(10 * SECOND_NANOS);
      isAllSent = true;
      for (TestClient client : clients) {
        isAllSent &= client.wallet().finish();
      }
    }
    gateway.pass(LAST_NANOS);
    clients.forEach(client -> client.wallet().settle());
    book.check(book.ended == book.calls, "ended", "somebody", "waits: " + book);
    book.check(isAllSent, "sent", "somebody", "could not send");
    long unknown = gateway.longestUnknownNanos();
    book.check(unknown <= gateway.replacedNanos(), "fork", "somebody", "unknown for " + unknown);
    book.check(gateway.outboxSize() == 0, "outbox", "it", "keeps " + gateway.outboxSize());
  }

  private static void begin(
      TestGateway gateway, TestClient client, Book book, SplittableRandom random, long period) {
    gateway.loop.schedule(
        () -> {
          if (!book.isClosed) {
            if (!client.isBusy()) {
              client.act();
            }
            begin(gateway, client, book, random, period);
          }
        },
        random.nextLong(2 * period));
  }
}
