/**
 * Who asks, and what the gateway must remember of what each client was told.
 *
 * <p>Start at {@link io.fairlead.gateway.client.Clients}, of which each chain has one. A {@link
 * io.fairlead.gateway.client.Client} stands for an API key or, without one, for an address;
 * connections look theirs up on event loops, and every event loop may use it.
 */
@NullMarked
package io.fairlead.gateway.client;

import org.jspecify.annotations.NullMarked;
