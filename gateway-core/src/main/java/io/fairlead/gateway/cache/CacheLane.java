package io.fairlead.gateway.cache;

import io.fairlead.gateway.call.LoopContext;

/**
 * What the cache of a chain keeps for one event loop.
 *
 * <p>Thread-safety: confined to the event loop.
 *
 * @param writer writes keys
 * @param watch looks after followers
 */
record CacheLane(KeyWriter writer, FollowerWatch watch) {
  static CacheLane of(LoopContext loop) {
    return new CacheLane(new KeyWriter(), new FollowerWatch(loop));
  }
}
