/**
 * Transactions: sent to several upstreams at once, kept until they are mined, counted over several
 * upstreams.
 *
 * <p>Start at {@link io.fairlead.gateway.transaction.Outbox} for what survives a crash.
 */
@NullMarked
package io.fairlead.gateway.transaction;

import org.jspecify.annotations.NullMarked;
