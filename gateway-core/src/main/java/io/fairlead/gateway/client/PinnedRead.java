package io.fairlead.gateway.client;

import io.fairlead.routing.Upstream;

/**
 * A read of the newest state whose block nobody knows yet.
 *
 * <p>It was at most the upstream's head when the answer came, so the next head that the upstream
 * tells of after that instant bounds it.
 *
 * @param upstream who answered
 * @param atNanos when the answer was there, monotonic time
 */
public record PinnedRead(Upstream upstream, long atNanos) {}
