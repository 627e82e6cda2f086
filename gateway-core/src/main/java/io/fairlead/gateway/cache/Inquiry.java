package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.method.HeadRule;
import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.gateway.jsonrpc.method.MethodSpec.CacheRule;
import org.jspecify.annotations.Nullable;

/**
 * A call as the cache sees it: its key and the block that it is about.
 *
 * @param key what makes it the same as another
 * @param spec its method
 * @param about which block it asks for
 * @param number the block's height if the call names it, else -1
 * @param hash the block's hash if the call names it in a member {@code blockHash}, else null
 */
record Inquiry(CallKey key, MethodSpec spec, About about, long number, @Nullable String hash) {
  /** Which block a call asks for. */
  enum About {
    /** One of a height that it names. */
    NUMBER,
    /** One of a hash that it names. */
    HASH,
    /** The newest one. */
    HEAD,
    /** The one that the result shows, or none at all. */
    RESULT,
    /** One that a moving word stands for: safe, finalized, earliest. */
    MOVING
  }

  /**
   * Reads a call after its key was written.
   *
   * @param writer has just written the key
   */
  static Inquiry of(CallKey key, CallMessage message, KeyWriter writer) {
    MethodSpec spec = message.spec();
    long block = spec.block(message.body(), message.spans());
    About about = about(spec, block, writer);
    String hash = about == About.HASH ? writer.blockHash() : null;
    return new Inquiry(key, spec, about, about == About.NUMBER ? block : -1, hash);
  }

  private static About about(MethodSpec spec, long block, KeyWriter writer) {
    boolean range = spec.logFilterPosition() >= 0;
    if (writer.sawOtherTag()) {
      return About.MOVING;
    }
    if (writer.sawLatest()) {
      return About.HEAD;
    }
    if (spec.blockPosition() < 0 && !range) {
      return About.RESULT;
    }
    if (block >= 0) {
      return range && !writer.sawFromBlock() ? About.HEAD : About.NUMBER;
    }
    return block == HeadRule.BEHIND_HEAD ? About.HASH : About.HEAD;
  }

  /** Whether its answer may be kept at all. */
  boolean mayBeKept() {
    return spec.cacheRule() != CacheRule.NONE && about != About.MOVING;
  }

  /**
   * Whether its answer is the newest safe or final block: how far a client has been told of these
   * is not known here, so that nobody can be given what another was answered.
   */
  boolean showsMoving() {
    return about == About.MOVING && spec.shows() == MethodSpec.Shows.NUMBER;
  }

  /** Whether its answer depends on how far the chain has come for whoever answers. */
  boolean dependsOnHead() {
    return about != About.NUMBER && spec.cacheRule() != CacheRule.FOREVER;
  }
}
