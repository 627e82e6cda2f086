/**
 * The configuration: typed values, and the strict reader of the YAML file they come from.
 *
 * <p>Start at {@link io.fairlead.gateway.config.FairleadConfig}, which mirrors the file section by
 * section. All types are immutable values that any thread may use. What may carry a secret ({@link
 * io.fairlead.gateway.config.Secret}, {@link io.fairlead.gateway.config.UpstreamUrl}) never shows
 * it in {@code toString}.
 */
@NullMarked
package io.fairlead.gateway.config;

import org.jspecify.annotations.NullMarked;
