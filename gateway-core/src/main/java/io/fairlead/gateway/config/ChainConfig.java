package io.fairlead.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One chain and the upstreams that serve it.
 *
 * @param name its path on the rpc port: {@code POST /ethereum}
 * @param identity what the chain is
 * @param offer which methods it offers
 * @param upstreams at least one, in the file's order, ids unique
 * @param verify how answers of community upstreams are cross-checked, if they are
 */
public record ChainConfig(
    String name,
    Identity identity,
    Offer offer,
    List<UpstreamConfig> upstreams,
    Optional<VerifyConfig> verify) {
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

  /**
   * Which methods a chain offers.
   *
   * @param methods by their names
   * @param defined what its operator says of methods
   */
  public record Offer(MethodRules methods, List<MethodDefinition> defined) {
    /** Copies the list. */
    public Offer {
      defined = List.copyOf(defined);
    }
  }

  /** The sorts of chains that can be served. */
  public enum Family {
    /** Ethereum and what speaks its JSON-RPC. */
    EVM
  }

  /**
   * A chain whose methods are as the method data says, and whose community upstreams are
   * cross-checked as is usual.
   *
   * @param name its path on the rpc port
   * @param identity what the chain is
   * @param methods which methods it offers
   * @param upstreams at least one
   */
  public ChainConfig(
      String name, Identity identity, MethodRules methods, List<UpstreamConfig> upstreams) {
    this(
        name,
        identity,
        new Offer(methods, List.of()),
        upstreams,
        Optional.of(VerifyConfig.DEFAULT));
  }

  /** Checks that there is an upstream and copies the list. */
  public ChainConfig {
    upstreams = List.copyOf(upstreams);
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("upstreams: [] (expected: at least one)");
    }
  }

  /**
   * Which methods it offers, by their names.
   *
   * @return the rules
   */
  public MethodRules methods() {
    return offer.methods();
  }

  /**
   * What its operator says of methods.
   *
   * @return the definitions
   */
  public List<MethodDefinition> defined() {
    return offer.defined();
  }

  /**
   * How answers are cross-checked, where there is anybody to doubt and enough to compare with.
   *
   * @return empty if some upstreams are trusted and the others cannot be compared, or all are
   */
  public Optional<VerifyConfig> verification() {
    boolean isOfUse = !VerifyConfig.community(upstreams).isEmpty();
    return verify.filter(v -> isOfUse && VerifyConfig.voices(upstreams) >= v.quorum());
  }

  /**
   * The upstreams whose answers are not taken on trust.
   *
   * @return their ids
   */
  public Set<String> community() {
    return Set.copyOf(VerifyConfig.community(upstreams));
  }
}
