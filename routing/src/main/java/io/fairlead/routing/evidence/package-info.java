/**
 * Evidence: how attempts end, how long they take, how long they are silent, and what that proves.
 *
 * <p>Start at {@link io.fairlead.routing.evidence.EvidenceLane}, which event loops write;
 * everything else here belongs to the control loop, which drains the lanes and weighs what it
 * finds.
 */
@NullMarked
package io.fairlead.routing.evidence;

import org.jspecify.annotations.NullMarked;
