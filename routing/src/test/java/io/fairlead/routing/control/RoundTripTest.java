package io.fairlead.routing.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of what is taken for an upstream's round trip. */
class RoundTripTest {
  private static final long MILLI = 1_000_000;
  private final UpstreamState state =
      new UpstreamState(new Upstream("c", 0, new UpstreamSpec("u", List.of(), 100, 0, 1)));

  @Test
  void connectingStandsInUntilThereAreCalls() {
    state.onConnect(20 * MILLI);
    state.refreshRtt();
    assertEquals(20 * MILLI, state.rttNanos());
  }

  @Test
  void nodeFarBehindANearEdgeIsAsFarAsItsLightestCalls() {
    state.onConnect(MILLI);
    state.refreshRtt();
    state.onProbed(80 * MILLI, 0);
    state.refreshRtt();
    assertEquals(80.0 * MILLI, (double) state.rttNanos(), 8.0 * MILLI);
  }
}
