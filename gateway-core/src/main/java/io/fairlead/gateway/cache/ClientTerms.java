package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.Call;

/**
 * What a client may be given of what others were answered.
 *
 * <p>Thread-safety: called on the call's event loop.
 */
public interface ClientTerms {
  /** No client was ever told anything. */
  ClientTerms NONE =
      new ClientTerms() {
        @Override
        public boolean mayShare(Call call) {
          return true;
        }

        @Override
        public long floorBlocks(Call call) {
          return -1;
        }
      };

  /**
   * Whether the client may be answered with what was, or is being, answered to others, where that
   * depends on how far the chain has come for whoever answers.
   *
   * @param call the client's call
   * @return false for a client that must see what it wrote itself a moment ago
   */
  boolean mayShare(Call call);

  /**
   * The newest block that the client knows of.
   *
   * @param call the client's call
   * @return a height below which the client must not be told of the head, or -1
   */
  long floorBlocks(Call call);
}
