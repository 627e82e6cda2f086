package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.Change;
import io.fairlead.admin.v1.Override;
import java.io.PrintWriter;

/** What a change did, as text for people. */
final class ChangeText {
  private ChangeText() {}

  /** One line of what holds now, a line for each override that no longer does, and the rest. */
  static void print(String done, Change change, PrintWriter out) {
    String until = change.hasOverride() ? " until " + OverrideText.until(change.getOverride()) : "";
    out.println(done + until + ": " + upstreams(change));
    for (Override removed : change.getRemovedList()) {
      out.println(
          "no longer "
              + OverrideText.what(removed)
              + (removed.getChain().isEmpty() ? "" : " on " + removed.getChain())
              + " by "
              + TextTable.printable(removed.getAuthor())
              + " of "
              + ProtoJson.instant(removed.getCreatedAt()));
    }
    change.getWarningsList().forEach(warning -> out.println("warning: " + warning));
  }

  private static String upstreams(Change change) {
    return change.getUpstreamsCount() == 0
        ? "no upstream at present"
        : String.join(", ", change.getUpstreamsList());
  }
}
