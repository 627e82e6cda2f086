package io.fairlead.gateway.verify;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which formulas hold on a chain, as far as its trusted upstreams have shown.
 *
 * <p>Not every chain hashes its headers as Ethereum does, fills its blooms or numbers its logs, and
 * a fork may change it. So nobody is accused by a formula that a trusted upstream, or a quorum, has
 * not satisfied before; Ethereum's own networks are known. One who does not satisfy it is accused
 * only when another upstream's answer to the same question does: if both fail, it is the formula
 * that is wrong, and it has to be learnt again.
 *
 * <p><b>Forks</b> append fields to the header, and an old program may leave the newest out of its
 * JSON. A hash that does not fit proves nothing if a block as old as this one was seen with more
 * fields.
 *
 * <p>Thread-safety: safe; read and written by all event loops. A lost race costs one observation.
 */
final class Formulas {
  /** Mainnet, Holesky, Hoodi, Sepolia. */
  private static final Set<Long> ETHEREUM = Set.of(1L, 17_000L, 560_048L, 11_155_111L);

  /** A chain on which a formula failed so often untaught is not examined any more. */
  private static final int MOST_FAILURES = 32;

  private static final int HOLDS = -1;

  private final Map<Formula, AtomicInteger> failures = new EnumMap<>(Formula.class);
  private final AtomicLongArray oldest = new AtomicLongArray(BlockHeader.FORK_FIELDS + 1);

  Formulas(long chainId) {
    for (int i = 0; i < oldest.length(); i++) {
      oldest.set(i, Long.MAX_VALUE);
    }
    int known = ETHEREUM.contains(chainId) ? HOLDS : 0;
    for (Formula formula : Formula.values()) {
      failures.put(formula, new AtomicInteger(known));
    }
  }

  private AtomicInteger failed(Formula formula) {
    return Objects.requireNonNull(failures.get(formula));
  }

  /** Whether one who does not satisfy it may be doubted. */
  boolean holds(Formula formula) {
    return failed(formula).get() == HOLDS;
  }

  /** Whether the answers of those who are believed still have something to teach. */
  boolean isLearning(Formula formula) {
    int failed = failed(formula).get();
    return failed != HOLDS && failed < MOST_FAILURES;
  }

  /** Takes what an answer that is believed shows. */
  void learn(Reading believed) {
    for (Formula formula : Formula.values()) {
      if (believed.satisfies(formula)) {
        failed(formula).set(HOLDS);
      } else if (believed.breaks(formula) && isLearning(formula)) {
        failed(formula).incrementAndGet();
      }
    }
    if (believed.satisfies(Formula.BLOCK_HASH)) {
      long number = believed.blockNumber();
      oldest.accumulateAndGet(believed.forkFields(), number, Math::min);
    }
  }

  /** Two who have nothing in common fail alike: the formula is not the chain's. */
  void unlearn(Formula formula) {
    failed(formula).set(0);
  }

  /** Whether an answer speaks against whoever gave it. */
  boolean isBrokenBy(Formula formula, Reading reading) {
    return reading.breaks(formula)
        && holds(formula)
        && (formula != Formula.BLOCK_HASH || !isPerhapsShort(reading));
  }

  private boolean isPerhapsShort(Reading reading) {
    for (int more = reading.forkFields() + 1; more < oldest.length(); more++) {
      if (oldest.get(more) <= reading.blockNumber()) {
        return true;
      }
    }
    return false;
  }
}
