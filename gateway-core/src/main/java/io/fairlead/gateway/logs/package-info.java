/**
 * Answers log queries that no upstream would answer whole: asks in parts, as wide as upstreams have
 * shown to take, and puts the parts together in order while they arrive.
 *
 * <p>Start at {@link io.fairlead.gateway.logs.LogsHandler}. Runs on the call's event loop; only
 * {@link io.fairlead.gateway.logs.LogLimits} is shared by all loops.
 */
@NullMarked
package io.fairlead.gateway.logs;

import org.jspecify.annotations.NullMarked;
