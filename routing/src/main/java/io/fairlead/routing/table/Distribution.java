package io.fairlead.routing.table;

import org.jspecify.annotations.Nullable;

/**
 * The shares of one method class, head-sensitive or not, ready to draw from, with what made them.
 *
 * <p>Thread-safety: immutable; the arrays are not written after construction.
 */
final class Distribution {
  final double[] share;
  final double[] beside;
  final double[] readinessFactor;
  final double[] tierShare;
  final double[] capFactor;
  final double[] costMillis;
  final @Nullable TierSums[] sums;
  final boolean isPanic;
  final boolean hasYielded;
  final boolean isOverloaded;
  final boolean isRelieved;
  final boolean[] isCapped;
  private final @Nullable AliasTable alias;
  private final @Nullable AliasTable spares;

  Distribution(Shares s, double[] costMillis, boolean[] isCapped, double[] spare) {
    share = s.share;
    beside = s.beside();
    readinessFactor = s.readinessFactor;
    tierShare = s.tierShare;
    capFactor = s.capFactor;
    sums = s.sums;
    isPanic = s.isPanic;
    hasYielded = s.hasYielded;
    this.costMillis = costMillis;
    isOverloaded = s.isOverloaded;
    isRelieved = s.isRelieved;
    this.isCapped = isCapped;
    alias = s.isEmpty() ? null : new AliasTable(share);
    spares = DomainCaps.total(spare) > 0 ? new AliasTable(spare) : null;
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

  /**
   * Draws an upstream for a call that finds those with the largest shares hot.
   *
   * @param bits 64 random bits
   * @return the index of an upstream with a share, by weight, or -1 if nobody is whole
   */
  int drawSpare(long bits) {
    AliasTable a = spares;
    return a == null ? -1 : a.draw(bits);
  }
}
