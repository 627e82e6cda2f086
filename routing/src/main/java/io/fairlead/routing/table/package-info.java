/**
 * The routing table: for each method class a share per upstream with its reasons, and the pick that
 * draws from it.
 *
 * <p>Start at {@link io.fairlead.routing.table.RoutingTable}. The control loop drafts tables with
 * {@link io.fairlead.routing.table.TableDraft}; event loops read them and pick with {@link
 * io.fairlead.routing.table.Picker}. Tables never change, so every thread may read them; a picker
 * and a pick request belong to one event loop.
 */
@NullMarked
package io.fairlead.routing.table;

import org.jspecify.annotations.NullMarked;
