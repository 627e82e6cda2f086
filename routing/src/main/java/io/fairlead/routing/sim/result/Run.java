package io.fairlead.routing.sim.result;

/**
 * Which play a result is of.
 *
 * @param scenario the scenario's name
 * @param policy the policy's name
 * @param seed what all randomness came from
 */
public record Run(String scenario, String policy, long seed) {}
