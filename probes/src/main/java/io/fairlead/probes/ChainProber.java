package io.fairlead.probes;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.control.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Knows, for each upstream of one EVM chain, whether it is the right chain, whether it is in sync
 * and where its head is; and for the chain, which head is agreed.
 *
 * <p>Idea: traffic is the best probe. Answers and heads seen in it are reported here and stand in
 * for paid questions while they are fresh. An upstream that nobody hears from is asked once a
 * block; one under suspicion or on its way back once an interval, every other time with a question
 * that no cache can answer. At the start chain id, sync state and head are asked of all at once, so
 * that the first verdicts are there after one round trip.
 *
 * <p>Thread-safety: none; constructed and called on the control thread only, and calls its listener
 * there.
 *
 * <p>Failure: an upstream's answers, whatever they are, never make a method throw.
 */
public final class ChainProber {
  /** Blocks behind the chain's head from which an upstream's head is looked up at once. */
  private static final long HASTE_BLOCKS = 2;

  private final EvmExpectation expectation;
  private final ProbePolicy policy;
  private final ProbeEnvironment world;
  private final ProbeListener listener;
  private final UpstreamProbe.Link link;
  private final Map<String, UpstreamProbe> probes = new LinkedHashMap<>();
  private final Map<String, Identity> identities = new HashMap<>();
  private final Map<String, Long> positions = new HashMap<>();
  private final HeadQuorum quorum;
  private final ForkWatch forks = new ForkWatch();
  private final Agreement agreement;
  private final AncestorSearch ancestors;
  private boolean isStarted;
  private boolean areAllLookedAt;
  private long hashAskedAtNanos;

  /**
   * A prober without upstreams that has not begun.
   *
   * @param expectation what an upstream must be
   * @param policy how often and how much to ask
   * @param world time, randomness and the way out
   * @param listener told what is learnt
   */
  public ChainProber(
      EvmExpectation expectation,
      ProbePolicy policy,
      ProbeEnvironment world,
      ProbeListener listener) {
    this.expectation = expectation;
    this.policy = policy;
    this.world = world;
    this.listener = listener;
    this.link = new UpstreamProbe.Link(world, this::onEnd);
    this.quorum = HeadQuorum.ofHeads(policy);
    this.agreement = new Agreement(policy, listener);
    this.ancestors = new AncestorSearch(policy, world, this::onAncestor);
    this.hashAskedAtNanos = world.scheduler().nanoTime();
  }

  /** Begins: asks all upstreams everything at once. */
  public void start() {
    isStarted = true;
    List.copyOf(probes.values()).forEach(UpstreamProbe::wake);
  }

  /** Ends: no further question, no further callback. */
  public void stop() {
    isStarted = false;
    ancestors.close();
    probes.values().forEach(UpstreamProbe::close);
    probes.clear();
  }

  /**
   * Sets whom to probe. What is known of an upstream that stays is kept; for one whose address or
   * credential changed call {@link #forget} first.
   *
   * @param specs the upstreams of the chain
   */
  public void setUpstreams(List<UpstreamSpec> specs) {
    List<String> ids = specs.stream().map(UpstreamSpec::id).toList();
    for (String id : List.copyOf(probes.keySet())) {
      if (!ids.contains(id)) {
        forget(id);
      }
    }
    List<UpstreamProbe> added = new ArrayList<>();
    for (UpstreamSpec spec : specs) {
      UpstreamProbe known = probes.get(spec.id());
      if (known == null) {
        added.add(newProbe(spec));
      } else {
        known.setSpec(spec);
      }
    }
    world.ledger().tidy(probes.keySet());
    areAllLookedAt = false;
    if (isStarted) {
      added.forEach(UpstreamProbe::wake);
    }
  }

  /**
   * Drops an upstream and all that is known of it.
   *
   * @param id the upstream; unknown ones are ignored
   */
  public void forget(String id) {
    UpstreamProbe probe = probes.remove(id);
    if (probe != null) {
      probe.close();
      identities.remove(id);
      positions.remove(id);
      agreement.forget(id);
      tellAgreed();
    }
  }

  /**
   * A client waits for a block: looks up the heads of those that are not known to have it.
   *
   * @param blocks the block's height
   */
  public void onHeadWanted(long blocks) {
    for (UpstreamProbe probe : List.copyOf(probes.values())) {
      Head head = probe.facts().head();
      if (isStarted && head != null && head.number() < blocks) {
        probe.askNow();
      }
    }
  }

  /**
   * An upstream answered a call of traffic as a node would; this spares a probe.
   *
   * @param id the upstream; unknown ones are ignored
   */
  public void onOrganicAnswer(String id) {
    UpstreamProbe probe = probes.get(id);
    if (probe != null) {
      probe.onOrganicAnswer();
    }
  }

  /**
   * An upstream told its head in an answer to traffic.
   *
   * @param id the upstream; unknown ones are ignored
   * @param blocks the height
   */
  public void onOrganicHead(String id, long blocks) {
    UpstreamProbe probe = probes.get(id);
    if (probe == null || blocks < 0 || probe.facts().isWrongChain()) {
      return;
    }
    Head before = probe.facts().head();
    probe.onOrganicHead(blocks);
    if (before == null || before.number() != blocks) {
      onHead(probe, Head.ofNumber(blocks));
    }
  }

  /**
   * An upstream pushed its head. While it does, nobody asks for it; whether the upstream answers
   * calls is still looked at now and then. A head below the one that was seen a moment ago is
   * passed over: it was on its way while the other was told.
   *
   * @param id the upstream; unknown ones are ignored
   * @param head the block
   */
  public void onPushedHead(String id, Head head) {
    UpstreamProbe probe = probes.get(id);
    if (probe == null || probe.facts().isWrongChain()) {
      return;
    }
    Head before = probe.facts().head();
    boolean isLate = before != null && head.number() < before.number();
    if (isLate && probe.facts().headAgeNanos(now()) < policy.blockTimeNanos()) {
      return;
    }
    probe.onPushedHead(head);
    if (!head.equals(before)) {
      onHead(probe, head);
    }
  }

