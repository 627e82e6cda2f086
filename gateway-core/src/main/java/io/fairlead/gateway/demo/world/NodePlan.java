package io.fairlead.gateway.demo.world;

/**
 * A simulated node before it runs.
 *
 * @param profile where it stands
 * @param server how it serves
 */
public record NodePlan(NodeProfile profile, NodeServer server) {}
