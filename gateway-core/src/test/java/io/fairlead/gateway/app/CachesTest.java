package io.fairlead.gateway.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class CachesTest {
  private static final long MIB = 1L << 20;

  @Test
  void answersTakeHalfOfWhatTheGatewayDoesNotNeed() {
    assertEquals(2 * MIB, Caches.mostBytes(36 * MIB));
    assertEquals(240 * MIB, Caches.mostBytes(512 * MIB));
  }

  @Test
  void smallestHeapKeepsSomeAnswers() {
    assertEquals(MIB, Caches.mostBytes(33 * MIB));
    assertEquals(MIB, Caches.mostBytes(24 * MIB), "a sidecar");
  }
}
