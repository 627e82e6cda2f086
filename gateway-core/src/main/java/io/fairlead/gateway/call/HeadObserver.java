package io.fairlead.gateway.call;

import io.fairlead.routing.Upstream;

/**
 * Learns from organic answers what a probe would otherwise have to ask.
 *
 * <p>Thread-safety: safe; called from event loops at the rate of answers, so it must be quick.
 */
public interface HeadObserver {
  /**
   * An upstream has said which block it is at.
   *
   * @param upstream which
   * @param blocks the newest block's number by its account
   */
  void onOrganicHead(Upstream upstream, long blocks);

  /**
   * An upstream has answered a call.
   *
   * @param upstream which
   */
  void onOrganicAnswer(Upstream upstream);
}
