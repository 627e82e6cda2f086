/**
 * What the tests of all packages stand on: manual time, real nodes, proxies that fail on command,
 * raw and real clients.
 *
 * <p>Start at {@code ManualScheduler} for decisions, at {@code Anvil} and {@code FaultProxy} for
 * proofs on the wire. Everything binds to 127.0.0.1 and belongs to the test that made it.
 */
@NullMarked
package io.fairlead.gateway.testing;

import org.jspecify.annotations.NullMarked;
