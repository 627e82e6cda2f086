package io.fairlead.gateway.freshness;

/**
 * A transaction of the simulated chain.
 *
 * @param hash its hash
 * @param sender whose
 * @param nonce its number among the sender's
 * @param raw as it is sent
 */
record TestTransaction(String hash, String sender, long nonce, String raw) {}
