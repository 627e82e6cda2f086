package io.fairlead.gateway.call;

import io.fairlead.routing.budget.Budget;
import io.fairlead.routing.evidence.EvidenceLane;

/**
 * What one event loop keeps for one chain: the evidence that it gives and the budgets that it draws
 * on. It outlives a reload.
 *
 * <p>Thread-safety: confined to the event loop.
 *
 * @param evidence where attempts are reported to routing
 * @param retries pays for attempts after a failure
 * @param hedges pays for attempts beside a slow one
 */
public record ChainLane(EvidenceLane evidence, Budget retries, Budget hedges) {}
