/**
 * Subscriptions of clients: what they wait for, under which ids, and how one notification reaches
 * all who wait for the same.
 *
 * <p>Start at {@link io.fairlead.gateway.subscribe.Subscriptions}. Topics live on the chain's home
 * event loop; who waits lives on the loop of each connection.
 */
@NullMarked
package io.fairlead.gateway.subscribe;

import org.jspecify.annotations.NullMarked;
