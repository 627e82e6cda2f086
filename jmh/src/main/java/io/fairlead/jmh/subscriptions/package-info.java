/**
 * What ten thousand subscribers cost: a node that pushes heads, a crowd that waits for them, and a
 * gateway in a process of its own between them.
 *
 * <p>Start at {@link io.fairlead.jmh.subscriptions.Main}; {@code jmh/subscriptions/run} builds and
 * plays it.
 */
@NullMarked
package io.fairlead.jmh.subscriptions;

import org.jspecify.annotations.NullMarked;
