/**
 * What the gateway counts and measures of itself, for Prometheus.
 *
 * <p>Start at {@link io.fairlead.gateway.metrics.GatewayMetrics}. Event loops hold a {@link
 * io.fairlead.gateway.metrics.ChainMetrics} for each chain and an {@link
 * io.fairlead.gateway.metrics.UpstreamMetrics} for each upstream and count there without looking
 * anything up; gauges are read from routing tables when somebody scrapes. Prometheus' types are
 * used in this package alone. Labels hold names from the configuration and words of ours, never
 * anything that a client or an upstream sent.
 */
@NullMarked
package io.fairlead.gateway.metrics;

import org.jspecify.annotations.NullMarked;
