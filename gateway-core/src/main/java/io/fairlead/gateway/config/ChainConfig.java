package io.fairlead.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * One chain and the upstreams that serve it.
 *
 * @param name its path on the rpc port: {@code POST /ethereum}
 * @param identity what the chain is
 * @param methods which methods it offers
 * @param defined what its operator says of methods
 * @param upstreams at least one, in the file's order, ids unique
 */
public record ChainConfig(
    String name,
    Identity identity,
    MethodRules methods,
    List<MethodDefinition> defined,
    List<UpstreamConfig> upstreams) {
  /**
   * What a chain is.
   *
   * @param family the sort of chain
   * @param chainId the id every upstream must have; empty: learnt from the first upstreams that
   *     agree
   * @param blockTime how often a block is expected
   */
  public record Identity(Family family, OptionalLong chainId, Duration blockTime) {
    /** An EVM chain with blocks every 12 s and an id yet to be learnt. */
    public static final Identity DEFAULT =
        new Identity(Family.EVM, OptionalLong.empty(), Duration.ofSeconds(12));
  }

  /** The sorts of chains that can be served. */
  public enum Family {
    /** Ethereum and what speaks its JSON-RPC. */
    EVM
  }

  /**
   * A chain whose methods are as the method data says.
   *
   * @param name its path on the rpc port
   * @param identity what the chain is
   * @param methods which methods it offers
   * @param upstreams at least one
   */
  public ChainConfig(
      String name, Identity identity, MethodRules methods, List<UpstreamConfig> upstreams) {
    this(name, identity, methods, List.of(), upstreams);
  }

  /** Checks that there is an upstream and copies the list. */
  public ChainConfig {
    defined = List.copyOf(defined);
    upstreams = List.copyOf(upstreams);
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("upstreams: [] (expected: at least one)");
    }
  }
}
