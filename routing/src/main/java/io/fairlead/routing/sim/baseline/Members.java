package io.fairlead.routing.sim.baseline;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.sim.policy.Network;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The upstreams that a baseline chooses from: configured now, of a positive weight, in the lowest
 * tier there is.
 *
 * <p>Thread-safety: immutable.
 */
final class Members {
  private final int[] upstreams;
  private final double[] upTo;
  private final boolean isEven;

  private Members(int[] upstreams, double[] upTo, boolean isEven) {
    this.upstreams = upstreams;
    this.upTo = upTo;
    this.isEven = isEven;
  }

  /** Those of a network as of now. */
  static Members of(Network network) {
    List<UpstreamSpec> specs = network.upstreams();
    int tier = Integer.MAX_VALUE;
    for (int u = 0; u < specs.size(); u++) {
      tier = isOffered(network, u) ? Math.min(tier, specs.get(u).tier()) : tier;
    }
    int[] found = new int[specs.size()];
    int count = 0;
    for (int u = 0; u < specs.size(); u++) {
      if (isOffered(network, u) && specs.get(u).tier() == tier) {
        found[count++] = u;
      }
    }
    return of(specs, Arrays.copyOf(found, count));
  }

  private static Members of(List<UpstreamSpec> specs, int[] upstreams) {
    double[] upTo = new double[upstreams.length];
    boolean isEven = true;
    double sum = 0;
    for (int i = 0; i < upstreams.length; i++) {
      int weight = specs.get(upstreams[i]).weight();
      isEven &= weight == specs.get(upstreams[0]).weight();
      sum += weight;
      upTo[i] = sum;
    }
    return new Members(upstreams, upTo, isEven);
  }

  private static boolean isOffered(Network network, int upstream) {
    return network.isConfigured(upstream) && network.upstreams().get(upstream).weight() > 0;
  }

  /** How many there are. */
  int size() {
    return upstreams.length;
  }

  /** One of them, by its place among the members. */
  int get(int place) {
    return upstreams[place];
  }

  /** A copy of all, in the order of the network. */
  int[] toArray() {
    return upstreams.clone();
  }

  /** Draws one by weight; there must be one. */
  int draw(RandomGenerator random) {
    if (isEven) {
      return upstreams[random.nextInt(upstreams.length)];
    }
    double spot = random.nextDouble() * upTo[upTo.length - 1];
    int place = Arrays.binarySearch(upTo, spot);
    return upstreams[Math.min(upTo.length - 1, place < 0 ? -place - 1 : place + 1)];
  }
}
