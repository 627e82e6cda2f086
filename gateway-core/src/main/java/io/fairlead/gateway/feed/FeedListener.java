package io.fairlead.gateway.feed;

import java.util.List;

/**
 * Hears the story of one chain.
 *
 * <p>Blocks are told in order: each one's parent is the newest block that was told and not taken
 * back. Only where there is none such (at the beginning, and after a reorganisation that took all
 * back) its parent is a block from before the beginning. Logs are told block by block in the same
 * order, each block's after its header and, other blocks' headers perhaps between them, before the
 * logs of the next.
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
   * The newest block has left the chain, and with it the logs that were told of it.
   *
   * @param block the block, the newest that was told and not taken back
   * @param logs the very ones that were told, in the block's order; none if it had none, nobody
   *     waited for them, or they had not come yet and never will
   */
  void onRemoved(Header block, List<Log> logs);

  /**
   * The story cannot go on without a gap; it begins anew behind the present head, and nothing of
   * what was told before will be taken back.
   *
   * @param reason why, for those who listened
   */
  void onLost(String reason);
}
