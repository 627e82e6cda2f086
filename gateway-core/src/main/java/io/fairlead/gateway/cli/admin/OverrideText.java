package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.Override;
import java.io.PrintWriter;
import java.util.List;

/** Overrides as text for people. */
final class OverrideText {
  private OverrideText() {}

  static void print(List<Override> overrides, PrintWriter out) {
    TextTable text =
        new TextTable("ID", "WHAT", "TARGET", "CHAIN", "AUTHOR", "SINCE", "UNTIL", "REASON");
    for (Override override : overrides) {
      text.add(
          override.getId(),
          what(override),
          override.getTarget(),
          override.getChain().isEmpty() ? "all" : override.getChain(),
          override.getAuthor(),
          ProtoJson.instant(override.getCreatedAt()).toString(),
          until(override),
          override.getReason());
    }
    text.print(out);
  }

  static String what(Override override) {
    return override.getKind() == Override.Kind.WEIGHT ? "weight " + override.getWeight() : "drain";
  }

  static String until(Override override) {
    return override.hasExpiresAt()
        ? ProtoJson.instant(override.getExpiresAt()).toString()
        : "restored";
  }
}
