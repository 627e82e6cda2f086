package io.fairlead.gateway.feed;

import java.util.List;

/**
 * Fetches from upstreams what the story lacks.
 *
 * <p>Each request ends in exactly one callback, possibly before it returns; retries elsewhere are
 * this one's business.
 *
 * <p>Thread-safety: called, and calls back, on the chain's home loop.
 */
public interface BlockSource {
  /**
   * Fetches a block's header by its hash.
   *
   * @param hash {@code 0x} and 64 lower-case digits
   */
  void headerByHash(String hash, Found<Header> found);

  /**
   * Fetches the header at a height, by the account of whoever answers.
   *
   * @param number the height
   */
  void headerByNumber(long number, Found<Header> found);

  /**
   * Fetches the logs of a block, in their order.
   *
   * @param block the block; logs of no other block are given
   * @param interest which of them
   */
  void logsOf(Header block, LogInterest interest, Found<List<Log>> found);

  /** Hears how a request ended. */
  interface Found<T> {
    /** It is there. */
    void onFound(T what);

    /**
     * Nobody gave it within the time that a call may take.
     *
     * @param reason why, without secrets
     */
    void onMissing(String reason);
  }
}
