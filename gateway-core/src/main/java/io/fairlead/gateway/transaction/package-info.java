/**
 * Transactions: sent to several upstreams at once, kept until they are mined, counted over several
 * upstreams.
 *
 * <p>Start at {@link io.fairlead.gateway.transaction.TransactionHandler}, which is one of a chain's
 * handlers and runs on event loops; {@link io.fairlead.gateway.transaction.Outbox} is what survives
 * a crash, on a thread of its own, and {@link io.fairlead.gateway.transaction.Rebroadcaster}
 * empties it on the control thread.
 */
@NullMarked
package io.fairlead.gateway.transaction;

import org.jspecify.annotations.NullMarked;
