package io.fairlead.probes;

import org.jspecify.annotations.Nullable;

/**
 * Finds how deep a reorganisation goes: asks the upstream that told of it for one header after the
 * other, downwards, until it links to what is known.
 *
 * <p>Without it, heights that nobody probed between two heads would keep the hashes of the branch
 * that was left. One search at a time; it costs a call for each block that was replaced and not
 * seen, at most {@link BranchVote#HEIGHTS}, out of the upstream's probe budget.
 *
 * <p>Thread-safety: none; the control thread.
 */
final class AncestorSearch {
  /** Calls that only others may spend. */
  private static final int RESERVE = 3;

  private final ProbePolicy policy;
  private final ProbeEnvironment world;
  private final Listener listener;
  private @Nullable OneCall open;
  private boolean isAsking;
  private int left;

  /** Hears of the headers. */
  @FunctionalInterface
  interface Listener {
    /**
     * A header was found.
     *
     * @param head the block
     * @return the lowest block that was replaced if its parent must be asked for, too
     */
    @Nullable Reorganisation onFound(Head head);
  }

  AncestorSearch(ProbePolicy policy, ProbeEnvironment world, Listener listener) {
    this.policy = policy;
    this.world = world;
    this.listener = listener;
  }

  /** Begins, unless one is under way; the next head of anybody begins it again if need be. */
  void begin(String id, Reorganisation lowest) {
    if (!isAsking) {
      left = BranchVote.HEIGHTS;
      ask(id, lowest);
    }
  }

  private void ask(String id, Reorganisation lowest) {
    ProbeBudget budget = world.ledger().budget(id, policy, world.scheduler());
    if (left <= 0 || !budget.tryTake(RESERVE)) {
      return;
    }
    left--;
    isAsking = true;
    String params = "[\"" + lowest.newHash() + "\",false]";
    open =
        OneCall.send(
            world,
            id,
            OneCall.body("eth_getBlockByHash", params),
            policy.timeoutNanos(),
            (status, body) -> onEnd(id, lowest, Verdict.of(status, body)));
  }

  private void onEnd(String id, Reorganisation lowest, Verdict verdict) {
    isAsking = false;
    Answer.Result block = verdict.isSuccess() ? verdict.result() : null;
    Head head = block == null ? null : UpstreamLessons.toHead(block);
    boolean isIt =
        head != null
            && head.number() == lowest.number()
            && head.hash().equalsIgnoreCase(lowest.newHash())
            && !head.parentHash().isEmpty();
    if (head != null && isIt) {
      Reorganisation next = listener.onFound(head);
      if (next != null) {
        ask(id, next);
      }
    }
  }

  /** Ends; nothing is heard any more. */
  void close() {
    if (open != null) {
      open.cancel();
    }
  }
}
