/**
 * The words of routing: upstreams, the failure domains they share, method classes and blame.
 *
 * <p>Start at {@link io.fairlead.routing.Upstream}. The types here are values or counters that
 * every thread may use; what decides lives in the packages below.
 */
@NullMarked
package io.fairlead.routing;

import org.jspecify.annotations.NullMarked;
