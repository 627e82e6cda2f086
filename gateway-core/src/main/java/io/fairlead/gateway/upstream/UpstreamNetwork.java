package io.fairlead.gateway.upstream;

import io.fairlead.gateway.net.HostResolver;
import io.fairlead.gateway.net.IoLoop;
import java.util.function.Function;

/**
 * What the pools of all loops share.
 *
 * @param policy how long connections may take and stay
 * @param tls trust and sessions for https
 * @param resolvers makes the resolver of a loop, usually {@code LoopResolver::new}
 * @param rtt hears what connections show of the round trip
 */
public record UpstreamNetwork(
    ConnectionPolicy policy,
    UpstreamTls tls,
    Function<IoLoop, HostResolver> resolvers,
    RttListener rtt) {}
