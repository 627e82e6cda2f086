package io.fairlead.probes;

import io.fairlead.routing.control.Identity;
import io.fairlead.routing.evidence.AttemptResult;

/** Told what a {@link ChainProber} learns, on the control thread. */
public interface ProbeListener {
  /**
   * An upstream's standing towards the configured chain changed.
   *
   * @param id the upstream
   * @param identity what it is taken for from now on
   * @param reason why, for the event log
   */
  void onIdentity(String id, Identity identity, String reason);

  /**
   * An upstream's head was seen, in a probe's answer or in organic traffic.
   *
   * @param id the upstream
   * @param head what it said
   */
  void onHead(String id, Head head);

  /**
   * Where an upstream stands, to be compared with the chain's head for its lag.
   *
   * <p>Not always {@link #onHead}: upstreams are not all asked at one instant, so a head seen some
   * time ago is credited with the blocks that the chain makes in that time, up to the chain's head.
   *
   * @param id the upstream
   * @param blocks the height to reckon its lag from
   */
  void onPosition(String id, long blocks);

  /**
   * The head that enough failure domains agree on changed; it may fall when the chain was reset.
   *
   * @param blocks the height
   */
  void onChainHead(long blocks);

  /**
   * Two different blocks were seen at one height. Told once for each hash beyond the first.
   *
   * @param fork which, and who said so
   */
  void onFork(Fork fork);

  /**
   * What failure domains agree on changed: a height, a block's hash, or who is on another branch.
   *
   * @param heads what they agree on now
   */
  default void onAgreed(AgreedHeads heads) {}

  /**
   * The chain replaced blocks; told before {@link #onAgreed}.
   *
   * @param reorganisation from which height on
   */
  default void onReorganisation(Reorganisation reorganisation) {}

  /**
   * A probe ended.
   *
   * @param id the upstream
   * @param outcome how
   * @param elapsedNanos from sending to the end
   * @param reason the method and what is wrong with the answer; only the method when nothing is
   */
  void onProbe(String id, AttemptResult outcome, long elapsedNanos, String reason);
}
