package io.fairlead.gateway.verify;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Disagreements that prove nothing each by itself: near the head two honest nodes may be on two
 * forks for a block or two. Three within ten minutes, each about another block, are no fork.
 *
 * <p>Thread-safety: safe; rarely used.
 */
final class Strikes {
  static final int PROOF = 3;
  static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int MOST_UPSTREAMS = 1024;

  private record Strike(long block, long atNanos) {}

  private final Map<String, ArrayDeque<Strike>> byUpstream = new HashMap<>();

  /**
   * Notes one.
   *
   * @param upstream the id of who disagreed
   * @param block the height of the block that it was about
   * @return whether they amount to a proof; they are forgotten then
   */
  synchronized boolean add(String upstream, long block, long nowNanos) {
    if (byUpstream.size() >= MOST_UPSTREAMS) {
      byUpstream.clear();
    }
    ArrayDeque<Strike> strikes = byUpstream.computeIfAbsent(upstream, id -> new ArrayDeque<>());
    strikes.removeIf(s -> s.block() == block || nowNanos - s.atNanos() >= MEMORY_NANOS);
    strikes.addLast(new Strike(block, nowNanos));
    if (strikes.size() < PROOF) {
      return false;
    }
    byUpstream.remove(upstream);
    return true;
  }
}
