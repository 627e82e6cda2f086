/** Laws of reports. */
@NullMarked
package io.fairlead.gateway.drill.report;

import org.jspecify.annotations.NullMarked;
