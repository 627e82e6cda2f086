/** Laws of plays. */
@NullMarked
package io.fairlead.gateway.drill.play;

import org.jspecify.annotations.NullMarked;
