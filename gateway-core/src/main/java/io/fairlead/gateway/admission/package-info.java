/**
 * How the gateway protects itself: what it does when memory outside the heap runs short, and which
 * calls it refuses when an event loop gets more of them than it can carry.
 *
 * <p>Start at {@link io.fairlead.gateway.admission.LoopAdmission}, of which each event loop has
 * one; {@link io.fairlead.gateway.admission.MemoryGovernor} judges memory. The connections of
 * {@link io.fairlead.gateway.rpc} and {@link io.fairlead.gateway.websocket} do as they are told.
 * Everything runs on the event loop.
 */
@NullMarked
package io.fairlead.gateway.admission;

import org.jspecify.annotations.NullMarked;
