package io.fairlead.gateway.app;

import io.fairlead.gateway.cache.ClientTerms;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;

/** What clients were told, as the cache must respect it. */
final class ClientMemory implements ClientTerms {
  @Override
  public boolean mayShare(Call call) {
    Client client = call.client();
    return !client.hasWrites() && client.pinnedRead() == null;
  }

  @Override
  public long floorBlocks(Call call) {
    return call.client().floor(HeadTag.LATEST);
  }
}
