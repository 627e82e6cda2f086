package io.fairlead.routing.table;

import org.jspecify.annotations.Nullable;

/**
 * The shares of one method class, head-sensitive or not, ready to draw from, with what made them.
 *
 * <p>Thread-safety: immutable; the arrays are not written after construction.
 */
final class Distribution {
  final double[] share;
  final double[] preference;
  final double[] tierShare;
  final double[] capFactor;
  final double[] costMillis;
  final boolean isPanic;
  final boolean hasYielded;
  private final @Nullable AliasTable alias;

  Distribution(Shares s, double[] costMillis) {
    share = s.share;
    preference = s.preference;
    tierShare = s.tierShare;
    capFactor = s.capFactor;
    isPanic = s.isPanic;
    hasYielded = s.hasYielded;
    this.costMillis = costMillis;
    alias = s.isEmpty() ? null : new AliasTable(share);
  }

  /** Whether nobody has a share. */
  boolean isEmpty() {
    return alias == null;
  }

  /**
   * Draws an upstream.
   *
   * @param bits 64 random bits
   * @return the index of an upstream with a share, or -1 if nobody has one
   */
  int draw(long bits) {
    AliasTable a = alias;
    return a == null ? -1 : a.draw(bits);
  }
}
