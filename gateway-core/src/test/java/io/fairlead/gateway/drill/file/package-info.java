/** Laws of scenario files. */
@NullMarked
package io.fairlead.gateway.drill.file;

import org.jspecify.annotations.NullMarked;
