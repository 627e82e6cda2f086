/**
 * The ops port: metrics for Prometheus, health for orchestrators, a status page for people.
 *
 * <p>Start at {@link io.fairlead.gateway.ops.OpsServer}. Everything runs on an event loop that
 * carries no calls, so that a slow scrape or a large page never holds traffic up. What the pages
 * show comes through {@link io.fairlead.gateway.ops.OpsView}, which the application implements.
 */
@NullMarked
package io.fairlead.gateway.ops;

import org.jspecify.annotations.NullMarked;
