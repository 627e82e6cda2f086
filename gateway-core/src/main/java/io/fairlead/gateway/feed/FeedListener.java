package io.fairlead.gateway.feed;

import java.util.List;

/**
 * Hears the story of one chain.
 *
 * <p>Blocks are told in order: each one's parent is the block told before it, but for the first of
 * all and for the first after a reorganisation, whose parent was told earlier. Logs are told block
 * by block in the same order, each block's after its header.
 *
 * <p>Thread-safety: called on the chain's home loop.
 */
public interface FeedListener {
  /** A block joined the chain. */
  void onBlock(Header block);

  /**
   * The logs of a block that joined the chain.
   *
   * @param block the block
   * @param logs in the block's order, at least one; those asked for when the block came
   */
  void onLogs(Header block, List<Log> logs);

  /**
   * A block has left the chain, and with it logs that were told.
   *
   * @param block the block
   * @param logs the very ones that were told, in the block's order
   */
  void onRemoved(Header block, List<Log> logs);

  /**
   * The story cannot go on without a gap; it begins anew with the next head.
   *
   * @param reason why, for those who listened
   */
  void onLost(String reason);
}
