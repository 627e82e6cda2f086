package io.fairlead.gateway.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the outbox speaks with chains.
 *
 * <p>Thread-safety: used on the control thread, on which the hearers are called too.
 */
public interface ChainVoice {
  /**
   * Asks a chain's upstreams.
   *
   * @param entry whose chain is asked, and whether none but private upstreams may hear of it
   * @param method the method
   * @param params its parameters, a JSON array
   * @param hearer hears the result once; null for an error and for no answer at all
   */
  void ask(OutboxEntry entry, String method, String params, Consumer<@Nullable JsonNode> hearer);

  /**
   * How a chain stands.
   *
   * @param chain its name
   * @return null if it is not served
   */
  @Nullable Standing standing(String chain);

  /**
   * The hash of a chain's block at a height, as failure domains agree on it.
   *
   * @param chain its name
   * @param block the height
   * @return null where it is not known, as far behind the head
   */
  @Nullable String hashOf(String chain, long block);

  /**
   * How a chain stands.
   *
   * @param headBlocks its newest block, -1 while unknown
   * @param finalizedBlocks its newest final block, -1 while unknown
   * @param blockNanos how often a block is expected
   */
  record Standing(long headBlocks, long finalizedBlocks, long blockNanos) {}
}
