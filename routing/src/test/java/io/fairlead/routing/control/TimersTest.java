package io.fairlead.routing.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.evidence.Interval;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class TimersTest {
  private static final long MILLI = 1_000_000L;
  private static final long NOW = 1000 * MILLI;

  private final List<Upstream> upstreams = Upstreams.of(Upstreams.grid(2, 1));
  private final Timers timers = new Timers();

  private double hedgeMillis(MethodClass c, double usualMillis, double slowness) {
    Histogram histogram = new Histogram(3);
    histogram.recordValueWithCount((long) (1000 * usualMillis), 100);
    UpstreamState known = new UpstreamState(upstreams.get(0));
    timers.onSamples(known, c, new Interval().read(histogram), NOW);
    timers.refresh();
    UpstreamState slow = new UpstreamState(upstreams.get(1));
    return timers.hedgeNanos(slow, c, Math.log(slowness), RoutingPolicy.DEFAULT) / 1e6;
  }

  @Test
  void heavyCallsAreHedgedByTheirClassHoweverSlowTheUpstreamIs() {
    assertEquals(1400, hedgeMillis(MethodClass.TRACE, 700, 10), 150);
    assertEquals(700, hedgeMillis(MethodClass.TRACE, 700, 1), 80, "sooner if it is not slow");
  }

  @Test
  void lightCallsGetAsMuchLongerAsTheirUpstreamIsSlower() {
    assertEquals(200, hedgeMillis(MethodClass.LIGHT, 20, 10), 25);
  }
}
