package io.fairlead.routing.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.routing.Upstreams;
import io.fairlead.routing.control.RoutingEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators hear when the chain replaces blocks. */
class ReorganisationsTest {
  private final List<RoutingEvent> events = new ArrayList<>();
  private final AtomicInteger slots = new AtomicInteger();
  private long now;
  private final ChainRouter router =
      new ChainRouter(
          new ChainIdentity("ethereum", slots::getAndIncrement),
          RoutingPolicy.DEFAULT,
          () -> now,
          new SplittableRandom(1),
          events::add);

  @BeforeEach
  void start() {
    router.setUpstreams(Upstreams.grid(3, 1), RoutingPolicy.DEFAULT);
    router.upstreams().forEach(u -> router.onIdentity(u.id(), Identity.VERIFIED));
    router.tick();
    events.clear();
  }

  private List<String> told() {
    router.tick();
    return events.stream()
        .filter(event -> event.kind() == Kind.REORGANISED)
        .map(RoutingEvent::reason)
        .toList();
  }

  @Test
  void itIsToldWithItsDepthAndBothBlocks() {
    router.onReorganised(100, 3, "0xaa", "0xbb");
    assertEquals(List.of("from block 100 on, 3 deep: 0xbb in place of 0xaa"), told());
    assertEquals("ethereum", events.get(0).subject());
    assertEquals(RoutingEvent.FAIRLEAD, events.get(0).author());
  }

  @Test
  void aStormIsToldOncePerRestWithWhatWasLeftOut() {
    router.onReorganised(100, 1, "0xa0", "0xb0");
    router.onReorganised(101, 4, "0xa1", "0xb1");
    now = Reorganisations.REST_NANOS - 1;
    router.onReorganised(102, 2, "0xa2", "0xb2");
    assertEquals(1, told().size());
    now = Reorganisations.REST_NANOS;
    router.onReorganised(103, 1, "0xa3", "0xb3");
    assertEquals(
        "from block 103 on, 1 deep: 0xb3 in place of 0xa3"
            + "; 2 more since the last event, up to 4 deep",
        told().get(1));
    now = 3 * Reorganisations.REST_NANOS;
    router.onReorganised(104, 1, "0xa4", "0xb4");
    assertEquals("from block 104 on, 1 deep: 0xb4 in place of 0xa4", told().get(2));
  }
}
