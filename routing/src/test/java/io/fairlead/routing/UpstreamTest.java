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
    assertTrue(upstream.tryAcquire(MethodClass.LIGHT));
    assertTrue(upstream.tryAcquire(MethodClass.LIGHT));
    assertFalse(upstream.tryAcquire(MethodClass.LIGHT));
    assertEquals(2, upstream.inFlight());
    upstream.release(MethodClass.LIGHT);
    assertTrue(upstream.tryAcquire(MethodClass.LIGHT));
  }

  @Test
  void whoIsPacedTakesWhatIsGrantedAndSavesUpSomeOfIt() {
    Upstream upstream = new Upstream("ethereum", 0, new UpstreamSpec("a", List.of(), 100, 0, 100));
    upstream.grant(0, 3);
    assertTrue(upstream.isPaced());
    assertFalse(upstream.isOpen());
    assertFalse(upstream.tryAcquire(MethodClass.LIGHT));
    assertEquals(0, upstream.inFlight());
    upstream.grant(2, 3);
    upstream.grant(2, 3);
    for (int i = 0; i < 3; i++) {
      assertTrue(upstream.isOpen());
      assertTrue(upstream.tryAcquire(MethodClass.LIGHT));
    }
    assertFalse(upstream.tryAcquire(MethodClass.LIGHT));
    upstream.release(MethodClass.LIGHT);
    assertFalse(upstream.tryAcquire(MethodClass.LIGHT), "the end of an attempt grants nothing");
    upstream.unpace();
    assertTrue(upstream.tryAcquire(MethodClass.LIGHT));
    assertFalse(upstream.isPaced());
  }

  @Test
  void aRefusedPermitUsesUpNoGrant() {
    Upstream upstream = new Upstream("ethereum", 0, new UpstreamSpec("a", List.of(), 100, 0, 1));
    upstream.grant(2, 2);
    assertTrue(upstream.tryAcquire(MethodClass.LIGHT));
    assertFalse(upstream.tryAcquire(MethodClass.LIGHT));
    upstream.release(MethodClass.LIGHT);
    assertTrue(upstream.tryAcquire(MethodClass.LIGHT));
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
            if (upstream.tryAcquire(MethodClass.LIGHT)) {
              taken.incrementAndGet();
              most.accumulateAndGet(holding.incrementAndGet(), Math::max);
              holding.decrementAndGet();
              upstream.release(MethodClass.LIGHT);
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
