package io.fairlead.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
  void aWeightOutsideItsRangeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new UpstreamSpec("a", List.of(), 10_001, 0, 1));
  }
}
