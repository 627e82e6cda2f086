package io.fairlead.gateway.cache;

import org.jspecify.annotations.Nullable;

/**
 * What a chain is agreed to look like near its head, at one moment: all methods speak of the same
 * moment.
 *
 * <p>Hashes are {@code 0x} and 64 digits; letter case does not matter. Thread-safety: immutable.
 */
public interface ChainView {
  /** Stands for a number that is not known. */
  long UNKNOWN = -1;

  /** Nothing is known: only what is independent of the chain's state is kept. */
  ChainView NOTHING =
      new ChainView() {
        @Override
        public long headNumber() {
          return UNKNOWN;
        }

        @Override
        public @Nullable String headHash() {
          return null;
        }

        @Override
        public long finalizedNumber() {
          return UNKNOWN;
        }

        @Override
        public @Nullable String hashOf(long number) {
          return null;
        }

        @Override
        public long numberOf(String hash) {
          return UNKNOWN;
        }
      };

  /** The agreed head's height, or {@link #UNKNOWN}. */
  long headNumber();

  /** The agreed head's hash, null while unknown. */
  @Nullable String headHash();

  /** The height up to which nothing can change any more, or {@link #UNKNOWN}. */
  long finalizedNumber();

  /**
   * The hash of the block that is canonical at a height.
   *
   * @param number the height
   * @return null if it is not known, as for blocks far behind the head and beyond it
   */
  @Nullable String hashOf(long number);

  /**
   * The height of a canonical block near the head.
   *
   * @param hash the block's hash
   * @return the height, or {@link #UNKNOWN} if it is no recent canonical block
   */
  long numberOf(String hash);
}
