package io.fairlead.routing.sim.policy;

import io.fairlead.routing.evidence.AttemptResult;

/**
 * How an attempt ended by itself.
 *
 * @param result SUCCESS, CLIENT_ERROR (the call itself is wrong), LIMITED (a 429 without
 *     Retry-After) or FAILED (an upstream error, a connection refused or reset)
 * @param elapsedNanos since it was sent
 * @param headBlocks the newest block of the upstream when it answered; -1 when it did not serve
 * @param maybeProcessed whether the upstream may have acted on it; false for a refused connection
 *     and for a 429
 */
public record Reply(
    AttemptResult result, long elapsedNanos, long headBlocks, boolean maybeProcessed) {}
