package io.fairlead.gateway.call;

import io.fairlead.gateway.jsonrpc.method.MethodSpec;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.table.RoutingTable;

/**
 * What is done about an attempt that takes long, at each look of the {@link Sweeper}.
 *
 * <p>In the order of severity: an attempt that is overdue is evidence of silence; one whose
 * upstream has been ejected meanwhile is rescued, since waiting for it has become pointless; one
 * that is beyond any reasonable time is given up; one that is slower than most gets a hedge beside
 * it. Only evidence is given for calls that may not be repeated.
 *
 * <p>Thread-safety: confined to the call's event loop.
 */
final class Haste {
  private final Call call;
  private final ChainRuntime chain;
  private final ChainLane lane;
  private final MethodSpec spec;
  private final Attempts attempts;
  private boolean hedged;
  private boolean rescued;

  Haste(Call call, Attempts attempts, ChainLane lane) {
    this.call = call;
    this.chain = call.chain();
    this.spec = call.message().spec();
    this.attempts = attempts;
    this.lane = lane;
  }

  /** Whether a rescue was made, which the bound on attempts does not count. */
  boolean isRescued() {
    return rescued;
  }

  void look(Attempt attempt, long ageNanos) {
    MethodClass methodClass = spec.methodClass();
    Upstream upstream = attempt.upstream();
    RoutingTable table = chain.table();
    if (ageNanos >= table.overdueAfterNanos(upstream, methodClass) && attempt.tryMarkOverdue()) {
      lane.evidence().onOverdue(upstream, methodClass, ageNanos);
    }
    if (!spec.isRepeatable()) {
      return;
    }
    if (table.isEjected(upstream) && !rescued) {
      tryRescue(table);
    } else if (ageNanos >= table.attemptTimeoutNanos(upstream, methodClass)) {
      giveUpOn(attempt);
    } else if (ageNanos >= table.hedgeAfterNanos(upstream, methodClass)) {
      tryHedge();
    }
  }

  /** Another upstream gets the call at once; whichever answers first wins. */
  private void tryRescue(RoutingTable table) {
    if (attempts.areAllEjected(table)) {
      rescued = attempts.tryLaunch(AttemptKind.RESCUE);
      if (rescued) {
        chain.metrics().onRescue();
      }
    }
  }

  private void giveUpOn(Attempt attempt) {
    if (attempts.inFlight() > 1) {
      attempts.timeOut(attempt);
    } else if (attempts.made() < chain.policy().maxAttempts()) {
      attempts.timeOut(attempt);
      call.onNoAnswer(attempt.upstream());
    }
  }

  private void tryHedge() {
    boolean worthwhile =
        chain.policy().hedges()
            && !hedged
            && spec.methodClass() != MethodClass.WRITE
            && attempts.inFlight() == 1
            && attempts.made() < chain.policy().maxAttempts();
    if (worthwhile && lane.hedges().tryWithdraw()) {
      hedged = true;
      if (attempts.tryLaunch(AttemptKind.HEDGE)) {
        chain.metrics().onHedge();
      }
    }
  }
}
