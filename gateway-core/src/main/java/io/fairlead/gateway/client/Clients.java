package io.fairlead.gateway.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one chain, by API key or else by address.
 *
 * <p><b>Bounds.</b> At most so many are kept as the constructor is told; those that were not heard
 * of for longest go. What a client that went had been told is not lost: whoever is new begins at
 * the highest floor of all who went, so that a client that went and comes back still does not see
 * the chain go back. The price is that a new client may have to be served by the foremost upstreams
 * only.
 *
 * <p>Cost: a look-up is one probe of a hash table; a connection does it once a request at the most.
 *
 * <p>Thread-safety: safe, without locks on the way of a look-up that finds.
 */
public final class Clients {
  /** Enough for the clients of one gateway; about 200 bytes each. */
  public static final int DEFAULT_SIZE = 100_000;

  private final AtomicLong forgottenFloor = new AtomicLong(Client.NOTHING);
  private final Cache<Object, Client> clients;

  /** By an API key; a type of its own, so that no key is ever taken for an address or printed. */
  private record Key(String text) {
    @Override
    public String toString() {
      return "an API key";
    }
  }

  /**
   * No clients yet.
   *
   * @param most how many are kept, 1 or more
   */
  public Clients(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most: " + most + " (expected: 1 or more)");
    }
    clients =
        Caffeine.newBuilder()
            .maximumSize(most)
            .executor(Runnable::run)
            .evictionListener(this::onEvicted)
            .build();
  }

  private void onEvicted(@Nullable Object key, @Nullable Client client, RemovalCause cause) {
    if (client != null) {
      long floor = client.floor(HeadTag.LATEST);
      forgottenFloor.accumulateAndGet(floor, Math::max);
    }
  }

  /**
   * The client of a request.
   *
   * @param apiKey the key in the request's path, null for none
   * @param address where the request comes from
   * @return the same client for the same key, or without a key for the same address
   */
  public Client of(@Nullable String apiKey, InetAddress address) {
    return apiKey == null ? ofAddress(address) : ofKey(apiKey);
  }

  /** The client with an API key. */
  public Client ofKey(String apiKey) {
    return clients.get(new Key(apiKey), key -> newClient());
  }

  /** The client at an address that sends no key. */
  public Client ofAddress(InetAddress address) {
    return clients.get(address, key -> newClient());
  }

  /** The chain started over: what clients were told means nothing any more. */
  public void startOver() {
    forgottenFloor.set(Client.NOTHING);
    clients.asMap().values().forEach(Client::startOver);
  }

  private Client newClient() {
    return new Client(forgottenFloor.get());
  }
}
