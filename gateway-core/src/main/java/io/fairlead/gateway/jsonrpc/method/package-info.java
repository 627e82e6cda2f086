/**
 * What the gateway knows of a method, as data: class, repeatability, the block, what it takes, to
 * whom it goes, for how long its answer holds, and who may use it.
 *
 * <p>Start at {@link io.fairlead.gateway.jsonrpc.method.MethodSpecs}; the data is {@code
 * evm-methods.txt}. Everything here is immutable, is made at the start and is read by all event
 * loops, once or twice a call.
 */
@NullMarked
package io.fairlead.gateway.jsonrpc.method;

import org.jspecify.annotations.NullMarked;
