/**
 * One chain's blocks and logs as a gapless story: what several upstreams say of the head becomes
 * one ordered sequence in which each block follows its parent, reorganisations included.
 *
 * <p>Start at {@link io.fairlead.gateway.feed.ChainFeed}. Everything here runs on the chain's home
 * event loop, does no I/O, and takes time and the way to upstreams from outside.
 */
@NullMarked
package io.fairlead.gateway.feed;

import org.jspecify.annotations.NullMarked;
