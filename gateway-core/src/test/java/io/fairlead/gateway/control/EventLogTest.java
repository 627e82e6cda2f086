package io.fairlead.gateway.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.control.EventLog.Batch;
import io.fairlead.gateway.control.EventLog.Subscription;
import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.control.RoutingEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private final ManualScheduler time = new ManualScheduler();
  private final EventLog log = new EventLog(4, time);
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void eventsAreNumberedFromOneAndStamped() {
    time.advance(Duration.ofSeconds(3));
    StampedEvent first = append("ethereum", "a");
    assertEquals(1, first.sequence());
    assertEquals(ManualScheduler.START.plusSeconds(3), first.at());
    assertEquals(2, append("ethereum", "b").sequence());
  }

  @Test
  void theNewestAreGivenOldestFirst() {
    for (String subject : List.of("a", "b", "c", "d", "e", "f")) {
      append("ethereum", subject);
    }
    assertEquals(List.of("c", "d", "e", "f"), subjects(log.recent(100, "")));
    assertEquals(List.of("e", "f"), subjects(log.recent(2, "")));
    assertEquals(List.of(), subjects(log.recent(0, "")));
  }

  @Test
  void aChainSeesItsOwnEventsAndThoseOfTheGateway() {
    append("ethereum", "a");
    append("gnosis", "b");
    append("", "config");
    assertEquals(List.of("a", "config"), subjects(log.recent(10, "ethereum")));
    assertEquals(List.of("b", "config"), subjects(log.recent(2, "gnosis")));
  }

  @Test
  void aSubscriberSeesItsBacklogAndThenWhatComes() {
    append("ethereum", "old");
    append("ethereum", "past");
    try (Subscription subscription = log.subscribe("", 1, calls::incrementAndGet)) {
      assertEquals(List.of("past"), subjects(subscription.poll(10).events()));
      assertTrue(subscription.poll(10).isEmpty());
      append("ethereum", "new");
      assertEquals(1, calls.get());
      assertEquals(List.of("new"), subjects(subscription.poll(10).events()));
    }
    append("ethereum", "later");
    assertEquals(1, calls.get());
  }

  @Test
  void withoutABacklogOnlyWhatComesIsSeen() {
    append("ethereum", "old");
    try (Subscription subscription = log.subscribe("", 0, calls::incrementAndGet)) {
      assertTrue(subscription.poll(10).isEmpty());
    }
  }

  @Test
  void aSlowSubscriberLosesTheOldestAndIsToldHowMany() {
    try (Subscription subscription = log.subscribe("", 0, calls::incrementAndGet)) {
      for (String subject : List.of("a", "b", "c", "d", "e", "f")) {
        append("ethereum", subject);
      }
      Batch batch = subscription.poll(3);
      assertEquals(2, batch.missed());
      assertEquals(List.of("c", "d", "e"), subjects(batch.events()));
      assertEquals(new Batch(log.recent(1, ""), 0), subscription.poll(3));
    }
  }

  @Test
  void anEventOfAnotherChainIsPassedOver() {
    try (Subscription subscription = log.subscribe("gnosis", 0, calls::incrementAndGet)) {
      append("ethereum", "a");
      assertTrue(subscription.poll(1).isEmpty());
      append("ethereum", "b");
      append("gnosis", "c");
      assertEquals(List.of("c"), subjects(subscription.poll(1).events()));
    }
  }

  private StampedEvent append(String chain, String subject) {
    return log.append(new RoutingEvent(chain, Kind.EJECTED, subject, "5 of 5", "fairlead", 1, 0));
  }

  private static List<String> subjects(List<StampedEvent> events) {
    return events.stream().map(e -> e.event().subject()).toList();
  }
}
