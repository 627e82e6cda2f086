package io.fairlead.gateway.call;

import io.fairlead.routing.attempt.Allowances;
import io.fairlead.routing.evidence.EvidenceLane;

/**
 * What one event loop keeps for one chain: the evidence that it gives and the allowances that its
 * calls draw on. It outlives a reload.
 *
 * <p>Thread-safety: confined to the event loop.
 *
 * @param evidence where attempts are reported to routing
 * @param allowances pays for attempts beyond the first
 */
public record ChainLane(EvidenceLane evidence, Allowances allowances) {}