  /**
   * Whether routing suspects an upstream or lets it return; probes it once an interval meanwhile.
   *
   * @param id the upstream; unknown ones are ignored
   * @param suspect false when nothing is held against it any more
   */
  public void setSuspect(String id, boolean suspect) {
    UpstreamProbe probe = probes.get(id);
    if (probe != null && isStarted) {
      probe.setSuspect(suspect);
    }
  }

  /**
   * The height that enough failure domains agree on.
   *
   * @return empty until a verified upstream has told its head
   */
  public OptionalLong chainHead() {
    return quorum.agreed() == Quantity.NONE
        ? OptionalLong.empty()
        : OptionalLong.of(quorum.agreed());
  }

  private UpstreamProbe newProbe(UpstreamSpec spec) {
    UpstreamProbe probe =
        new UpstreamProbe(spec, new UpstreamFacts(expectation, policy), policy, link);
    probes.put(spec.id(), probe);
    return probe;
  }

  private void onEnd(UpstreamProbe probe, Question question, Verdict verdict, long elapsedNanos) {
    String problem = verdict.problem().isEmpty() ? "" : ": " + verdict.problem();
    listener.onProbe(probe.id(), verdict.outcome(), elapsedNanos, question.method() + problem);
    Head head = probe.facts().head();
    if (question == Question.HEAD && verdict.isSuccess() && head != null) {
      onHead(probe, head);
    } else if (question == Question.SAFE || question == Question.FINALIZED) {
      tellAgreed();
    } else if (question != Question.LIVENESS) {
      recount();
    }
    judge(probe);
    judgeAllOnceLookedAt();
  }

  private void onHead(UpstreamProbe probe, Head head) {
    if (probe.facts().isWrongChain()) {
      return;
    }
    listener.onHead(probe.id(), head);
    Fork fork = forks.onHead(probe.id(), head);
    if (fork != null) {
      listener.onFork(fork);
    }
    recount();
    Reorganisation unlinked = agreement.onHead(probe.spec(), head, quorum.agreed());
    if (unlinked != null && isStarted) {
      ancestors.begin(probe.id(), unlinked);
    }
    tellAgreed();
    tellPosition(probe);
    judge(probe);
  }

  private @Nullable Reorganisation onAncestor(Head head) {
    Reorganisation unlinked = agreement.onLink(head);
    tellAgreed();
    return unlinked;
  }

  /** Counts the votes anew; on a new chain head, everybody's position is told before it. */
  private void recount() {
    long before = quorum.agreed();
    long after = quorum.count(votes(), mayBeSeveral(), now());
    if (after == before) {
      return;
    }
    for (UpstreamProbe probe : List.copyOf(probes.values())) {
      long position = tellPosition(probe);
      if (position != Quantity.NONE && after - position >= HASTE_BLOCKS) {
        probe.hasten();
      }
    }
    listener.onChainHead(after);
    List.copyOf(probes.values()).forEach(this::judge);
  }

  private void tellAgreed() {
    agreement.tell(quorum.agreed(), probes.values());
    lookUpHash();
  }

  /** Heads seen in traffic have no hash; so somebody is asked for the newest block now and then. */
  private void lookUpHash() {
    long now = now();
    boolean isDue = now - hashAskedAtNanos >= policy.idleNanos();
    if (isStarted && isDue && agreement.lacksHash()) {
      hashAskedAtNanos = now;
      UpstreamProbe chosen = null;
      for (UpstreamProbe probe : probes.values()) {
        Head head = probe.facts().head();
        if (head != null && head.number() >= quorum.agreed() && probe.isLongerUnasked(chosen)) {
          chosen = probe;
        }
      }
      if (chosen != null) {
        chosen.hasten();
      }
    }
  }

  private List<HeadQuorum.Vote> votes() {
    List<HeadQuorum.Vote> votes = new ArrayList<>(probes.size());
    for (UpstreamProbe probe : probes.values()) {
      Head head = probe.facts().head();
      if (head != null && probe.facts().isVoter(now())) {
        votes.add(new HeadQuorum.Vote(probe.id(), probe.spec().domains(), head.number()));
      }
    }
    return votes;
  }

  private boolean mayBeSeveral() {
    return probes.values().stream().filter(probe -> !probe.facts().isWrongChain()).count() > 1;
  }

  private long tellPosition(UpstreamProbe probe) {
    long position = probe.facts().position(now(), quorum.agreed());
    Long told = position == Quantity.NONE ? null : positions.put(probe.id(), position);
    if (position != Quantity.NONE && (told == null || told != position)) {
      listener.onPosition(probe.id(), position);
    }
    return position;
  }

  /** Tells what an upstream is taken for if that changed; what was known once is not forgotten. */
  private void judge(UpstreamProbe probe) {
    Identity identity = probe.facts().identity(now(), quorum.agreed(), areAllLookedAt);
    if (identity != Identity.UNKNOWN && identities.put(probe.id(), identity) != identity) {
      listener.onIdentity(probe.id(), identity, probe.facts().describe());
    }
  }

  private void judgeAllOnceLookedAt() {
    if (!areAllLookedAt && probes.values().stream().allMatch(probe -> probe.facts().isLookedAt())) {
      areAllLookedAt = true;
      List.copyOf(probes.values()).forEach(this::judge);
    }
  }

  private long now() {
    return world.scheduler().nanoTime();
  }
}
