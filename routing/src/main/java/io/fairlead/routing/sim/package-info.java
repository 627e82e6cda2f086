/**
 * The simulator: plays the production classes, or a baseline, in virtual time.
 *
 * <p>Start at {@code Simulator}. {@code scenario} says what is played, {@code policy} is the port
 * to the gateway under test, {@code engine} is the world, {@code result} what came of it. Nothing
 * here knows a wall clock, a thread or a socket.
 */
@NullMarked
package io.fairlead.routing.sim;

import org.jspecify.annotations.NullMarked;
