package io.fairlead.gateway.freshness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients of a chain that reorganises, asked of nodes that lag, freeze, fork, lie and die: nobody
 * sees the chain go back.
 *
 * <p>Longer: {@code mvn -pl gateway-core -am test -Dtest=FreshnessSimTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfairlead.sim.seeds=20}.
 */
final class FreshnessSimTest {
  private static final int SEEDS = Integer.getInteger("fairlead.sim.seeds", 1);
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** What is played. */
  private record Play(long seed, Duration blockTime, int clients, Duration time) {}

  @Test
  void inAnHourOfFaultsTenThousandClientsNeverSeeTheChainGoBack(TestReporter report) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Play play = new Play(seed, Duration.ofSeconds(12), 10_000, Duration.ofHours(1));
      Book book = play(play);
      report.publishEntry(play + ": " + book);
      assertEquals(List.of(), book.broken, () -> play + ": " + book);
      assertTrue(book.failed < book.calls / 200, () -> play + ": " + book);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void onAQuickChainNobodySeesItGoBackEither(long seed) {
    Play play = new Play(seed, Duration.ofSeconds(2), 300, Duration.ofMinutes(10));
    Book book = play(play);
    assertEquals(List.of(), book.broken, () -> play + ": " + book);
    assertTrue(book.failed < book.calls / 100, () -> play + ": " + book);
  }

  private static Book play(Play play) {
    SplittableRandom random = new SplittableRandom(play.seed());
    TestGateway gateway = new TestGateway(random.split(), play.blockTime());
    Book book = new Book();
    gateway.start();
    for (int i = 0; i < play.clients(); i++) {
      TestClient client = new TestClient(gateway, i, random.split(), book);
      boolean isEager = i % 100 == 0;
      long period = isEager ? 5 * SECOND_NANOS : 500 * SECOND_NANOS;
      begin(gateway, client, book, random.split(), period);
    }
    gateway.pass(play.time().toNanos());
    book.isClosed = true;
    gateway.pass(60 * SECOND_NANOS);
    return book;
  }

  private static void begin(
      TestGateway gateway, TestClient client, Book book, SplittableRandom random, long period) {
    gateway.loop.schedule(
        () -> {
          if (!book.isClosed) {
            if (!client.isBusy) {
              client.act();
            }
            begin(gateway, client, book, random, period);
          }
        },
        random.nextLong(2 * period));
  }
}
