package io.fairlead.probes;

import io.fairlead.routing.control.Identity;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one upstream.
 *
 * <p>Units: times are nanoseconds of the scheduler's clock.
 */
final class UpstreamFacts {
  /**
   * Blocks by which a node at height 0 may be behind before it is taken for one that has not begun
   * to load the chain.
   */
  private static final long START_BLOCKS = 3;

  private final long expectedChainId;
  private final ProbePolicy policy;
  private long chainId = Quantity.NONE;
  private boolean isSyncStateAsked;
  private SyncState syncState = SyncState.UNKNOWN;
  private boolean isHeadAsked;
  private @Nullable Head head;
  private long headAtNanos;
  private boolean isBranchSeen;
  private long branchAtNanos;
  private long safe = Quantity.NONE;
  private long finalized = Quantity.NONE;

  UpstreamFacts(EvmExpectation expectation, ProbePolicy policy) {
    this.expectedChainId = expectation.chainId();
    this.policy = policy;
  }

  void onChainId(long answered) {
    chainId = answered;
  }

  /** The question has been answered or has failed; what is not known then stays unknown. */
  void onSyncState(@Nullable SyncState answered) {
    isSyncStateAsked = true;
    if (answered != null) {
      syncState = answered;
    }
  }

  void onHeadUnanswered() {
    isHeadAsked = true;
  }

  void onHead(Head seen, long nowNanos) {
    isHeadAsked = true;
    head = seen;
    headAtNanos = nowNanos;
    if (seen.hasHash()) {
      isBranchSeen = true;
      branchAtNanos = nowNanos;
    }
  }

  /** It told which block a tag names. */
  void onTagged(Question question, long number) {
    if (question == Question.SAFE) {
      safe = number;
    } else {
      finalized = number;
    }
  }

  /** The newest block that it called safe, or {@link Quantity#NONE}. */
  long safe() {
    return safe;
  }

  /** The newest block that it called final, or {@link Quantity#NONE}. */
  long finalized() {
    return finalized;
  }

  @Nullable Head head() {
    return head;
  }

  long headAgeNanos(long nowNanos) {
    return head == null ? Long.MAX_VALUE : nowNanos - headAtNanos;
  }

  /** The time since its head was last seen with a hash, which tells the branch that it is on. */
  long branchAgeNanos(long nowNanos) {
    return isBranchSeen ? nowNanos - branchAtNanos : Long.MAX_VALUE;
  }

  SyncState syncState() {
    return syncState;
  }

  boolean isWrongChain() {
    return chainId != Quantity.NONE && chainId != expectedChainId;
  }

  /** Every question has been put once and has been answered or has failed. */
  boolean isLookedAt() {
    return isWrongChain() || (isSyncStateAsked && isHeadAsked);
  }

  /** Its head may count for the chain's head: right chain, in sync, seen not long ago. */
  boolean isVoter(long nowNanos) {
    return chainId == expectedChainId
        && syncState != SyncState.SYNCING
        && headAgeNanos(nowNanos) <= 3 * policy.idleNanos() + policy.timeoutNanos();
  }

  /**
   * The height from which lag is reckoned: the head seen, and what the chain makes since then, but
   * not beyond the chain's head and not for longer than two polls take.
   */
  long position(long nowNanos, long chainHead) {
    if (head == null) {
      return Quantity.NONE;
    }
    long credited = Math.min(nowNanos - headAtNanos, 2 * policy.idleNanos());
    long number = head.number();
    return Math.max(number, Math.min(chainHead, number + credited / policy.blockTimeNanos()));
  }

  Identity identity(long nowNanos, long chainHead, boolean areAllLookedAt) {
    if (isWrongChain()) {
      return Identity.WRONG_CHAIN;
    }
    if (chainId == Quantity.NONE || !isLookedAt()) {
      return Identity.UNKNOWN;
    }
    if (syncState == SyncState.SYNCING) {
      return Identity.SYNCING;
    }
    if (head == null || head.number() > 0) {
      return Identity.VERIFIED;
    }
    return areAllLookedAt ? identityAtZero(nowNanos, chainHead) : Identity.UNKNOWN;
  }

  private Identity identityAtZero(long nowNanos, long chainHead) {
    return chainHead - position(nowNanos, chainHead) > START_BLOCKS
        ? Identity.SYNCING
        : Identity.VERIFIED;
  }

  String describe() {
    if (isWrongChain()) {
      return "eth_chainId: " + chainId + " (expected: " + expectedChainId + ")";
    }
    String height = head == null ? "unknown" : Long.toString(head.number());
    return "eth_chainId: "
        + (chainId == Quantity.NONE ? "unknown" : chainId)
        + ", eth_syncing: "
        + syncState
        + ", height: "
        + height;
  }
}
