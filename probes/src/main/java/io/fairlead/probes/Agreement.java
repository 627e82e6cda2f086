package io.fairlead.probes;

import io.fairlead.routing.UpstreamSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what failure domains agree on, and tells it when it has changed.
 *
 * <p>Safe and final blocks are agreed as heads are, but they do not fall while anybody stands by
 * them: what is final stays so.
 *
 * <p>Thread-safety: none; the control thread.
 */
final class Agreement {
  private final ProbeListener listener;
  private final BranchVote branches;
  private final HeadQuorum safe = HeadQuorum.ofTags();
  private final HeadQuorum finalized = HeadQuorum.ofTags();
  private AgreedHeads told = AgreedHeads.NONE;

  Agreement(ProbePolicy policy, ProbeListener listener) {
    this.branches = new BranchVote(policy.idleNanos() / policy.blockTimeNanos());
    this.listener = listener;
  }

  /** Counts a head; the lowest block that it replaced if that one's parent must be asked for. */
  @Nullable Reorganisation onHead(UpstreamSpec voter, Head head, long latest) {
    branches.onAgreed(latest);
    return tell(branches.onHead(voter, head));
  }

  /** Learns what comes before a block; what is returned is as of {@link #onHead}. */
  @Nullable Reorganisation onLink(Head head) {
    return tell(branches.onLink(head));
  }

  private @Nullable Reorganisation tell(@Nullable Reorganisation reorganisation) {
    if (reorganisation == null) {
      return null;
    }
    listener.onReorganisation(reorganisation);
    return branches.isUnlinked(reorganisation) ? reorganisation : null;
  }

  void forget(String id) {
    branches.forget(id);
  }

  /** Tells what is agreed if that is news. */
  void tell(long latest, Collection<UpstreamProbe> probes) {
    branches.onAgreed(latest);
    boolean areMore = probes.size() > 1;
    long newSafe = safe.count(votes(probes, UpstreamFacts::safe), areMore, 0);
    long newFinalized = finalized.count(votes(probes, UpstreamFacts::finalized), areMore, 0);
    Set<String> ids = probes.stream().map(UpstreamProbe::id).collect(Collectors.toSet());
    Set<String> astray = branches.astray();
    astray.retainAll(ids);
    AgreedHeads now =
        new AgreedHeads(latest, newSafe, newFinalized, branches.blocks(latest), astray);
    if (!now.equals(told)) {
      told = now;
      listener.onAgreed(now);
    }
  }

  private static List<HeadQuorum.Vote> votes(
      Collection<UpstreamProbe> probes, ToLongFunction<UpstreamFacts> height) {
    List<HeadQuorum.Vote> votes = new ArrayList<>();
    for (UpstreamProbe probe : probes) {
      long number = height.applyAsLong(probe.facts());
      if (number != Quantity.NONE && !probe.facts().isWrongChain()) {
        votes.add(new HeadQuorum.Vote(probe.id(), probe.spec().domains(), number));
      }
    }
    return votes;
  }

  /** Whether the newest block is agreed by its height alone. */
  boolean lacksHash() {
    return told.latest() != Quantity.NONE && told.blocks().at(told.latest()) == null;
  }
}
