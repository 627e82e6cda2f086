package io.fairlead.gateway.metrics;

/**
 * What does not change while the process runs.
 *
 * @param version of Fairlead
 * @param transport how sockets speak with the kernel
 * @param loops event loops behind the rpc port
 */
public record BuildFacts(String version, String transport, int loops) {}
