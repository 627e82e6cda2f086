package io.fairlead.gateway.call;

/**
 * Why an upstream's result is not believed.
 *
 * @param why for the client to read, such as {@code it is at block 7, behind the chain}
 * @param mayStand whether the result goes to the client if nobody gives a better one
 */
public record Doubt(String why, boolean mayStand) {}
