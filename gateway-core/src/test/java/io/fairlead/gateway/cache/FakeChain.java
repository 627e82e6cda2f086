package io.fairlead.gateway.cache;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A chain whose head and forks a test moves. */
final class FakeChain implements HeadView {
  private final Map<Long, String> hashes = new TreeMap<>();
  private long head = ChainView.UNKNOWN;
  private long finalized = ChainView.UNKNOWN;

  /** The hash of a block of a branch. */
  static String hash(long number, String branch) {
    String digits = branch + Long.toHexString(number);
    return "0x" + "0".repeat(64 - digits.length()) + digits;
  }

  /** Makes blocks up to a height those of a branch, from another height on. */
  FakeChain grow(long from, long to, String branch) {
    hashes.keySet().removeIf(number -> number >= from);
    for (long number = from; number <= to; number++) {
      hashes.put(number, hash(number, branch));
    }
    head = to;
    return this;
  }

  /** Finalizes. */
  FakeChain settle(long number) {
    finalized = number;
    return this;
  }

  @Override
  public ChainView now() {
    return new View(Map.copyOf(hashes), head, finalized);
  }

  private record View(Map<Long, String> hashes, long headNumber, long finalizedNumber)
      implements ChainView {
    @Override
    public @Nullable String headHash() {
      return hashes.get(headNumber);
    }

    @Override
    public @Nullable String hashOf(long number) {
      return hashes.get(number);
    }

    @Override
    public long numberOf(String hash) {
      return hashes.entrySet().stream()
          .filter(entry -> entry.getValue().equalsIgnoreCase(hash))
          .mapToLong(Map.Entry::getKey)
          .findFirst()
          .orElse(UNKNOWN);
    }
  }
}
