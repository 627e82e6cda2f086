package io.fairlead.routing.control;

import io.fairlead.routing.control.RoutingEvent.Kind;

/**
 * Which upstreams serve the right chain, and which are near enough to its head.
 *
 * <p>An upstream lags when it is more than {@code maxLag} blocks behind the agreed head. It has
 * caught up when it is one block better than that, so that one on the edge does not come and go
 * with every block.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Heads {
  private final Announcer announcer;
  private long chainHead = -1;

  Heads(Announcer announcer) {
    this.announcer = announcer;
  }

  /** The agreed head, -1 while unknown. */
  long chainHead() {
    return chainHead;
  }

  /** Returns whether something changed. */
  boolean onIdentity(UpstreamState u, Identity identity, long nowNanos) {
    Identity before = u.identity;
    if (before == identity) {
      return false;
    }
    u.identity = identity;
    switch (identity) {
      case WRONG_CHAIN ->
          announcer.upstream(
              Kind.WRONG_CHAIN, u.upstream, "its chain id is not the configured one");
      case SYNCING -> announcer.upstream(Kind.SYNCING, u.upstream, "it says that it is syncing");
      case VERIFIED -> onVerified(u, before, nowNanos);
      case UNKNOWN -> {}
    }
    return true;
  }

  private void onVerified(UpstreamState u, Identity before, long nowNanos) {
    u.onEligible();
    if (u.isJoining) {
      u.isJoining = false;
      u.recovery.beginReturn(nowNanos, Recovery.CANARY);
    }
    if (before != Identity.UNKNOWN) {
      announcer.upstream(Kind.VERIFIED, u.upstream, "it serves the configured chain and is synced");
    }
  }

  boolean onHead(UpstreamState u, long blocks, RoutingPolicy policy) {
    boolean isFirst = u.headBlocks < 0;
    u.headBlocks = blocks;
    return review(u, policy) || isFirst;
  }

  boolean setChainHead(long blocks, Fleet fleet, RoutingPolicy policy) {
    boolean isFirst = chainHead < 0;
    chainHead = blocks;
    return review(fleet, policy) || isFirst;
  }

  /** Looks at everybody again. */
  boolean review(Fleet fleet, RoutingPolicy policy) {
    boolean changed = false;
    for (UpstreamState u : fleet.states) {
      changed |= review(u, policy);
    }
    return changed;
  }

  private boolean review(UpstreamState u, RoutingPolicy policy) {
    long lag = chainHead < 0 || u.headBlocks < 0 ? 0 : Math.max(0, chainHead - u.headBlocks);
    long limit = u.isLagging ? Math.max(0, policy.maxLagBlocks() - 1) : policy.maxLagBlocks();
    boolean isLagging = lag > limit;
    if (isLagging == u.isLagging) {
      return false;
    }
    u.isLagging = isLagging;
    String reason = lag + " blocks behind block " + chainHead + ", maxLag " + policy.maxLagBlocks();
    announcer.upstream(isLagging ? Kind.LAGGING : Kind.CAUGHT_UP, u.upstream, reason);
    return true;
  }
}
