package io.fairlead.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UpstreamTest {
  @Test
  void permitsEndAtMaxConcurrency() {
    Upstream upstream = new Upstream("ethereum", 0, new UpstreamSpec("a", List.of(), 100, 0, 2));
    assertTrue(upstream.tryAcquire());
    assertTrue(upstream.tryAcquire());
    assertFalse(upstream.tryAcquire());
    assertEquals(2, upstream.inFlight());
    upstream.release();
    assertTrue(upstream.tryAcquire());
  }

  @Test
  void whoIsPacedTakesWhatIsGrantedAndSavesUpSomeOfIt() {
    Upstream upstream = new Upstream("ethereum", 0, new UpstreamSpec("a", List.of(), 100, 0, 100));
    upstream.grant(0, 3);
    assertTrue(upstream.isPaced());
    assertFalse(upstream.isOpen());
    assertFalse(upstream.tryAcquire());
    assertEquals(0, upstream.inFlight());
    upstream.grant(2, 3);
    upstream.grant(2, 3);
    for (int i = 0; i < 3; i++) {
      assertTrue(upstream.isOpen());
      assertTrue(upstream.tryAcquire());
    }
    assertFalse(upstream.tryAcquire());
    upstream.release();
    assertFalse(upstream.tryAcquire(), "the end of an attempt grants nothing");
    upstream.unpace();
    assertTrue(upstream.tryAcquire());
    assertFalse(upstream.isPaced());
  }

  @Test
  void aRefusedPermitUsesUpNoGrant() {
    Upstream upstream = new Upstream("ethereum", 0, new UpstreamSpec("a", List.of(), 100, 0, 1));
    upstream.grant(2, 2);
    assertTrue(upstream.tryAcquire());
    assertFalse(upstream.tryAcquire());
    upstream.release();
    assertTrue(upstream.tryAcquire());
  }

  @Test
  void permitsAndGrantsHoldAcrossThreads() {
    Upstream upstream = new Upstream("ethereum", 0, new UpstreamSpec("a", List.of(), 100, 0, 2));
    upstream.grant(10_000, 10_000);
    AtomicInteger taken = new AtomicInteger();
    AtomicInteger holding = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Runnable worker =
        () -> {
          while (taken.get() < 10_000) {
            if (upstream.tryAcquire()) {
              taken.incrementAndGet();
              most.accumulateAndGet(holding.incrementAndGet(), Math::max);
              holding.decrementAndGet();
              upstream.release();
            }
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(4, Executors.defaultThreadFactory());
    Stream.generate(() -> CompletableFuture.runAsync(worker, threads))
        .limit(4)
        .toList()
        .forEach(CompletableFuture::join);
    threads.shutdown();
    assertEquals(10_000, taken.get());
    assertTrue(most.get() <= 2, "at once: " + most);
    assertEquals(0, upstream.inFlight());
  }

  @Test
  void aWeightOutsideItsRangeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new UpstreamSpec("a", List.of(), 10_001, 0, 1));
  }
}
