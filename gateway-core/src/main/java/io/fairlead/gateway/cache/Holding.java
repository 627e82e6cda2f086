package io.fairlead.gateway.cache;

import org.jspecify.annotations.Nullable;

/**
 * What a kept answer hangs on: it may be given out as long as this holds.
 *
 * @param kind the sort of condition
 * @param number the height of the block that it hangs on, -1 for none
 * @param hash that block's hash, null for none
 * @param epoch how many writes ({@link Kind#HEAD}) or reorganisations ({@link Kind#CANONICAL}) had
 *     passed when it was asked for; another makes it void
 * @param untilNanos when it ends in any case, {@link #ALWAYS} for never; by the loops' clock
 */
record Holding(Kind kind, long number, @Nullable String hash, long epoch, long untilNanos) {
  /** No end. */
  static final long ALWAYS = Long.MAX_VALUE;

  /** A sort of condition. */
  enum Kind {
    /** It holds whatever happens to the chain. */
    IMMUTABLE,
    /** It holds while its block is canonical and not yet finalized, and no block is replaced. */
    CANONICAL,
    /** It holds while its block is the head and nothing is written. */
    HEAD
  }

  /** What holds whatever happens. */
  static Holding immutable(long untilNanos) {
    return new Holding(Kind.IMMUTABLE, -1, null, 0, untilNanos);
  }

  /** What holds while a block is canonical. */
  static Holding canonical(long number, String hash, long reorganisations, long untilNanos) {
    return new Holding(Kind.CANONICAL, number, hash, reorganisations, untilNanos);
  }

  /** What holds while a block is the head. */
  static Holding head(long number, String hash, long writes, long untilNanos) {
    return new Holding(Kind.HEAD, number, hash, writes, untilNanos);
  }

  /** Whether it depends on how the chain goes on. */
  boolean isPassing() {
    return kind != Kind.IMMUTABLE;
  }

  /**
   * Why it does not hold.
   *
   * @param view the chain now
   * @return null if it does hold, time and writes apart
   */
  @Nullable EvictionReason brokenBy(ChainView view) {
    return switch (kind) {
      case IMMUTABLE -> null;
      case HEAD -> isSame(view.headHash()) ? null : EvictionReason.HEAD;
      case CANONICAL -> {
        if (!isSame(view.hashOf(number))) {
          yield EvictionReason.REORGANISED;
        }
        yield number <= view.finalizedNumber() ? EvictionReason.SETTLED : null;
      }
    };
  }

  private boolean isSame(@Nullable String other) {
    return hash != null && other != null && hash.equalsIgnoreCase(other);
  }
}
