package io.fairlead.routing.table;

import io.fairlead.routing.table.Derivation.Base;
import io.fairlead.routing.table.Derivation.Preference;
import io.fairlead.routing.table.ShareEntry.Factor;
import io.fairlead.routing.table.ShareEntry.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts the factors of a distribution into numbers and words, on demand only. */
final class Explanation {
  private static final double VISIBLE = 1e-9;

  private final TableDraft draft;
  private final Distribution shares;
  private final TableDraft.ClassNumbers numbers;
  private final boolean headSensitive;

  Explanation(
      TableDraft draft,
      Distribution shares,
      TableDraft.ClassNumbers numbers,
      boolean headSensitive) {
    this.draft = draft;
    this.shares = shares;
    this.numbers = numbers;
    this.headSensitive = headSensitive;
  }

  ShareExplanation whole(int i) {
    Optional<CostParts> cost = Optional.ofNullable(numbers.costParts[i]);
    return new ShareExplanation(entry(i), derivation(i), cost);
  }

  ShareEntry entry(int i) {
    List<Factor> factors = new ArrayList<>(7);
    factors.add(new Factor(Name.WEIGHT, draft.weights[i], draft.weightReasons[i]));
    factors.add(readiness(i));
    Optional<Derivation> derivation = derivation(i);
    if (derivation.isPresent()) {
      addParts(i, derivation.get(), factors);
    } else if (isReady(i)) {
      factors.add(new Factor(Name.TIER, 0, notNeeded(i)));
    }
    return new ShareEntry(
        draft.topology.upstream(i), shares.share[i], shares.costMillis[i], factors);
  }

  private Optional<Derivation> derivation(int i) {
    TierSums sums = shares.sums[i];
    if (sums == null || !(shares.tierShare[i] > 0)) {
      return Optional.empty();
    }
    Base base = sums.base(draft.weights[i], shares.costMillis[i], draft.bias, Shares.TRICKLE);
    return Optional.of(
        new Derivation(base, shares.readinessFactor[i], shares.tierShare[i], shares.capFactor[i]));
  }

  private void addParts(int i, Derivation made, List<Factor> factors) {
    Base base = made.base();
    factors.add(
        new Factor(Name.PREFERENCE, base.preference().value(), preference(i, base.preference())));
    factors.add(
        new Factor(
            Name.TRICKLE,
            base.trickle() * base.weight() / base.sumWeight(),
            String.format(Locale.ROOT, "%.1f %% follow the weights alone", 100 * base.trickle())));
    if (ready(i) >= 1 && !shares.isPanic && made.readinessFactor() < 1 - VISIBLE) {
      factors.add(
          new Factor(
              Name.TAKEOVER, made.readinessFactor(), "what those on the way back leave over"));
    }
    if (made.tierFactor() < 1 - VISIBLE) {
      factors.add(new Factor(Name.TIER, made.tierFactor(), tier(i)));
    }
    if (Math.abs(made.capFactor() - 1) > VISIBLE) {
      factors.add(new Factor(Name.CAP, made.capFactor(), cap(i)));
    }
  }

  private boolean isReady(int i) {
    return draft.weights[i] > 0 && ready(i) > 0 && (!headSensitive || draft.headReady[i]);
  }

  private Factor readiness(int i) {
    if (headSensitive && !draft.headReady[i] && ready(i) > 0) {
      return new Factor(Name.READINESS, 0, draft.status[i].reason());
    }
    if (shares.isPanic && shares.share[i] > 0) {
      return new Factor(
          Name.READINESS,
          draft.lastResort[i],
          "panic: nobody is healthy, the least suspect serve; " + draft.status[i].reason());
    }
    String reason =
        numbers.readiness[i] < 1 && draft.readiness[i] == 1
            ? "evidence from heavy calls speaks against it for those"
            : draft.status[i].reason();
    return new Factor(Name.READINESS, ready(i), reason);
  }

  private double ready(int i) {
    return draft.readiness[i] * numbers.readiness[i];
  }

  private String preference(int i, Preference preference) {
    if (draft.bias == 0) {
      return "bias 0: weights alone";
    }
    if (!(shares.costMillis[i] > 0)) {
      return "cost unknown: counted as the median";
    }
    return String.format(
        Locale.ROOT,
        "cost %.1f ms against the best %.1f ms, bias %s",
        preference.costMillis(),
        preference.bestMillis(),
        preference.bias());
  }

  private String tier(int i) {
    return String.format(
        Locale.ROOT,
        "tier %d carries %.0f %% of the class",
        draft.tierOf(i),
        100 * shares.tierShare[i]);
  }

  private String notNeeded(int i) {
    return "tier " + draft.tierOf(i) + " is not needed: lower tiers carry the class";
  }

  private String cap(int i) {
    if (shares.hasYielded) {
      return "caps of failure domains yield: nobody else could take the calls";
    }
    if (shares.isOverloaded) {
      return "limits and quotas yield: nobody has room for all of the calls";
    }
    if (shares.capFactor[i] > 1) {
      return "takes over from who is at a maxShare, a limit or a quota";
    }
    return shares.isCapped[i]
        ? "a failure domain is at its maxShare"
        : "it carries no more: " + limit(i) + ", " + quota(i);
  }

  private String limit(int i) {
    int limit = draft.limit[i];
    return limit == Integer.MAX_VALUE
        ? "no limit known"
        : "calls wait beyond " + limit + " at once";
  }

  private String quota(int i) {
    double quota = draft.quota[i];
    return quota == Double.POSITIVE_INFINITY
        ? "no quota known"
        : String.format(Locale.ROOT, "429 beyond %.1f a second", quota);
  }
}
