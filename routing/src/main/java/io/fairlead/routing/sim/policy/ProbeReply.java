package io.fairlead.routing.sim.policy;

import io.fairlead.routing.evidence.AttemptResult;

/**
 * How a probe ended.
 *
 * @param result SUCCESS, LIMITED or FAILED
 * @param elapsedNanos since it was sent
 * @param headBlocks the newest block of the upstream; -1 when it did not serve
 */
public record ProbeReply(AttemptResult result, long elapsedNanos, long headBlocks) {}
