package io.fairlead.routing.control;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.evidence.ClassGroup;
import io.fairlead.routing.table.TableDraft;
import io.fairlead.routing.table.UpstreamStatus;
import io.fairlead.routing.table.UpstreamStatus.Administrative;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import io.fairlead.routing.table.UpstreamStatus.Health;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Drafts a table from what is known, with each upstream's status, and notices when a new one is
 * due.
 *
 * <p>What changes health, intent or freshness is due at once. Costs, timers and in-flight habits
 * move all the time; they are due when one of them moved by more than a twentieth (costs) or a
 * quarter (the others) since the last table, as is who is suspect.
 *
 * <p>Thread-safety: none; control loop only.
 */
final class Drafting {
  private static final double COST_STEP = 0.05;
  private static final double HABIT_STEP = 0.25;

  private final Fleet fleet;
  private final CostModel costs;
  private final double[][] builtCost;
  private final double[] builtHot;
  private final boolean[] builtSuspect;
  private final double[] builtQuota;

  Drafting(Fleet fleet, CostModel costs) {
    this.fleet = fleet;
    this.costs = costs;
    builtCost = new double[MethodClass.ALL.size()][fleet.size()];
    builtHot = new double[fleet.size()];
    builtSuspect = new boolean[fleet.size()];
    builtQuota = new double[fleet.size()];
  }

  /** Whether costs or habits moved far enough since the last draft. */
  boolean isDue(long nowNanos) {
    for (MethodClass c : MethodClass.ALL) {
      double[] now = costs.row(c);
      double[] built = builtCost[c.index()];
      for (int i = 0; i < now.length; i++) {
        if (isMoved(now[i], built[i], COST_STEP)) {
          return true;
        }
      }
    }
    for (int i = 0; i < builtHot.length; i++) {
      UpstreamState u = fleet.states.get(i);
      if (isRamping(fleet.readiness(i, nowNanos))
          || isRamping(fleet.heavyReadiness(i, nowNanos))
          || isMoved(hotAbove(u), builtHot[i], HABIT_STEP)
          || fleet.isSuspect(i) != builtSuspect[i]
          || builtQuota[i] != u.quota.ceilingPerSecond()) {
        return true;
      }
    }
    return false;
  }

  private static double hotAbove(UpstreamState u) {
    return Math.min(u.inFlight.hotAbove(), u.room.assumed());
  }

  private static boolean isRamping(double readiness) {
    return readiness > 0 && readiness < 1;
  }

  private static boolean isMoved(double now, double built, double step) {
    if (Double.isNaN(now) || Double.isNaN(built)) {
      return Double.isNaN(now) != Double.isNaN(built);
    }
    return Math.abs(now - built) > step * Math.abs(built);
  }

  TableDraft draft(String chain, RoutingPolicy policy, long chainHead, long nowNanos) {
    TableDraft draft =
        new TableDraft(chain, fleet.topology)
            .withBias(policy.bias())
            .withMaxShare(policy.maxShare())
            .withHead(chainHead < 0 ? OptionalLong.empty() : OptionalLong.of(chainHead));
    double load = 0;
    for (int i = 0; i < fleet.size(); i++) {
      UpstreamState u = fleet.states.get(i);
      draft.setWeight(i, u.weight(), u.weightReason);
      double readiness = u.isEligible() ? fleet.readiness(i, nowNanos) : 0;
      draft.setReadiness(i, readiness, u.isEligible() ? lastResort(u, readiness, nowNanos) : 0);
      draft.setHeadReady(i, isHeadReady(u, chainHead));
      draft.setHotAbove(i, u.inFlight.hotAbove(), u.room.assumed() - 1);
      draft.setHeavyAbove(i, u.room.mostHeavy() - 1);
      draft.setReserve(i, u.isEligible() && isReserve(i, nowNanos));
      draft.setCapacity(i, u.room.limit(), u.quota.ceilingPerSecond());
      draft.setStatus(i, status(i, chainHead, nowNanos));
      builtSuspect[i] = fleet.isSuspect(i);
      builtHot[i] = hotAbove(u);
      builtQuota[i] = u.quota.ceilingPerSecond();
      load += u.inFlight.mean();
    }
    draft.withLoadInFlight(load);
    costs.fill(draft, policy);
    for (MethodClass c : MethodClass.ALL) {
      if (ClassGroup.HEAVY.has(c)) {
        setHeavyReadiness(draft.numbers(c), nowNanos);
      }
      draft.setRate(c, fleet.perSecond(c, nowNanos));
      System.arraycopy(costs.row(c), 0, builtCost[c.index()], 0, fleet.size());
    }
    return draft;
  }

  private void setHeavyReadiness(TableDraft.ClassNumbers numbers, long nowNanos) {
    for (int i = 0; i < fleet.size(); i++) {
      numbers.setReadiness(i, fleet.heavyReadiness(i, nowNanos));
    }
  }

