package io.fairlead.gateway.feed;

import io.fairlead.routing.Upstream;

/**
 * Where upstreams' news of the head goes in.
 *
 * <p>Thread-safety: called on the chain's home loop.
 */
public interface HeadInlet {
  /**
   * An upstream says that a block is the newest now.
   *
   * @param by which upstream
   * @param head the block; the same one may be said again, by the same or by others
   */
  void onHead(Upstream by, Header head);

  /**
   * An upstream is listened to no more: it died, fell silent, was drained or dropped.
   *
   * @param by which upstream
   */
  void onGone(Upstream by);
}
