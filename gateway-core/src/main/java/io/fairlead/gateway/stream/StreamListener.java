package io.fairlead.gateway.stream;

import io.fairlead.gateway.feed.Header;
import io.fairlead.routing.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Hears what upstreams say by themselves, besides the chain's story.
 *
 * <p>Thread-safety: called on the chain's home loop.
 */
public interface StreamListener {
  /**
   * An upstream has a block, be it pushed or polled for.
   *
   * @param by which upstream
   * @param head its newest block; perhaps said before
   */
  void onHeadSeen(Upstream by, Header head);

  /**
   * A transaction is pending that was not told before.
   *
   * @param hash {@code 0x} and 64 digits in lower case
   * @param json the transaction as an upstream wrote it; null when only hashes are wanted, or when
   *     it could not be had
   */
  void onPending(String hash, @Nullable String json);
}
