package io.fairlead.routing.control;

import java.util.function.IntSupplier;

/**
 * Names a chain within the process.
 *
 * @param name the chain's name
 * @param slots gives a new upstream slot each time, unique in the process
 */
public record ChainIdentity(String name, IntSupplier slots) {}
