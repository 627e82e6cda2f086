package io.fairlead.gateway.freshness;

import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.client.Write;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import org.jspecify.annotations.Nullable;

/**
 * What one call needs of who answers it, and what its answer must show.
 *
 * @param client who asks
 * @param floor on which of the client's floors the answer must stand
 * @param needed the block that whoever answers must have, -1 for none in particular
 * @param rule how strictly, and what the answer shows
 * @param pin the client's write that whoever answers should know, null for none
 * @param owes whether it goes where the client's last blind read went; see {@link BlindReads}
 */
record Terms(
    Client client, HeadTag floor, long needed, Rule rule, @Nullable Write pin, boolean owes) {
  /** No block in particular. */
  static final long NONE = -1;

  /** Whoever has the block may answer. */
  static Terms ofBlock(Client client, long needed, Rule rule) {
    return new Terms(client, HeadTag.LATEST, needed, rule, null, false);
  }

  /**
   * How an answer is looked at.
   *
   * @param spec the method
   * @param asked the block that the call names: a height or a code of {@link BlockParameter}
   * @param how what a good answer proves
   */
  record Rule(MethodSpec spec, long asked, How how) {}

  /** What is known of an answer. */
  enum How {
    /** It shows the head that was asked for, so that anybody may be tried. */
    SHOWS_HEAD,
    /** It shows its block, or nothing if there is none (yet). */
    SHOWS_BLOCK,
    /** It does not show its block, but nobody answers without having it. */
    PROVES_BLOCK,
    /** Nothing: whoever does not have the block may answer all the same. */
    PROVES_NOTHING
  }

  /** Whether a block may be taken for had without being seen; see {@link HeadBoard#credited}. */
  boolean mayCredit() {
    return rule.how() != How.PROVES_NOTHING;
  }
}
