package io.fairlead.probes;

import io.fairlead.routing.FailureDomain;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The height that enough upstreams agree on.
 *
 * <p>One upstream that invents a height must not make all the others look late, and one that stands
 * still must not hide that the chain goes on. Hence:
 *
 * <ol>
 *   <li>A height is agreed when two clouds, two regions and two vendors have reached it, for each
 *       of these kinds that tells voters apart at all; an upstream without a vendor is a vendor of
 *       its own. So a single upstream decides only when it is alone.
 *   <li>It is also agreed when more than half of all voters have reached it, at least two of them:
 *       a lone laggard is not needed.
 *   <li>When the height so agreed has not moved for the patience of five blocks while others went
 *       on, the second highest voter decides; of two voters the higher one.
 *   <li>A fall is believed at once when nobody stands that high any more, else after the patience.
 * </ol>
 *
 * <p>Voters at height 0 do not count while another is higher. Bounds: with three voters or more no
 * single one can raise the head beyond what another has reached. With two in all, one of them wrong
 * and both going on, nobody can tell which is; the lower decides.
 *
 * <p>Cost: linear in the voters.
 */
final class HeadQuorum {
  /**
   * One upstream's say.
   *
   * @param id the upstream
   * @param domains its failure domains
   * @param number its height
   */
  record Vote(String id, List<FailureDomain> domains, long number) {
    String group(String kind) {
      for (FailureDomain domain : domains) {
        if (domain.kind().equals(kind)) {
          return domain.name();
        }
      }
      return "upstream " + id;
    }
  }

  private static final String[] KINDS = {
    FailureDomain.CLOUD, FailureDomain.REGION, FailureDomain.VENDOR
  };

  private final long patienceNanos;
  private long agreed = Quantity.NONE;
  private long reached = Quantity.NONE;
  private long reachedAtNanos;
  private long fallSinceNanos;
  private boolean isFalling;

  HeadQuorum(long patienceNanos) {
    this.patienceNanos = patienceNanos;
  }

  /** The height agreed so far, or {@link Quantity#NONE}. */
  long agreed() {
    return agreed;
  }

  /** Counts anew and returns the height agreed now. */
  long count(List<Vote> all, long nowNanos) {
    List<Vote> votes = withoutZeros(all);
    if (!votes.isEmpty()) {
      long next = patiently(votes, nowNanos);
      agreed = next >= agreed ? rise(next) : fall(votes, next, nowNanos);
    }
    return agreed;
  }

  private long rise(long next) {
    isFalling = false;
    return next;
  }

  private long fall(List<Vote> votes, long next, long nowNanos) {
    if (!isFalling) {
      isFalling = true;
      fallSinceNanos = nowNanos;
    }
    boolean isHeld = votes.stream().anyMatch(vote -> vote.number() >= agreed);
    return isHeld && nowNanos - fallSinceNanos < patienceNanos ? agreed : rise(next);
  }

  private long patiently(List<Vote> votes, long nowNanos) {
    long now = Math.max(ofDomains(votes), ofMajority(votes));
    if (now != reached) {
      reached = now;
      reachedAtNanos = nowNanos;
    }
    return nowNanos - reachedAtNanos < patienceNanos ? now : Math.max(now, corroborated(votes));
  }

  private static List<Vote> withoutZeros(List<Vote> votes) {
    List<Vote> higher = votes.stream().filter(vote -> vote.number() > 0).toList();
    return higher.isEmpty() ? votes : higher;
  }

  private static long ofDomains(List<Vote> votes) {
    if (votes.size() == 1) {
      return votes.get(0).number();
    }
    long lowest = Long.MAX_VALUE;
    for (String kind : KINDS) {
      Map<String, Long> tops = new HashMap<>();
      votes.forEach(vote -> tops.merge(vote.group(kind), vote.number(), Math::max));
      if (tops.size() > 1) {
        lowest = Math.min(lowest, second(tops.values().stream().mapToLong(n -> n).toArray()));
      }
    }
    return lowest == Long.MAX_VALUE ? second(numbers(votes)) : lowest;
  }

  private static long ofMajority(List<Vote> votes) {
    long[] sorted = numbers(votes);
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }

  private static long corroborated(List<Vote> votes) {
    long[] numbers = numbers(votes);
    return numbers.length > 2 ? second(numbers) : Arrays.stream(numbers).max().orElseThrow();
  }

  private static long second(long[] numbers) {
    Arrays.sort(numbers);
    return numbers[Math.max(0, numbers.length - 2)];
  }

  private static long[] numbers(List<Vote> votes) {
    return votes.stream().mapToLong(Vote::number).toArray();
  }
}
