package io.fairlead.gateway.verify;

import io.fairlead.routing.Upstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who said what to one question, and what is to be believed.
 *
 * <p>Answers that agree form a group. A group counts as many voices as it has members of whom no
 * two share a failure domain: what can fail together, or belongs to one owner, is one voice. It is
 * believed with as many voices as the quorum says, unless a trusted upstream says otherwise; "not
 * here" is no contradiction to a value, so it does not keep one from being believed.
 *
 * <p>Thread-safety: confined to an event loop. Ownership: owns the bytes of its votes.
 */
final class Ballot {
  /** One answer. */
  record Vote(Upstream by, boolean isTrusted, Reading reading, Held held) {}

  /** Answers that agree. */
  static final class Group {
    private final List<Vote> votes = new ArrayList<>(2);

    List<Vote> votes() {
      return votes;
    }

    Reading reading() {
      return votes.get(0).reading();
    }

    boolean isNothingYet() {
      return reading().sort() == Reading.Sort.NOTHING_YET;
    }

    long trusted() {
      return votes.stream().filter(Vote::isTrusted).count();
    }

    /** How many of them have nothing in common. */
    int voices() {
      List<Upstream> apart = new ArrayList<>();
      for (Vote vote : votes) {
        if (apart.stream().allMatch(other -> areApart(other, vote.by()))) {
          apart.add(vote.by());
        }
      }
      return apart.size();
    }

    @Nullable Vote deliverable() {
      return votes.stream().filter(vote -> vote.held().isDeliverable()).findFirst().orElse(null);
    }

    private boolean isApartFrom(Upstream upstream) {
      return votes.stream().allMatch(vote -> areApart(vote.by(), upstream));
    }
  }

  private final int quorum;
  private final List<Vote> votes = new ArrayList<>(2);
  private final List<Group> groups = new ArrayList<>(1);

  Ballot(int quorum) {
    this.quorum = quorum;
  }

  /** Whether two upstreams share no failure domain. */
  static boolean areApart(Upstream one, Upstream other) {
    return one != other && Collections.disjoint(one.spec().domains(), other.spec().domains());
  }

  void add(Vote vote) {
    votes.add(vote);
    for (Group group : groups) {
      if (group.reading().agreesWith(vote.reading())) {
        group.votes.add(vote);
        return;
      }
    }
    Group alone = new Group();
    alone.votes.add(vote);
    groups.add(alone);
  }

  List<Vote> votes() {
    return votes;
  }

  /** Whether an upstream's word could give some group one more voice. */
  boolean canRaise(Upstream upstream) {
    return groups.stream().anyMatch(group -> group.isApartFrom(upstream));
  }

  /** The group with a quorum that is to be believed; null while that is open. */
  @Nullable Group believed() {
    List<Group> enough = groups.stream().filter(group -> group.voices() >= quorum).toList();
    boolean isValue = enough.stream().anyMatch(group -> !group.isNothingYet());
    long trusted =
        groups.stream()
            .filter(group -> !isValue || !group.isNothingYet())
            .mapToLong(Group::trusted)
            .max()
            .orElse(0);
    return onlyOne(
        enough.stream().filter(group -> group.trusted() == trusted).toList(), Group::voices);
  }

  /** What most of the trusted say when nobody is left to be asked; null if none did. */
  @Nullable Group ofTrusted() {
    return onlyOne(
        groups.stream().filter(group -> group.trusted() > 0).toList(),
        group -> (int) group.trusted());
  }

  /** The group with the most of something, if it is alone in that. */
  private static @Nullable Group onlyOne(List<Group> among, ToIntFunction<Group> count) {
    int most = among.stream().mapToInt(count).max().orElse(0);
    List<Group> best = among.stream().filter(group -> count.applyAsInt(group) == most).toList();
    return best.size() == 1 ? best.get(0) : null;
  }

  /** Drops the bytes of all. */
  void close() {
    votes.forEach(vote -> vote.held().drop());
  }
}
