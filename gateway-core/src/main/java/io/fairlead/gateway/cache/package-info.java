/**
 * Answers that serve more than one call: those kept from earlier calls, and those that calls under
 * way share.
 *
 * <p>Start at {@link io.fairlead.gateway.cache.CacheHandler}, which stands before the handlers that
 * ask upstreams. {@code KeyWriter} says which calls are the same call, {@code Holding} for how long
 * an answer is true, {@code ChainCache} keeps answers for one chain, and {@code Flight} gathers the
 * calls that wait for one. Runs on the event loops; what crosses from one loop to another is arrays
 * of bytes and tasks, never a buffer. {@code docs/caching.md} explains it all.
 */
@NullMarked
package io.fairlead.gateway.cache;

import org.jspecify.annotations.NullMarked;
