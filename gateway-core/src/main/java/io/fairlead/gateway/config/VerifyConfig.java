package io.fairlead.gateway.config;

import io.fairlead.routing.FailureDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * How the answers of a chain's community upstreams are cross-checked.
 *
 * @param quorum how many failure domains must agree, 2 to 5
 * @param methods of which methods, by name or by its beginning and {@code *}
 * @param unconfirmed what becomes of an answer that nobody could confirm
 */
public record VerifyConfig(int quorum, List<String> methods, Unconfirmed unconfirmed) {
  /** Two domains, of the methods whose results are the same on every node at a given block. */
  public static final VerifyConfig DEFAULT =
      new VerifyConfig(
          2,
          List.of(
              "eth_call",
              "eth_getBalance",
              "eth_getCode",
              "eth_getStorageAt",
              "eth_getTransactionCount",
              "eth_getProof",
              "eth_getBlock*",
              "eth_getHeader*",
              "eth_getUncle*",
              "eth_getTransactionBy*",
              "eth_getTransactionReceipt",
              "eth_getRawTransactionBy*",
              "eth_getLogs"),
          Unconfirmed.REFUSE);

  /** What becomes of an answer that too few confirm and no trusted upstream speaks to. */
  public enum Unconfirmed {
    /** The client gets an error that says so. */
    REFUSE,
    /** The client gets it. */
    ANSWER
  }

  /** Copies the list. */
  public VerifyConfig {
    methods = List.copyOf(methods);
  }

  /** The ids of the upstreams whose answers are not to be taken on trust. */
  static List<String> community(List<UpstreamConfig> upstreams) {
    return upstreams.stream().filter(VerifyConfig::isCommunity).map(UpstreamConfig::id).toList();
  }

  private static boolean isCommunity(UpstreamConfig upstream) {
    return upstream.place().kind() == UpstreamConfig.Kind.COMMUNITY;
  }

  /**
   * How many upstreams there are of which no two share a failure domain, found by taking those with
   * the fewest domains first; the most that can agree independently.
   *
   * @param upstreams of the chain
   * @return 1 or more
   */
  static int voices(List<UpstreamConfig> upstreams) {
    List<Set<FailureDomain>> apart = new ArrayList<>();
    upstreams.stream()
        .map(upstream -> Set.copyOf(upstream.place().domains()))
        .sorted(Comparator.comparingInt(Set::size))
        .filter(domains -> apart.stream().allMatch(other -> Collections.disjoint(other, domains)))
        .forEach(apart::add);
    return apart.size();
  }
}
