package io.fairlead.gateway.call;

import io.fairlead.gateway.client.Client;
import org.jspecify.annotations.Nullable;

/**
 * Who asks which chain.
 *
 * @param chain the chain
 * @param client the client
 * @param subscribing begins and ends subscriptions of the connection; null where nobody could be
 *     notified
 */
public record Asker(ChainRuntime chain, Client client, @Nullable CallHandler subscribing) {
  /** Who asks without being notifiable, as over HTTP. */
  public Asker(ChainRuntime chain, Client client) {
    this(chain, client, null);
  }
}
