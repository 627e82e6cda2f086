package io.fairlead.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole configuration, section by section as in the file.
 *
 * @param listen where the gateway listens
 * @param admin who may use the admin port
 * @param chains by name, in the file's order; at least one
 * @param routing how calls are spread and repeated
 * @param services everything else
 */
public record FairleadConfig(
    ListenConfig listen,
    Admin admin,
    Map<String, ChainConfig> chains,
    RoutingConfig routing,
    Services services) {

  /**
   * Who may use the admin port.
   *
   * @param tokens bearer tokens; empty: everybody who can connect, which is allowed on loopback
   *     only
   */
  public record Admin(List<Token> tokens) {
    /** No token. */
    public static final Admin OPEN = new Admin(List.of());

    /** Copies the list. */
    public Admin {
      tokens = List.copyOf(tokens);
    }
  }

  /**
   * A bearer token of one operator.
   *
   * @param name who; the author of what is done with it
   * @param token the token
   */
  public record Token(String name, Secret token) {}

  /**
   * The sections beside routing.
   *
   * @param probes active measurement
   * @param cache the answer cache; empty: off
   * @param transactions how transactions are sent
   * @param limits what one client may ask for
   * @param stateDir where operators' overrides and the outbox are kept, absolute when read from a
   *     file
   */
  public record Services(
      Probes probes,
      Optional<Cache> cache,
      Transactions transactions,
      ClientLimits limits,
      Path stateDir) {
    /** What holds when the file says nothing. */
    public static final Services DEFAULT =
        new Services(
            Probes.DEFAULT,
            Optional.of(Cache.DEFAULT),
            Transactions.DEFAULT,
            ClientLimits.DEFAULT,
            Path.of("fairlead-state"));

    /**
     * These services with their state elsewhere.
     *
     * @param stateDir where operators' overrides are kept
     * @return a copy
     */
    public Services withStateDir(Path stateDir) {
      return new Services(probes, cache, transactions, limits, stateDir);
    }
  }

  /**
   * Active measurement.
   *
   * @param interval between probes of an upstream that needs watching
   * @param timeout of one probe
   * @param dailyBudget calls per upstream and day at the most
   */
  public record Probes(Duration interval, Duration timeout, int dailyBudget) {
    /** Every second, 2 s, 20000 a day. */
    public static final Probes DEFAULT =
        new Probes(Duration.ofSeconds(1), Duration.ofSeconds(2), 20_000);
  }

  /**
   * The answer cache.
   *
   * @param maxSizeBytes of all cached answers together
   */
  public record Cache(long maxSizeBytes) {
    /** 256 MiB. */
    public static final Cache DEFAULT = new Cache(256L << 20);
  }

  /**
   * How transactions are sent.
   *
   * @param broadcast how many upstreams get a raw transaction
   * @param isPrivate whether upstreams tagged private get raw transactions alone
   * @param outbox keeps accepted transactions and sends them again until they are mined; empty: off
   */
  public record Transactions(int broadcast, boolean isPrivate, Optional<Outbox> outbox) {
    /** To three upstreams, without an outbox. */
    public static final Transactions DEFAULT = new Transactions(3, false, Optional.empty());
  }

  /**
   * The store of accepted transactions.
   *
   * @param maxBytes of all transactions in it together
   * @param expiry after which a transaction that is not mined is given up
   * @param confirmations blocks that make a transaction safe, its own included
   */
  public record Outbox(long maxBytes, Duration expiry, int confirmations) {}

  /** Checks that there is a chain and copies the map. */
  public FairleadConfig {
    chains = Collections.unmodifiableMap(new LinkedHashMap<>(chains));
    if (chains.isEmpty()) {
      throw new IllegalArgumentException("chains: {} (expected: at least one)");
    }
  }

  /**
   * A configuration of which only the chains are given.
   *
   * @param chains at least one
   * @return the configuration, everything else at its default
   */
  public static FairleadConfig of(ChainConfig... chains) {
    Map<String, ChainConfig> byName = new LinkedHashMap<>();
    for (ChainConfig chain : chains) {
      byName.put(chain.name(), chain);
    }
    return new FairleadConfig(
        ListenConfig.DEFAULT, Admin.OPEN, byName, RoutingConfig.DEFAULT, Services.DEFAULT);
  }

  /**
   * This configuration, listening elsewhere.
   *
   * @param listen where
   * @return a copy
   */
  public FairleadConfig withListen(ListenConfig listen) {
    return new FairleadConfig(listen, admin, chains, routing, services);
  }

  /**
   * This configuration with other rules for routing.
   *
   * @param routing the rules
   * @return a copy
   */
  public FairleadConfig withRouting(RoutingConfig routing) {
    return new FairleadConfig(listen, admin, chains, routing, services);
  }

  /**
   * This configuration with other services.
   *
   * @param services the sections beside routing
   * @return a copy
   */
  public FairleadConfig withServices(Services services) {
    return new FairleadConfig(listen, admin, chains, routing, services);
  }

  /**
   * This configuration with other operators.
   *
   * @param admin who may use the admin port
   * @return a copy
   */
  public FairleadConfig withAdmin(Admin admin) {
    return new FairleadConfig(listen, admin, chains, routing, services);
  }

  /** This configuration with all paths absolute, those that are relative being in a folder. */
  FairleadConfig in(Path folder) {
    return withListen(listen.in(folder))
        .withServices(services.withStateDir(folder.resolve(services.stateDir())));
  }
}
