package io.fairlead.routing.control;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.Objects;

/**
 * What an operator's command is about: an upstream or a failure domain, on one chain or on all.
 *
 * @param kind {@code upstream} or the kind of a failure domain
 * @param name the upstream's id or the domain's name
 * @param chain the chain's name, or empty for all chains
 */
public record Target(String kind, String name, String chain) {
  /** The kind of a target that is one upstream. */
  public static final String UPSTREAM = "upstream";

  /** Checks that it names something. */
  public Target {
    Objects.requireNonNull(chain, "chain");
    if (kind.isBlank() || name.isBlank()) {
      throw new IllegalArgumentException(
          "target: '"
              + kind
              + ":"
              + name
              + "' (expected: UPSTREAM-ID, cloud:NAME, region:CLOUD/NAME"
              + " or another failure domain KIND:NAME)");
    }
  }

  /**
   * Reads a target on all chains.
   *
   * @param text {@code aws-1}, {@code cloud:aws}, {@code region:aws/us-east-1}, {@code vendor:acme}
   * @return the target
   */
  public static Target parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new Target(UPSTREAM, text, "")
        : new Target(text.substring(0, colon), text.substring(colon + 1), "");
  }

  /**
   * Narrows to a chain.
   *
   * @param newChain the chain's name, or empty for all
   * @return the same upstreams, of that chain
   */
  public Target withChain(String newChain) {
    return new Target(kind, name, newChain);
  }

  /**
   * Whether an upstream is meant.
   *
   * @param upstream any upstream
   * @return whether the target covers it
   */
  public boolean matches(Upstream upstream) {
    if (!chain.isEmpty() && !chain.equals(upstream.chain())) {
      return false;
    }
    return covers(upstream.spec());
  }

  /**
   * Whether an upstream is meant, whatever its chain.
   *
   * @param spec any upstream
   * @return whether it has the id, or is a member of the domain
   */
  public boolean covers(UpstreamSpec spec) {
    return kind.equals(UPSTREAM)
        ? name.equals(spec.id())
        : spec.domains().contains(new FailureDomain(kind, name));
  }

  /** The text that {@link #parse} reads; the chain is not in it. */
  @Override
  public String toString() {
    return kind.equals(UPSTREAM) ? name : kind + ":" + name;
  }
}
