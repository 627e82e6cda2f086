package io.fairlead.gateway.admin;

import io.fairlead.admin.v1.Event;
import io.fairlead.admin.v1.WatchEventsResponse;
import io.fairlead.gateway.control.EventLog;
import io.fairlead.gateway.control.StampedEvent;
import io.fairlead.routing.control.RoutingEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as messages. */
final class EventMessages {
  private static final int EVENTS_PER_MESSAGE = 100;

  private EventMessages() {}

  static List<Event> of(List<StampedEvent> events) {
    return events.stream().map(EventMessages::of).toList();
  }

  /** The next events of a subscription; null if there are none. */
  static @Nullable WatchEventsResponse next(EventLog.Subscription subscription) {
    EventLog.Batch batch = subscription.poll(EVENTS_PER_MESSAGE);
    return batch.isEmpty()
        ? null
        : WatchEventsResponse.newBuilder()
            .addAllEvents(of(batch.events()))
            .setMissed(batch.missed())
            .build();
  }

  private static Event of(StampedEvent stamped) {
    RoutingEvent event = stamped.event();
    return Event.newBuilder()
        .setSequence(stamped.sequence())
        .setAt(OverrideMessages.toTimestamp(stamped.at()))
        .setChain(event.chain())
        .setKind(event.kind().label())
        .setSubject(event.subject())
        .setReason(event.reason())
        .setAuthor(event.author())
        .setShareBefore(event.shareBefore())
        .setShareAfter(event.shareAfter())
        .build();
  }
}
