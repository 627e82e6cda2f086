package io.fairlead.gateway.call;

import io.fairlead.gateway.client.Client;

/**
 * Who asks which chain.
 *
 * @param chain the chain
 * @param client the client
 */
public record Asker(ChainRuntime chain, Client client) {}
