package io.fairlead.routing.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.Upstreams;
import io.fairlead.routing.table.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BaselineTest {
  private static double elsewhere(List<UpstreamSpec> specs, int index, int[][] goodAndBad) {
    Topology topology = new Topology(Upstreams.of(specs));
    @Nullable FadingRatio[] window = new @Nullable FadingRatio[topology.size()];
    @Nullable FadingRatio[] empty = new @Nullable FadingRatio[topology.size()];
    for (int i = 0; i < window.length; i++) {
      FadingRatio ratio = new FadingRatio(5e9);
      ratio.add(0, goodAndBad[i][0], goodAndBad[i][1]);
      window[i] = ratio;
    }
    Baseline baseline = new Baseline(topology);
    baseline.update(List.of(empty, window, empty));
    return baseline.rateElsewhere(index);
  }

  @Test
  void whatEverybodySeesIsTheRateElsewhere() {
    int[][] counts = {{60, 40}, {60, 40}, {60, 40}};
    assertEquals(0.4, elsewhere(Upstreams.grid(3, 1), 0, counts), 1e-9);
  }

  @Test
  void theBestOtherDomainCountsSoThatTwoFailingOnesDoNotHideEachOther() {
    int[][] counts = {{0, 100}, {0, 100}, {100, 0}};
    assertEquals(0, elsewhere(Upstreams.grid(3, 1), 0, counts), 1e-9);
    assertEquals(0, elsewhere(Upstreams.grid(3, 1), 1, counts), 1e-9);
  }

  @Test
  void theRateOfAMinuteIsTakenAtItsUpperEnd() {
    Topology topology = new Topology(Upstreams.of(Upstreams.grid(3, 1)));
    assertEquals((2 * Math.sqrt(1) + 1) / 2000, minute(topology, 2000, 0), 1e-9);
    assertEquals((100 + 2 * Math.sqrt(101) + 1) / 2000, minute(topology, 1900, 100), 1e-9);
    assertEquals(0.02, minute(topology, 30, 0), 1e-9, "ignorance acquits nobody");
  }

  private static double minute(Topology topology, long good, long bad) {
    @Nullable FadingRatio[] window = new @Nullable FadingRatio[topology.size()];
    @Nullable FadingRatio[] empty = new @Nullable FadingRatio[topology.size()];
    FadingRatio ratio = new FadingRatio(60e9);
    ratio.add(0, good, bad);
    window[1] = ratio;
    Baseline baseline = new Baseline(topology);
    baseline.update(List.of(window, empty, empty));
    return baseline.rateElsewhere(0);
  }

  @Test
  void oneOwnDomainsDoNotCount() {
    int[][] counts = {{0, 100}, {100, 0}, {80, 20}, {80, 20}};
    assertEquals(0.2, elsewhere(Upstreams.grid(2, 2), 0, counts), 1e-9);
  }

  @Test
  void aHandfulOfOutcomesSaysNothing() {
    int[][] counts = {{0, 100}, {0, 19}, {16, 4}};
    assertEquals(0.2, elsewhere(Upstreams.grid(3, 1), 0, counts), 1e-9);
  }

  @Test
  void whereNobodyNamedADomainOtherUpstreamsStandIn() {
    List<UpstreamSpec> specs =
        List.of(Upstreams.spec("a", "unknown/unknown"), Upstreams.spec("b", "unknown/unknown"));
    int[][] counts = {{0, 100}, {70, 30}};
    assertEquals(0.3, elsewhere(specs, 0, counts), 1e-9);
  }
}
