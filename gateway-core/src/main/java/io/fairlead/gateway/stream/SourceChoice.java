package io.fairlead.gateway.stream;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses from whom the heads of a chain are taken.
 *
 * <p><b>Idea.</b> The best source comes first: one that is neither behind nor was silent, trusted,
 * pushes rather than is polled, is listened to already, is healthy, and has the largest share of
 * the traffic, in this order. The second is the best that fails with the first least: in another
 * cloud, or else in another region, of another vendor, or at least another upstream. A third comes
 * only if it pushes and stands in another cloud or region than both.
 *
 * <p><b>Bounds.</b> At most three sources, of which polls at most two. Two failure domains whenever
 * two are to be had. That a source is listened to already weighs more than health and share, so
 * that their ups and downs move nothing.
 *
 * <p><b>Cost.</b> O(n log n) for n candidates; called a few times a second.
 */
final class SourceChoice {
  /** The most sources. */
  static final int MOST = 3;

  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparing((Candidate c) -> c.merit().isBehind())
          .thenComparing(c -> c.merit().isCommunity())
          .thenComparing(c -> !c.isPush())
          .thenComparing(c -> !c.merit().isCurrent())
          .thenComparing(c -> !c.merit().isHealthy())
          .thenComparing(c -> -c.merit().share());

  private SourceChoice() {}

  /**
   * Somebody whom heads could be taken from.
   *
   * @param upstream the upstream
   * @param isPush whether it pushes them; else it is polled
   * @param merit what speaks for it
   */
  record Candidate(Upstream upstream, boolean isPush, Merit merit) {}

  /**
   * What speaks for and against a candidate.
   *
   * @param isBehind whether it lags behind the chain, or was silent and has not redeemed itself
   * @param isCommunity whether it is somebody's own machine
   * @param isCurrent whether it is listened to already
   * @param isHealthy whether nothing speaks against it
   * @param share of the chain's traffic, 0 to 1
   */
  record Merit(
      boolean isBehind, boolean isCommunity, boolean isCurrent, boolean isHealthy, double share) {}

  /** How far apart two upstreams stand. */
  private enum Distance {
    CLOUD,
    REGION,
    VENDOR,
    UPSTREAM
  }

  /**
   * Chooses.
   *
   * @param candidates who is to be had, in the configuration's order
   * @return at most {@link #MOST} of them, the best first
   */
  static List<Candidate> choose(List<Candidate> candidates) {
    List<Candidate> ranked = new ArrayList<>(candidates);
    ranked.sort(BEST_FIRST);
    List<Candidate> chosen = new ArrayList<>(MOST);
    if (ranked.isEmpty()) {
      return chosen;
    }
    chosen.add(ranked.get(0));
    addFarthest(chosen, ranked, List.of(Distance.values()), true);
    if (chosen.size() == 2) {
      addFarthest(chosen, ranked, List.of(Distance.CLOUD, Distance.REGION), false);
    }
    return chosen;
  }

  private static void addFarthest(
      List<Candidate> chosen, List<Candidate> ranked, List<Distance> distances, boolean polls) {
    for (Distance distance : distances) {
      for (Candidate candidate : ranked) {
        boolean isOffered = candidate.isPush() || polls;
        if (isOffered && chosen.stream().allMatch(c -> areApart(c, candidate, distance))) {
          chosen.add(candidate);
          return;
        }
      }
    }
  }

  private static boolean areApart(Candidate one, Candidate other, Distance distance) {
    if (one.upstream() == other.upstream()) {
      return false;
    }
    return switch (distance) {
      case CLOUD -> areApart(one, other, FailureDomain.CLOUD);
      case REGION -> areApart(one, other, FailureDomain.REGION);
      case VENDOR -> areApart(one, other, FailureDomain.VENDOR);
      case UPSTREAM -> true;
    };
  }

  /** Whether both name a domain of a kind, and not the same. */
  private static boolean areApart(Candidate one, Candidate other, String kind) {
    FailureDomain first = domain(one.upstream(), kind);
    FailureDomain second = domain(other.upstream(), kind);
    return first != null && second != null && !first.equals(second);
  }

  private static @Nullable FailureDomain domain(Upstream upstream, String kind) {
    for (FailureDomain domain : upstream.spec().domains()) {
      if (domain.kind().equals(kind)) {
        return domain;
      }
    }
    return null;
  }
}
