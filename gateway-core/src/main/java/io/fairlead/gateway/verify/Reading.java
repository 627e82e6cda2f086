package io.fairlead.gateway.verify;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One answer, read to its end: what it can be compared by, and what it shows of itself.
 *
 * <p>Thread-safety: immutable once its reader has finished.
 */
final class Reading {
  /** What sort of answer it is. */
  enum Sort {
    /** A result. */
    RESULT,
    /** A result that says "not here", which may be true where it was asked: null, or pending. */
    NOTHING_YET,
    /** An error. */
    ERROR,
    /** No JSON that can be read, or none of a size that can. */
    UNREADABLE
  }

  private final Sort sort;
  private final ValueDigest digest;
  private final String excerpt;
  private final Records records;

  Reading(Sort sort, ValueDigest digest, String excerpt, Records records) {
    this.sort = sort;
    this.digest = digest;
    this.excerpt = excerpt;
    this.records = records;
  }

  Sort sort() {
    return sort;
  }

  boolean agreesWith(Reading other) {
    return sort == other.sort && digest.agreesWith(other.digest);
  }

  /** What it says that cannot be true; null if nothing. */
  @Nullable String absurdity() {
    return records.absurdity();
  }

  boolean satisfies(Formula formula) {
    return records.satisfied().contains(formula) && !breaks(formula);
  }

  boolean breaks(Formula formula) {
    return broken().contains(formula);
  }

  private Set<Formula> broken() {
    return records.broken();
  }

  /** The height of the block that it is of, as it shows; -1 if it does not. */
  long blockNumber() {
    return records.blockNumber();
  }

  /** How many fields that forks appended to the header it shows. */
  int forkFields() {
    return records.forkFields();
  }

  /** What it says, for an event: never more than a few digits of what it was given. */
  String toWords() {
    return switch (sort) {
      case RESULT -> excerpt + " (digest " + digest.toShort() + ")";
      case NOTHING_YET -> "nothing yet";
      case ERROR -> "an error";
      case UNREADABLE -> "what cannot be read";
    };
  }
}
