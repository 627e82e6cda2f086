/**
 * The gRPC admin port: what operators see and do, from outside the process.
 *
 * <p>Start at {@link io.fairlead.gateway.admin.AdminServer}. It has a thread of its own for the
 * network and a few for calls, which may wait for the control loop or the disk; everything it knows
 * comes through {@link io.fairlead.gateway.control.RoutingControl}.
 */
@NullMarked
package io.fairlead.gateway.admin;

import org.jspecify.annotations.NullMarked;
