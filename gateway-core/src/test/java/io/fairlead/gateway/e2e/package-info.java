/**
 * Proofs from end to end: the whole gateway between real clients and real nodes.
 *
 * <p>Start at {@code FailingRegionTest}. Nothing here looks inside the gateway; a test sees what
 * clients, operators and nodes see.
 */
@NullMarked
package io.fairlead.gateway.e2e;

import org.jspecify.annotations.NullMarked;
