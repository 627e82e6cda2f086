package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.Cost;
import io.fairlead.admin.v1.Derivation;
import io.fairlead.admin.v1.Gap;
import io.fairlead.admin.v1.ShareExplanation;
import io.fairlead.admin.v1.UpstreamExplanation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Why an upstream has its share, as text for people. */
final class ExplainText {
  private final String methodClass;
  private final PrintWriter out;

  ExplainText(String methodClass, PrintWriter out) {
    this.methodClass = methodClass;
    this.out = out;
  }

  void print(List<UpstreamExplanation> explanations) {
    String separator = "";
    for (UpstreamExplanation explanation : explanations) {
      out.print(separator);
      print(explanation);
      separator = System.lineSeparator();
    }
  }

  private void print(UpstreamExplanation explanation) {
    out.println(
        explanation.getChain()
            + "  version "
            + explanation.getVersion()
            + "  "
            + explanation.getUpstream().getId()
            + ": "
            + TextTable.printable(explanation.getUpstream().getReason())
            + (explanation.getPanic() ? "  PANIC" : "")
            + (explanation.getCapsYielded() ? "  maxShare yields" : ""));
    ShareExplanation any = find(explanation, false);
    ShareExplanation head = find(explanation, true);
    print(any, "");
    if (!any.getFactorsList().equals(head.getFactorsList()) || any.getShare() != head.getShare()) {
      print(head, " at the head");
    }
    if (any.hasCost()) {
      print(any.getCost());
    }
    explanation.getGapsList().forEach(gap -> out.println("  " + text(gap)));
    explanation.getEventsList().forEach(event -> out.println("  " + EventText.of(event)));
  }

  private static String text(Gap gap) {
    String left = ", believed for " + TextTable.minutes(gap.getLeftSeconds());
    if (gap.hasMethod()) {
      return "lacks method " + TextTable.printable(gap.getMethod()) + left;
    }
    String before = gap.hasOldestBlock() ? " before block " + gap.getOldestBlock() : "";
    return "lacks " + gap.getData() + before + left;
  }

  private ShareExplanation find(UpstreamExplanation explanation, boolean headSensitive) {
    return explanation.getSharesList().stream()
        .filter(s -> s.getMethodClass().equals(methodClass))
        .filter(s -> s.getHeadSensitive() == headSensitive)
        .findFirst()
        .orElse(ShareExplanation.getDefaultInstance());
  }

  private void print(ShareExplanation share, String which) {
    out.println("  " + methodClass + which + "  " + TextTable.percent(share.getShare()));
    share
        .getFactorsList()
        .forEach(
            f ->
                line(
                    "    %-10s  %10.4f  %s",
                    f.getName(), f.getValue(), TextTable.printable(f.getReason())));
    if (share.hasDerivation()) {
      Derivation d = share.getDerivation();
      line(
          "    base  %.6f = (1 - %s) x %.0f x %.6f / %.4f + %s x %.0f / %.0f",
          base(d),
          d.getTrickle(),
          d.getWeight(),
          d.getPreference(),
          d.getSumPreferred(),
          d.getTrickle(),
          d.getWeight(),
          d.getSumWeight());
      line(
          "    share %.6f = base x readiness %.4f x tier %.4f x cap %.4f",
          share.getShare(), d.getReadinessFactor(), d.getTierFactor(), d.getCapFactor());
    }
  }

  private static double base(Derivation d) {
    double preferred = d.getWeight() * d.getPreference() / d.getSumPreferred();
    return (1 - d.getTrickle()) * preferred + d.getTrickle() * d.getWeight() / d.getSumWeight();
  }

  private void print(Cost cost) {
    double service = Math.exp(cost.getLogSlowness()) * cost.getBaselineMillis();
    line(
        "  cost  %.2f ms = rtt %.2f + service %.2f + failures %.2f",
        cost.getTotalMillis(),
        cost.getRttMillis(),
        service,
        cost.getTotalMillis() - cost.getRttMillis() - service);
    line(
        "    service   baseline %.2f ms x slowness %.3f",
        cost.getBaselineMillis(), Math.exp(cost.getLogSlowness()));
    line(
        "    failures  (1 - %.4f) / %.4f x (%.2f ms until they show + %.2f ms elsewhere)",
        cost.getSuccess(),
        Math.max(0.02, cost.getSuccess()),
        cost.getFailureMillis(),
        cost.getAlternativeMillis());
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
