package io.fairlead.probes;

import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the branch that the chain is on, block by block, and who is on another.
 *
 * <p><b>Idea.</b> A header names its block and its parent. So it is a vote for its height and, as
 * far as headers have told which block comes before which, for all heights below. At a height the
 * block wins for which upstreams in the most failure domains stand, counted for the kind of domain
 * (cloud, region, vendor) in which they are fewest; then the one with most voters; then the one
 * whose voters have got furthest, for a branch that nobody extends is dead; then the one that stood
 * there before. An upstream whose header contradicts what it said before has changed branches: what
 * it said of lower heights counts no longer unless it agrees with the chain.
 *
 * <p>When another block wins than before, that is a reorganisation. An upstream whose newest vote
 * lost is <i>astray</i>: it is on a dead branch, or ahead of the others on the next one, and in
 * both cases alone.
 *
 * <p>How deep a reorganisation goes is known only down to a block whose header was seen; whoever
 * uses this asks for the header of the lowest one ({@link #isUnlinked}) until it links.
 *
 * <p><b>Limits.</b> Two upstreams are compared only at heights at which both were seen; on a chain
 * with many blocks between two probes those are few.
 *
 * <p><b>Bounds.</b> {@link #HEIGHTS} heights up to the agreed one are kept, and above it what the
 * chain makes in two polls: so neither a height that somebody invents nor a header that names
 * itself its parent pushes out what is known. Cost: linear in the voters, a header.
 *
 * <p>Thread-safety: none; the control thread.
 */
final class BranchVote {
  /** Heights kept. */
  static final int HEIGHTS = 128;

  private static final int LINKS = 4 * HEIGHTS;

  private static final int LEAST_AHEAD = 4;

  private static final List<String> KINDS =
      List.of(FailureDomain.CLOUD, FailureDomain.REGION, FailureDomain.VENDOR);

  private final long aheadBlocks;
  private final NavigableMap<Long, Map<String, String>> votes = new TreeMap<>();
  private final NavigableMap<Long, String> winners = new TreeMap<>();
  private final Map<String, String> parents =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > LINKS;
        }
      };
  private final Map<String, UpstreamSpec> voters = new HashMap<>();
  private final Map<String, Long> tops = new HashMap<>();
  private long agreed = Quantity.NONE;

  /**
   * Nothing is known.
   *
   * @param pollBlocks what the chain makes between two polls of one upstream
   */
  BranchVote(long pollBlocks) {
    this.aheadBlocks = Math.min(HEIGHTS, LEAST_AHEAD + 2 * pollBlocks);
  }

  /**
   * Counts a header.
   *
   * @param voter whose
   * @param head its newest block
   * @return the lowest block that was replaced by it, null if none was
   */
  @Nullable Reorganisation onHead(UpstreamSpec voter, Head head) {
    String id = voter.id();
    if (!head.hasHash() || isOutside(head.number())) {
      return null;
    }
    voters.put(id, voter);
    tops.put(id, head.number());
    votes.tailMap(head.number(), false).values().forEach(votesAt -> votesAt.remove(id));
    if (!head.parentHash().isEmpty()) {
      parents.put(head.hash(), head.parentHash());
    }
    Reorganisation above = vote(id, head.number(), head.hash());
    Reorganisation below = descend(id, head.number(), head.hash());
    return below != null ? below : above;
  }

  /**
   * Learns which block comes before another, of whoever says so: hashes do not lie.
   *
   * @param head the later block
   * @return the lowest block that was replaced by it, null if none was
   */
  @Nullable Reorganisation onLink(Head head) {
    Map<String, String> at = votes.get(head.number());
    if (at == null || isOutside(head.number())) {
      return null;
    }
    parents.put(head.hash(), head.parentHash());
    Reorganisation lowest = null;
    for (Map.Entry<String, String> vote : List.copyOf(at.entrySet())) {
      Reorganisation found =
          vote.getValue().equals(head.hash())
              ? descend(vote.getKey(), head.number(), head.hash())
              : null;
      lowest = found == null ? lowest : found;
    }
    return lowest;
  }

  /** Whether it is not known what comes before a block, although something is known below it. */
  boolean isUnlinked(Reorganisation reorganisation) {
    return !parents.containsKey(reorganisation.newHash())
        && winners.containsKey(reorganisation.number() - 1);
  }

  /** Whoever votes for a block votes for its ancestors, as far as they are known. */
  private @Nullable Reorganisation descend(String id, long number, String hash) {
    Reorganisation lowest = null;
    boolean hasChanged = false;
    long height = number - 1;
    String parent = parents.get(hash);
    while (parent != null && height >= Math.max(0, number - HEIGHTS) && !isOutside(height)) {
      String before = votesAt(height).get(id);
      if (parent.equals(before)) {
        return lowest;
      }
      hasChanged |= before != null;
      Reorganisation found = vote(id, height, parent);
      lowest = found == null ? lowest : found;
      parent = parents.get(parent);
      height--;
    }
    if (hasChanged) {
      votes.headMap(height + 1, false).forEach((lower, at) -> withdrawUnlessAgreed(id, lower, at));
    }
    return lowest;
  }

  /** Whether a height is too far from the agreed one for anybody's word on it to be kept. */
  private boolean isOutside(long number) {
    return agreed != Quantity.NONE && (number <= agreed - HEIGHTS || number > agreed + aheadBlocks);
  }

  private void withdrawUnlessAgreed(String id, long height, Map<String, String> at) {
    String vote = at.get(id);
    if (vote != null && !vote.equals(winners.get(height))) {
      at.remove(id);
    }
  }

  private @Nullable Reorganisation vote(String id, long number, String hash) {
    Map<String, String> at = votesAt(number);
    at.put(id, hash);
    String before = winners.get(number);
    String after = winner(at, before);
    winners.put(number, after);
    return before == null || before.equals(after)
        ? null
        : new Reorganisation(number, before, after);
  }

  private Map<String, String> votesAt(long number) {
    return votes.computeIfAbsent(number, height -> new LinkedHashMap<>());
  }

  private String winner(Map<String, String> at, @Nullable String incumbent) {
    Map<String, List<String>> supporters = new LinkedHashMap<>();
    at.forEach((id, hash) -> supporters.computeIfAbsent(hash, h -> new ArrayList<>()).add(id));
    String best = supporters.keySet().iterator().next();
    for (String hash : supporters.keySet()) {
      int byVotes = compare(supporters.get(hash), supporters.get(best));
      if (byVotes > 0 || (byVotes == 0 && hash.equals(incumbent))) {
        best = hash;
      }
    }
    return best;
  }

  private int compare(@Nullable List<String> one, @Nullable List<String> other) {
    List<String> a = one == null ? List.of() : one;
    List<String> b = other == null ? List.of() : other;
    int byDomains = Integer.compare(domains(a), domains(b));
    if (byDomains != 0) {
      return byDomains;
    }
    int byVoters = Integer.compare(a.size(), b.size());
    return byVoters != 0 ? byVoters : Long.compare(top(a), top(b));
  }

  private int domains(List<String> ids) {
    int fewest = ids.size();
    for (String kind : KINDS) {
      if (tellsApart(kind)) {
        fewest = Math.min(fewest, groups(ids, kind).size());
      }
    }
    return fewest;
  }

  private boolean tellsApart(String kind) {
    return groups(List.copyOf(voters.keySet()), kind).size() > 1;
  }

  private Set<String> groups(List<String> ids, String kind) {
    Set<String> groups = new HashSet<>();
    for (String id : ids) {
      UpstreamSpec spec = voters.get(id);
      if (spec != null) {
        groups.add(new HeadQuorum.Vote(id, spec.domains(), 0).group(kind));
      }
    }
    return groups;
  }

  private long top(List<String> ids) {
    return ids.stream().mapToLong(id -> tops.getOrDefault(id, 0L)).max().orElse(0);
  }

  /**
   * The agreed height is this now: what is too far from it is forgotten, and what is above it if it
   * fell so far that the chain must have been reset.
   *
   * @param latest the height
   */
  void onAgreed(long latest) {
    if (latest == agreed || latest == Quantity.NONE) {
      return;
    }
    long highest = latest < agreed - HEIGHTS ? latest : latest + aheadBlocks;
    agreed = latest;
    for (NavigableMap<Long, ?> kept : List.of(votes, winners)) {
      kept.headMap(latest - HEIGHTS, true).clear();
      kept.tailMap(highest, false).clear();
    }
  }

  /** Drops an upstream and its votes. */
  void forget(String id) {
    voters.remove(id);
    tops.remove(id);
    votes.values().forEach(at -> at.remove(id));
  }

  /** The chain's last blocks, up to a height. */
  RecentBlocks blocks(long highest) {
    NavigableMap<Long, String> known = winners.headMap(highest, true);
    if (known.isEmpty()) {
      return RecentBlocks.NONE;
    }
    long first = Math.max(known.firstKey(), highest - HEIGHTS + 1);
    @Nullable String[] hashes = new @Nullable String[(int) (highest - first + 1)];
    known.tailMap(first, true).forEach((number, hash) -> hashes[(int) (number - first)] = hash);
    return new RecentBlocks(first, hashes);
  }

  /** Who was last seen on another branch. */
  Set<String> astray() {
    Set<String> astray = new HashSet<>();
    tops.forEach(
        (id, top) -> {
          if (isOnAnotherBranch(id, top)) {
            astray.add(id);
          }
        });
    return astray;
  }

  private boolean isOnAnotherBranch(String id, long top) {
    for (long height = top; height >= top - 1; height--) {
      Map<String, String> at = votes.get(height);
      String vote = at == null ? null : at.get(id);
      if (vote != null && !vote.equals(winners.get(height))) {
        return true;
      }
    }
    return false;
  }
}
