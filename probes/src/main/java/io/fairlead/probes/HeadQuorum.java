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
 *   <li>A fall is believed at once when nobody stands that high any more, or when the height was
 *       the word of one alone; else after the patience.
 * </ol>
 *
 * <p><b>One voter alone</b>, as the last one left or the first one back after an outage of all,
 * decides, for a wallet is served better by one node than by none; but not how fast a chain goes.
 * Where there are others who might be heard of again, its leap beyond what the chain may have made
 * (a few blocks, and twice its pace since the height was agreed) counts only after the patience; by
 * then others have mostly said otherwise, or it is all there is.
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

  private static final long SLACK_BLOCKS = 4;
  private static final long FOR_EVER_NANOS = Long.MAX_VALUE / 2;
  private static final long AT_ONCE = 0;

  private final long patienceNanos;
  private final long blockTimeNanos;
  private long agreed = Quantity.NONE;
  private long agreedAtNanos;
  private boolean isOfOne;
  private long leapSinceNanos;
  private boolean isLeaping;
  private long reached = Quantity.NONE;
  private long reachedAtNanos;
  private long fallSinceNanos;
  private boolean isFalling;

  private HeadQuorum(long patienceNanos, long blockTimeNanos) {
    this.patienceNanos = patienceNanos;
    this.blockTimeNanos = blockTimeNanos;
  }

  /** For the newest blocks. */
  static HeadQuorum ofHeads(ProbePolicy policy) {
    return new HeadQuorum(policy.patienceNanos(), policy.blockTimeNanos());
  }

  /** For blocks that do not fall while anybody stands by them, and that many do not tell. */
  static HeadQuorum ofTags() {
    return new HeadQuorum(FOR_EVER_NANOS, AT_ONCE);
  }

  /** The height agreed so far, or {@link Quantity#NONE}. */
  long agreed() {
    return agreed;
  }

  /**
   * Counts anew and returns the height agreed now.
   *
   * @param all who votes
   * @param mayOthersCome whether there are upstreams that do not vote now and may do so later
   */
  long count(List<Vote> all, boolean mayOthersCome, long nowNanos) {
    List<Vote> votes = withoutZeros(all);
    if (votes.isEmpty()) {
      return agreed;
    }
    long before = agreed;
    long next = patiently(votes, nowNanos);
    boolean isOne = votes.size() == 1 && mayOthersCome;
    if (isOne && isHeldBack(next, nowNanos)) {
      return agreed;
    }
    isLeaping = false;
    agreed = next >= agreed ? rise(next) : fall(votes, next, nowNanos);
    if (agreed != before) {
      agreedAtNanos = nowNanos;
    }
    isOfOne = isOne && (isOfOne || agreed != before);
    return agreed;
  }

  /** Whether a height is farther than the chain can be, and was said for the first time lately. */
  private boolean isHeldBack(long next, long nowNanos) {
    if (agreed == Quantity.NONE || blockTimeNanos == AT_ONCE) {
      return false;
    }
    long madeBlocks = 2 * (nowNanos - agreedAtNanos) / blockTimeNanos;
    if (next <= agreed + SLACK_BLOCKS + madeBlocks) {
      return false;
    }
    if (!isLeaping) {
      isLeaping = true;
      leapSinceNanos = nowNanos;
    }
    return nowNanos - leapSinceNanos < patienceNanos;
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
    boolean isHeld = !isOfOne && votes.stream().anyMatch(vote -> vote.number() >= agreed);
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
