package io.fairlead.routing.sim.scenario;

import io.fairlead.routing.UpstreamSpec;

/**
 * An upstream of a simulated world.
 *
 * @param spec what the operator says of it
 * @param path how far away it is
 * @param server how it serves
 */
public record SimUpstream(UpstreamSpec spec, Path path, Server server) {}
