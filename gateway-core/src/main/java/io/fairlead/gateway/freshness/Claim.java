package io.fairlead.gateway.freshness;

import io.fairlead.routing.Upstream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A height that nobody may honestly have reached, as one upstream states it.
 *
 * <p>It becomes believable when somebody independent states the same right afterwards: a height
 * close by, and where it is the very same height and both say its hash, the same hash. Two who
 * merely both exaggerate do not second each other. It also becomes believable when the same
 * upstream states it again after a while in which nobody else said anything, for then there is
 * nobody left to ask; between the two it may have gone on, but only as far as a chain does.
 *
 * <p><b>Limit.</b> Two liars in different failure domains who tell the same lie are believed, and
 * so is the last upstream left.
 *
 * @param by who states it
 * @param number the height
 * @param hash the block's hash in lower case, null if it was not said
 * @param atNanos when, monotonic time
 */
record Claim(Upstream by, long number, @Nullable String hash, long atNanos) {
  /** How long after the first the second must come, or for how long nobody else says anything. */
  static final long SECONDED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How far apart two may be that mean the same: what a quick chain makes in that time. */
  static final long NEAR_BLOCKS = 10;

  /**
   * Whether another claim makes it believable.
   *
   * @param other a later one
   * @param areIndependent whether the two upstreams share no failure domain
   * @param isGainsaid whether somebody said that the chain is not so far, or somebody independent
   *     serves who has yet to say anything
   */
  boolean isSecondedBy(Claim other, boolean areIndependent, boolean isGainsaid) {
    if (Math.abs(other.number - number) > NEAR_BLOCKS || isOtherBlock(other)) {
      return false;
    }
    long betweenNanos = other.atNanos - atNanos;
    return areIndependent
        ? betweenNanos < SECONDED_NANOS
        : by == other.by && betweenNanos >= SECONDED_NANOS && other.number >= number && !isGainsaid;
  }

  private boolean isOtherBlock(Claim other) {
    return other.number == number && hash != null && other.hash != null && !hash.equals(other.hash);
  }
}
