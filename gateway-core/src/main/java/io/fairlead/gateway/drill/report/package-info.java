/**
 * What people are shown of plays: tables, pages with plots, the results document.
 *
 * <p>Start at {@link io.fairlead.gateway.drill.report.TextReport} and {@link
 * io.fairlead.gateway.drill.report.HtmlReport}. Everything shown is a figure of {@code
 * drill.judge}; nothing is computed here. Called by the main thread.
 */
@NullMarked
package io.fairlead.gateway.drill.report;

import org.jspecify.annotations.NullMarked;
