package io.fairlead.gateway.freshness;

import io.fairlead.probes.AgreedHeads;
import io.fairlead.routing.Upstream;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chain is agreed to look like near its head, as event loops read it: one object for one
 * moment.
 *
 * <p>Thread-safety: immutable.
 */
public final class ChainHeads {
  /** Stands for a height that is not known. */
  public static final long UNKNOWN = AgreedHeads.UNKNOWN;

  /** Nothing is known yet. */
  static final ChainHeads NONE = new ChainHeads(AgreedHeads.NONE, 0);

  private final AgreedHeads agreed;
  private final long sinceNanos;
  private final Map<String, Long> numbers;

  ChainHeads(AgreedHeads agreed, long sinceNanos) {
    this.agreed = agreed;
    this.sinceNanos = sinceNanos;
    this.numbers = new HashMap<>();
    for (int i = 0; i < agreed.blocks().size(); i++) {
      long number = agreed.blocks().first() + i;
      String hash = agreed.blocks().at(number);
      if (hash != null) {
        numbers.put(hash.toLowerCase(Locale.ROOT), number);
      }
    }
  }

  /** The newest block's height, or {@link #UNKNOWN}. */
  public long latest() {
    return agreed.latest();
  }

  /** The newest block's hash, null while unknown. */
  public @Nullable String latestHash() {
    return agreed.blocks().at(agreed.latest());
  }

  /** The newest safe block's height, or {@link #UNKNOWN}. */
  public long safe() {
    return agreed.safe();
  }

  /** The newest final block's height, or {@link #UNKNOWN}. */
  public long finalized() {
    return agreed.finalized();
  }

  /**
   * The hash of the chain's block at a height.
   *
   * @param number the height
   * @return null where it is not known, as far behind the head
   */
  public @Nullable String hashOf(long number) {
    return agreed.blocks().at(number);
  }

  /**
   * The height of a recent block of the chain.
   *
   * @param hash its hash, in any letter case
   * @return the height, or {@link #UNKNOWN}
   */
  public long numberOf(String hash) {
    return numbers.getOrDefault(hash.toLowerCase(Locale.ROOT), UNKNOWN);
  }

  /** Since when the newest block's height is this, monotonic time. */
  long sinceNanos() {
    return sinceNanos;
  }

  AgreedHeads agreed() {
    return agreed;
  }

  boolean isAstray(Upstream upstream) {
    return !agreed.astray().isEmpty() && agreed.astray().contains(upstream.id());
  }

  /** Whether a block is known to be another than the chain's at its height. */
  boolean isReplaced(BlockSight block) {
    String hash = block.hasHash() ? hashOf(block.number()) : null;
    return hash != null && !block.isHash(hash);
  }

  static boolean isHash(ByteBuf text, int start, String hash) {
    for (int i = 0; i < hash.length(); i++) {
      if (Character.toLowerCase((char) text.getByte(start + i))
          != Character.toLowerCase(hash.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
