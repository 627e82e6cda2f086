package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.Factor;
import io.fairlead.admin.v1.Override;
import io.fairlead.admin.v1.RoutingTable;
import io.fairlead.admin.v1.Share;
import io.fairlead.admin.v1.Upstream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Routing tables as text for people. */
final class RoutesText {
  private static final String SERVING = "serving";

  private final String methodClass;
  private final boolean why;

  RoutesText(String methodClass, boolean why) {
    this.methodClass = methodClass;
    this.why = why;
  }

  void print(List<RoutingTable> tables, List<Override> overrides, PrintWriter out) {
    String separator = "";
    for (RoutingTable table : tables) {
      out.print(separator);
      print(table, out);
      separator = System.lineSeparator();
    }
    if (!overrides.isEmpty()) {
      out.println();
      out.println("overrides");
      OverrideText.print(overrides, out);
    }
  }

  private void print(RoutingTable table, PrintWriter out) {
    out.print(table.getChain() + "  version " + table.getVersion());
    out.print(table.hasHeadBlock() ? "  head " + table.getHeadBlock() : "  head unknown");
    out.print(table.getUsable() ? "" : "  NOTHING CAN SERVE");
    out.print(table.getPanic() ? "  PANIC: nobody healthy is left, the least suspect serve" : "");
    out.println(table.getCapsYielded() ? "  maxShare yields: nobody else can serve" : "");
    TextTable text =
        new TextTable(
            "UPSTREAM",
            "CLOUD",
            "REGION",
            ">TIER",
            ">WEIGHT",
            ">SHARE",
            "OPERATOR",
            "HEALTH",
            "FRESHNESS",
            ">LAG",
            ">IN FLIGHT",
            "REASON");
    table.getUpstreamsList().forEach(upstream -> add(upstream, text));
    text.print(out);
    if (why) {
      table.getUpstreamsList().forEach(upstream -> printFactors(upstream, out));
    }
  }

  private void add(Upstream upstream, TextTable text) {
    text.add(
        upstream.getId(),
        upstream.getCloud(),
        upstream.getRegion(),
        String.valueOf(upstream.getTier()),
        weight(upstream),
        TextTable.percent(share(upstream).getShare()),
        word(upstream.getAdministrative()),
        word(upstream.getHealth()),
        word(upstream.getFreshness()),
        upstream.hasLagBlocks() ? String.valueOf(upstream.getLagBlocks()) : "-",
        String.valueOf(upstream.getInFlight()),
        upstream.getReason().equals(SERVING) ? "" : upstream.getReason());
  }

  private void printFactors(Upstream upstream, PrintWriter out) {
    Share share = share(upstream);
    out.println();
    out.print(upstream.getId() + "  " + methodClass + " " + TextTable.percent(share.getShare()));
    out.print("  at the head " + TextTable.percent(share.getHeadSensitiveShare()));
    out.println(
        share.hasCostMillis()
            ? String.format(Locale.ROOT, "  cost %.1f ms", share.getCostMillis())
            : "");
    for (Factor factor : share.getFactorsList()) {
      out.println(
          String.format(
              Locale.ROOT,
              "  %-10s  %8.3f  %s",
              factor.getName(),
              factor.getValue(),
              TextTable.printable(factor.getReason())));
    }
  }

  private Share share(Upstream upstream) {
    return upstream.getSharesList().stream()
        .filter(share -> share.getMethodClass().equals(methodClass))
        .findFirst()
        .orElse(Share.getDefaultInstance());
  }

  private static String weight(Upstream upstream) {
    int effective = upstream.getEffectiveWeight();
    int configured = upstream.getConfiguredWeight();
    return effective == configured ? "" + effective : effective + " (was " + configured + ")";
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
