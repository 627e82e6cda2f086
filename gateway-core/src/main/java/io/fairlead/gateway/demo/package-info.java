/**
 * {@code fairlead demo}: an embedded multi-cloud world, the gateway in front of it, a steady load,
 * and a view of where traffic goes while a whole cloud fails and heals.
 */
@NullMarked
package io.fairlead.gateway.demo;

import org.jspecify.annotations.NullMarked;
