package io.fairlead.gateway.cli.admin;

import io.fairlead.admin.v1.Event;
import java.time.temporal.ChronoUnit;

/** An event as one line for people. */
final class EventText {
  private EventText() {}

  static String of(Event event) {
    String shares =
        event.getShareBefore() == event.getShareAfter()
            ? ""
            : " "
                + TextTable.percent(event.getShareBefore())
                + " -> "
                + TextTable.percent(event.getShareAfter());
    return TextTable.printable(
        ProtoJson.instant(event.getAt()).truncatedTo(ChronoUnit.MILLIS)
            + "  "
            + (event.getChain().isEmpty() ? "-" : event.getChain())
            + "  "
            + event.getKind()
            + " "
            + event.getSubject()
            + shares
            + " by "
            + event.getAuthor()
            + ": "
            + event.getReason());
  }
}
