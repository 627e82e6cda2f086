/**
 * What the gateway knows of methods, as data: class, repeatability, the head, and who may use them.
 *
 * <p>Start at {@link io.fairlead.gateway.jsonrpc.method.MethodSpecs}; the data is {@code
 * evm-methods.txt}. Everything here is immutable, is made at the start and is read by all event
 * loops, once or twice a call.
 */
@NullMarked
package io.fairlead.gateway.jsonrpc.method;

import org.jspecify.annotations.NullMarked;
