package io.fairlead.routing.table;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which upstreams a chain has and which failure domains they share.
 *
 * <p>Made once for each configuration and shared by all tables built for it. Upstreams and domains
 * are numbered from 0. A domain that nobody named ({@code unknown}, or a region {@code unknown} of
 * some cloud) is no shared cause of failure and is left out here; operators can still address it.
 *
 * <p>Thread-safety: immutable.
 */
public final class Topology {
  private final List<Upstream> upstreams;
  private final List<FailureDomain> domains;
  private final int[][] members;
  private final int[][] domainsOf;
  private final long[][] bits;
  private final int[] indexBySlot;
  private final int[] tiers;

  /**
   * The topology of some upstreams.
   *
   * @param upstreams in the configuration's order
   */
  public Topology(List<Upstream> upstreams) {
    this.upstreams = List.copyOf(upstreams);
    Map<FailureDomain, List<Integer>> found = new LinkedHashMap<>();
    int slots = 0;
    for (int i = 0; i < this.upstreams.size(); i++) {
      slots = Math.max(slots, this.upstreams.get(i).slot() + 1);
      for (FailureDomain domain : this.upstreams.get(i).spec().domains()) {
        if (isKnown(domain)) {
          found.computeIfAbsent(domain, d -> new ArrayList<>()).add(i);
        }
      }
    }
    domains = List.copyOf(found.keySet());
    members = found.values().stream().map(Topology::toDistinct).toArray(int[][]::new);
    indexBySlot = new int[slots];
    Arrays.fill(indexBySlot, -1);
    bits = new long[this.upstreams.size()][(domains.size() + 63) / 64];
    for (int i = 0; i < this.upstreams.size(); i++) {
      indexBySlot[this.upstreams.get(i).slot()] = i;
    }
    for (int d = 0; d < members.length; d++) {
      for (int i : members[d]) {
        bits[i][d >> 6] |= 1L << d;
      }
    }
    domainsOf = new int[this.upstreams.size()][];
    for (int i = 0; i < domainsOf.length; i++) {
      domainsOf[i] = domainsOf(bits[i]);
    }
    tiers = this.upstreams.stream().mapToInt(u -> u.spec().tier()).sorted().distinct().toArray();
  }

  private static int[] toDistinct(List<Integer> indices) {
    return indices.stream().mapToInt(Integer::intValue).distinct().toArray();
  }

  private static int[] domainsOf(long[] words) {
    int[] result = new int[0];
    for (int d = 0; d < words.length * 64; d++) {
      if ((words[d >> 6] & 1L << d) != 0) {
        result = Arrays.copyOf(result, result.length + 1);
        result[result.length - 1] = d;
      }
    }
    return result;
  }

  private static boolean isKnown(FailureDomain domain) {
    return !domain.name().equals("unknown") && !domain.name().endsWith("/unknown");
  }

  /** The tiers that upstreams name, lowest first; not to be written to. */
  int[] tiers() {
    return tiers;
  }

  /**
   * How many upstreams there are.
   *
   * @return 0 or more
   */
  public int size() {
    return upstreams.size();
  }

  /**
   * All upstreams.
   *
   * @return in the configuration's order
   */
  public List<Upstream> upstreams() {
    return upstreams;
  }

  /**
   * One upstream.
   *
   * @param index 0 to {@link #size()} - 1
   * @return the upstream
   */
  public Upstream upstream(int index) {
    return upstreams.get(index);
  }

  /**
   * The number of an upstream.
   *
   * @param upstream any upstream
   * @return its index, or -1 if it is not (or no longer) of this topology
   */
  public int indexOf(Upstream upstream) {
    int slot = upstream.slot();
    int index = slot < indexBySlot.length ? indexBySlot[slot] : -1;
    return index >= 0 && upstreams.get(index) == upstream ? index : -1;
  }

  /**
   * All failure domains.
   *
   * @return in the order in which upstreams name them
   */
  public List<FailureDomain> domains() {
    return domains;
  }

  /**
   * The upstreams that belong to a domain.
   *
   * @param domain the domain's number
   * @return upstream indices, not to be written to
   */
  public int[] members(int domain) {
    return members[domain];
  }

  /**
   * The domains that an upstream belongs to.
   *
   * @param index the upstream's number
   * @return domain numbers, not to be written to
   */
  public int[] domainsOf(int index) {
    return domainsOf[index];
  }

  /**
   * Whether an upstream belongs to a domain.
   *
   * @param index the upstream's number
   * @param domain the domain's number
   * @return whether it does
   */
  public boolean isMember(int index, int domain) {
    return (bits[index][domain >> 6] & 1L << domain) != 0;
  }

  /**
   * How much of the traffic can be served if no failure domain has more than its cap and everybody
   * else serves.
   *
   * @param maxShare the largest share of a domain by its kind, 0 to 1; absent for no cap
   * @return 0 to 1; 1 when the caps can all hold
   */
  public double carriedWithin(Map<String, Double> maxShare) {
    double[] even = new double[size()];
    double[] most = new double[size()];
    Arrays.fill(even, 1.0 / Math.max(1, size()));
    Arrays.fill(most, Double.POSITIVE_INFINITY);
    return size() == 0 ? 0 : new DomainCaps(this, maxShare).fit(even, most);
  }

  /**
   * Whether two upstreams could fail of one cause.
   *
   * @param a an upstream's number
   * @param b another's
   * @return whether they are the same or share a domain
   */
  public boolean shareDomain(int a, int b) {
    if (a == b) {
      return true;
    }
    long[] ours = bits[a];
    long[] theirs = bits[b];
    for (int w = 0; w < ours.length; w++) {
      if ((ours[w] & theirs[w]) != 0) {
        return true;
      }
    }
    return false;
  }
}