  private boolean isReserve(int i, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    boolean isHeld =
        u.account.isHolding(nowNanos) || u.limit.isHolding(nowNanos) || u.lies.isHolding(nowNanos);
    return !isHeld && fleet.isReserve(i, nowNanos);
  }

  /** In panic the least suspect serve most: by how often they still succeed, squared. */
  private static double lastResort(UpstreamState u, double readiness, long nowNanos) {
    if (readiness > 0) {
      return 1;
    }
    if (u.account.isHolding(nowNanos) || u.lies.isHolding(nowNanos)) {
      return 0.01;
    }
    double success = Math.max(0.05, u.overall.success(0.5, 5));
    return success * success;
  }

  private static boolean isHeadReady(UpstreamState u, long chainHead) {
    return chainHead < 0 || (u.headBlocks >= 0 && !u.isLagging);
  }

  private UpstreamStatus status(int i, long chainHead, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    Administrative administrative =
        u.isDrained()
            ? Administrative.DRAINING
            : u.weight() == 0 ? Administrative.DISABLED : Administrative.ACTIVE;
    OptionalLong head = u.headBlocks < 0 ? OptionalLong.empty() : OptionalLong.of(u.headBlocks);
    return new UpstreamStatus(
        administrative, health(i, nowNanos), freshness(u), head, reason(i, chainHead, nowNanos));
  }

  private Health health(int i, long nowNanos) {
    if (fleet.isOut(i) || fleet.states.get(i).lies.isHolding(nowNanos)) {
      return Health.EJECTED;
    }
    if (fleet.isReturning(i)) {
      return Health.RETURNING;
    }
    return fleet.isSuspect(i) || fleet.readiness(i, nowNanos) < 1 ? Health.SUSPECT : Health.HEALTHY;
  }

  private static Freshness freshness(UpstreamState u) {
    return switch (u.identity) {
      case WRONG_CHAIN -> Freshness.WRONG_CHAIN;
      case SYNCING -> Freshness.SYNCING;
      case UNKNOWN -> Freshness.UNKNOWN;
      case VERIFIED ->
          u.headBlocks < 0
              ? Freshness.UNKNOWN
              : u.isLagging ? Freshness.LAGGING : Freshness.CURRENT;
    };
  }

  private String reason(int i, long chainHead, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    if (u.isDrained()) {
      return u.drainReason;
    }
    if (u.identity != Identity.VERIFIED) {
      return switch (u.identity) {
        case WRONG_CHAIN -> "it serves another chain";
        case SYNCING -> "it is still syncing";
        default -> "its chain is not verified yet";
      };
    }
    if (u.weight() == 0) {
      return "its weight is 0 (" + u.weightReason + ")";
    }
    String trouble = trouble(i, nowNanos);
    if (!trouble.isEmpty()) {
      return trouble;
    }
    if (u.isLagging) {
      return (chainHead - u.headBlocks) + " blocks behind: no head-sensitive calls";
    }
    return chainHead >= 0 && u.headBlocks < 0
        ? "its head is not known yet: no head-sensitive calls"
        : "serving";
  }

  private String trouble(int i, long nowNanos) {
    UpstreamState u = fleet.states.get(i);
    DomainState domain = fleet.worstDomain(i, nowNanos);
    if (domain != null) {
      return describe(domain.domain.toString(), domain.recovery, domain.limit, nowNanos);
    }
    if (u.account.isHolding(nowNanos)) {
      return "its credential or plan is refused" + seconds(u.account.leftNanos(nowNanos));
    }
    if (u.lies.isHolding(nowNanos)) {
      return "it is out for a lie" + seconds(u.lies.leftNanos(nowNanos));
    }
    boolean isWhole =
        u.recovery.readiness(nowNanos) >= 1
            && u.limit.readiness(nowNanos) >= 1
            && u.account.readiness(nowNanos) >= 1;
    if (isWhole && u.lies.readiness(nowNanos) < 1) {
      return comingBack("it", u.lies.readiness(nowNanos));
    }
    return isWhole ? "" : describe("it", u.recovery, u.limit, nowNanos);
  }

  private static String describe(String who, Recovery recovery, HoldOff limit, long nowNanos) {
    if (recovery.isOut()) {
      return who
          + " is out on evidence"
          + seconds(recovery.sinceNanos() + recovery.holdNanos() - nowNanos);
    }
    if (limit.isHolding(nowNanos)) {
      return who + " is held off for a rate limit" + seconds(limit.leftNanos(nowNanos));
    }
    double readiness = Math.min(recovery.readiness(nowNanos), limit.readiness(nowNanos));
    return comingBack(who, readiness);
  }

  private static String comingBack(String who, double readiness) {
    return String.format(Locale.ROOT, "%s is coming back: %.0f %%", who, 100 * readiness);
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, ", %.1f s to go", Math.max(0, nanos) / 1e9);
  }
}
