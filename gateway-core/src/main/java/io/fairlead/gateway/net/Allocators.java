package io.fairlead.gateway.net;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;

/** Where buffers come from: few arenas, as many as there are event loops. */
final class Allocators {
  /** The system property that selects {@code pooled} (default) or {@code adaptive}. */
  static final String PROPERTY = "fairlead.allocator";

  private static final String DETECTION_PROPERTY = "io.netty.leakDetection.level";

  private static final int PAGE_BYTES = 8192;

  /** Chunks of 1 MiB: an arena grows and shrinks in small steps. */
  private static final int MAX_ORDER = 7;

  private Allocators() {}

  static ByteBufAllocator create(int loops) {
    restDetector();
    String kind = System.getProperty(PROPERTY, "pooled");
    return switch (kind) {
      case "pooled" -> pooled(loops);
      case "adaptive" -> new AdaptiveByteBufAllocator(true);
      default ->
          throw new IllegalArgumentException(
              PROPERTY + ": '" + kind + "' (expected: pooled or adaptive)");
    };
  }

  /**
   * Turns Netty's leak detector off unless it was asked for: its samples, a stack trace each, cost
   * a few percent of the time of a call. The tests look at every buffer.
   */
  private static void restDetector() {
    if (System.getProperty(DETECTION_PROPERTY) == null) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  private static ByteBufAllocator pooled(int loops) {
    return new PooledByteBufAllocator(
        true,
        1,
        loops,
        PAGE_BYTES,
        MAX_ORDER,
        PooledByteBufAllocator.defaultSmallCacheSize(),
        PooledByteBufAllocator.defaultNormalCacheSize(),
        false);
  }
}
