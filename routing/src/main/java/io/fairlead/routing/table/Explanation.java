package io.fairlead.routing.table;

import io.fairlead.routing.table.ShareEntry.Factor;
import io.fairlead.routing.table.ShareEntry.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts the factors of a distribution into words, on demand only. */
final class Explanation {
  private final TableDraft draft;
  private final Distribution shares;
  private final double bestCost;

  Explanation(TableDraft draft, Distribution shares) {
    this.draft = draft;
    this.shares = shares;
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < shares.share.length; i++) {
      if (shares.share[i] > 0 && shares.costMillis[i] > 0) {
        best = Math.min(best, shares.costMillis[i]);
      }
    }
    bestCost = best;
  }

  ShareEntry entry(int i, boolean headSensitive) {
    List<Factor> factors = new ArrayList<>(5);
    factors.add(new Factor(Name.WEIGHT, draft.weights[i], draft.weightReasons[i]));
    factors.add(readiness(i, headSensitive));
    if (shares.share[i] > 0) {
      factors.add(new Factor(Name.PREFERENCE, shares.preference[i], preference(i)));
      if (shares.tierShare[i] < 1) {
        factors.add(new Factor(Name.TIER, shares.tierShare[i], tier(i)));
      }
      if (Math.abs(shares.capFactor[i] - 1) > 1e-9) {
        factors.add(new Factor(Name.CAP, shares.capFactor[i], cap(i)));
      }
    }
    return new ShareEntry(
        draft.topology.upstream(i), shares.share[i], shares.costMillis[i], factors);
  }

  private Factor readiness(int i, boolean headSensitive) {
    if (headSensitive && !draft.headReady[i] && draft.readiness[i] > 0) {
      return new Factor(Name.READINESS, 0, draft.status[i].reason());
    }
    if (shares.isPanic && shares.share[i] > 0) {
      return new Factor(
          Name.READINESS,
          draft.lastResort[i],
          "panic: nobody is healthy, the least suspect serve; " + draft.status[i].reason());
    }
    return new Factor(Name.READINESS, draft.readiness[i], draft.status[i].reason());
  }

  private String preference(int i) {
    if (draft.bias == 0) {
      return "bias 0: weights alone";
    }
    if (!(shares.costMillis[i] > 0)) {
      return "cost unknown: counted as the median";
    }
    return String.format(
        Locale.ROOT,
        "cost %.1f ms against the best %.1f ms, bias %s",
        shares.costMillis[i],
        bestCost,
        draft.bias);
  }

  private String tier(int i) {
    return String.format(
        Locale.ROOT,
        "tier %d carries %.0f %% of the class",
        draft.tierOf(i),
        100 * shares.tierShare[i]);
  }

  private String cap(int i) {
    if (shares.hasYielded) {
      return "caps of failure domains yield: nobody else could take the calls";
    }
    return shares.capFactor[i] < 1
        ? "a failure domain is at its maxShare"
        : "takes over from failure domains at their maxShare";
  }
}
