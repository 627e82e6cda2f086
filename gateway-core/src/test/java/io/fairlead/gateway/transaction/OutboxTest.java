package io.fairlead.gateway.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.transaction.Outbox.Kept;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private final Disk disk = new Disk();
  private final List<Kept> told = new CopyOnWriteArrayList<>();
  private Outbox outbox = open(1 << 20);

  /** A disk that forces when it is let, and loses what was not forced. */
  private static final class Disk {
    final Map<Long, byte[]> forced = new TreeMap<>();
    final AtomicInteger forces = new AtomicInteger();
    final Semaphore mayForce = new Semaphore(1_000_000);
    volatile boolean broken;

    EntryStore open() {
      Map<Long, byte[]> unforced;
      synchronized (forced) {
        unforced = new TreeMap<>(forced);
      }
      return new EntryStore() {
        @Override
        public Map<Long, byte[]> all() {
          return Map.copyOf(unforced).isEmpty() ? Map.of() : new TreeMap<>(unforced);
        }

        @Override
        public void put(long number, byte[] entry) {
          unforced.put(number, entry);
        }

        @Override
        public void remove(long number) {
          unforced.remove(number);
        }

        @Override
        public void force() throws IOException {
          mayForce.acquireUninterruptibly();
          if (broken) {
            throw new IOException("no space left on device");
          }
          forces.incrementAndGet();
          synchronized (forced) {
            forced.clear();
            forced.putAll(unforced);
          }
        }

        @Override
        public void close() {}
      };
    }

    int size() {
      synchronized (forced) {
        return forced.size();
      }
    }
  }

  private Outbox open(long maxBytes) {
    try {
      return new Outbox(disk::open, maxBytes, Executors.defaultThreadFactory());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OutboxEntry entry(long nonce) {
    byte[] raw = Signed.gift(Signed.ACCOUNT, 1, nonce);
    return OutboxEntry.of("ethereum", raw, false, NOW);
  }

  private void awaitTold(int times) {
    Eventually.holds(() -> "told: " + told, SOON, () -> told.size() >= times);
  }

  private void awaitNextNonce(long next, long from) {
    String sender = Signed.ACCOUNT.getAddress();
    Eventually.holds(
        "the sender is known", SOON, () -> outbox.nextNonce("ethereum", sender, from) == next);
  }

  @AfterEach
  void close() {
    disk.mayForce.release(1_000_000);
    outbox.close();
  }

  @Test
  void nobodyIsToldBeforeTheDiskHasIt() {
    disk.mayForce.drainPermits();
    outbox.keep(entry(0), kept -> told.add(disk.size() == 1 ? kept : Kept.FAILED));
    Eventually.holds("it waits for the disk", SOON, disk.mayForce::hasQueuedThreads);
    assertEquals(List.of(), told);
    assertEquals(0, outbox.size());
    disk.mayForce.release();
    awaitTold(1);
    assertEquals(List.of(Kept.YES), told);
  }

  @Test
  void aStormSharesForces() {
    disk.mayForce.drainPermits();
    outbox.keep(entry(0), told::add);
    Eventually.holds("it waits for the disk", SOON, disk.mayForce::hasQueuedThreads);
    for (int i = 1; i <= 500; i++) {
      outbox.keep(entry(i), told::add);
    }
    disk.mayForce.release(1_000_000);
    awaitTold(501);
    assertEquals(2, disk.forces.get());
    assertEquals(501, disk.size());
  }

  @Test
  void theSameTransactionIsKeptOnce() {
    disk.mayForce.drainPermits();
    for (int i = 0; i < 3; i++) {
      outbox.keep(entry(4), told::add);
    }
    disk.mayForce.release(1_000_000);
    awaitTold(3);
    outbox.keep(entry(4), told::add);
    awaitTold(4);
    assertEquals(1, disk.size());
    assertEquals(entry(4).sizeBytes(), outbox.usedBytes());
    assertFalse(told.contains(Kept.FAILED));
  }

  @Test
  void beyondItsSizeItTakesNothingAndWhatIsForgottenMakesRoom() {
    outbox.close();
    outbox = open(2 * entry(0).sizeBytes());
    outbox.keep(entry(0), told::add);
    outbox.keep(entry(1), told::add);
    outbox.keep(entry(2), told::add);
    awaitTold(3);
    assertEquals(1, told.stream().filter(Kept.FULL::equals).count());
    outbox.forget(entry(0));
    Eventually.holds("there is room", SOON, () -> outbox.size() == 1);
    outbox.keep(entry(2), told::add);
    awaitTold(4);
    assertEquals(Kept.YES, told.get(3));
    assertEquals(2, disk.size());
  }

  @Test
  void aBrokenDiskIsSaidAndUsedAgainOnceItWorks() {
    outbox.keep(entry(0), told::add);
    awaitTold(1);
    disk.broken = true;
    outbox.keep(entry(1), told::add);
    awaitTold(2);
    assertEquals(Kept.FAILED, told.get(1));
    assertEquals(entry(0).sizeBytes(), outbox.usedBytes());
    disk.broken = false;
    outbox.keep(entry(2), told::add);
    awaitTold(3);
    assertEquals(Kept.YES, told.get(2));
    assertEquals(2, disk.size());
  }

  @Test
  void whatAnEarlierRunKeptIsThereAgain() {
    OutboxEntry hidden = OutboxEntry.of("base", Signed.legacy(8453, 1), true, NOW.plusMillis(7));
    outbox.keep(entry(3), told::add);
    outbox.keep(hidden, told::add);
    awaitTold(2);
    outbox.close();
    outbox = open(1 << 20);
    assertEquals(2, outbox.size());
    assertEquals(entry(3).sizeBytes() + hidden.sizeBytes(), outbox.usedBytes());
    OutboxEntry found =
        outbox.entries().stream().filter(e -> e.chain().equals("base")).findFirst().orElseThrow();
    assertEquals(hidden.hash(), found.hash());
    assertEquals(Signed.ACCOUNT.getAddress(), found.origin().sender());
    assertTrue(found.isPrivate());
    assertEquals(hidden.acceptedAt(), found.acceptedAt());
    awaitNextNonce(4, 3);
  }

  @Test
  void theNextNonceSkipsThoseThatAreKeptWithoutAGap() {
    for (long nonce : new long[] {5, 6, 8}) {
      outbox.keep(entry(nonce), told::add);
    }
    awaitTold(3);
    String sender = Signed.ACCOUNT.getAddress();
    awaitNextNonce(9, 8);
    assertEquals(4, outbox.nextNonce("ethereum", sender, 4));
    assertEquals(7, outbox.nextNonce("ethereum", sender, 5));
    assertEquals(5, outbox.nextNonce("base", sender, 5));
    outbox.forget(entry(5));
    Eventually.holds("it is forgotten", SOON, () -> outbox.size() == 2);
    assertEquals(5, outbox.nextNonce("ethereum", sender, 5));
  }

  @Test
  void afterItsEndItTakesNothing() {
    outbox.close();
    outbox.keep(entry(0), told::add);
    assertEquals(List.of(Kept.FAILED), told);
    assertTrue(disk.forced.isEmpty());
  }
}
