package io.fairlead.gateway.admission;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How much memory outside the heap buffers hold, and how much they may.
 *
 * <p>Of a pooled allocator what counts is what live buffers hold, not what has been reserved for
 * them: a pool gives back memory only in whole chunks, so after a flood much stays reserved of
 * which little is held, and all of that can be had again.
 *
 * @param heldBytes asks what is held now; on any thread
 * @param boundBytes what may be held, 1 or more
 */
public record MemoryUse(LongSupplier heldBytes, long boundBytes) {
  /** Checks the bound. */
  public MemoryUse {
    if (boundBytes < 1) {
      throw new IllegalArgumentException("boundBytes: " + boundBytes + " (expected: 1 or more)");
    }
  }

  /**
   * The use of an allocator.
   *
   * @param bound what may be held at the most; the JVM's own limit counts besides
   */
  public static MemoryUse of(ByteBufAllocator allocator, OptionalLong bound) {
    long most = PlatformDependent.maxDirectMemory();
    return new MemoryUse(heldBy(allocator), Math.min(bound.orElse(most), most));
  }

  private static LongSupplier heldBy(ByteBufAllocator allocator) {
    if (allocator instanceof PooledByteBufAllocator pooled) {
      return pooled::pinnedDirectMemory;
    }
    return allocator instanceof ByteBufAllocatorMetricProvider provider
        ? () -> provider.metric().usedDirectMemory()
        : () -> 0;
  }

  /** What is held, as a share of the bound. */
  double share() {
    return (double) heldBytes.getAsLong() / boundBytes;
  }
}
