package io.fairlead.routing.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fairlead.routing.MethodClass;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of what is taken for an upstream's round trip. */
class RoundTripTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  private final UpstreamState state =
      new UpstreamState(new Upstream("c", 0, new UpstreamSpec("u", List.of(), 100, 0, 1)));

  @Test
  void connectingStandsInUntilThereAreCalls() {
    state.transport.add(20 * MILLI, 0);
    state.refreshRtt();
    assertEquals(20 * MILLI, state.rttNanos());
  }

  @Test
  void nodeFarBehindANearEdgeIsAsFarAsItsLightestCalls() {
    state.transport.add(MILLI, 0);
    state.refreshRtt();
    state.onProbed(80 * MILLI, 0);
    state.refreshRtt();
    assertEquals(80.0 * MILLI, (double) state.rttNanos(), 8.0 * MILLI);
  }

  @Test
  void heavyCallsAreNotTakenForDistance() {
    state.latency[MethodClass.LOGS.index()].add(700 * MILLI, 0, 0);
    state.refreshRtt();
    assertEquals(700.0 * MILLI, (double) state.rttNanos(), 70.0 * MILLI);
    state.transport.add(20 * MILLI, 0);
    state.refreshRtt();
    assertEquals(20 * MILLI, state.rttNanos());
    state.onProbed(30 * MILLI, 0);
    state.refreshRtt();
    assertEquals(30.0 * MILLI, (double) state.rttNanos(), 3.0 * MILLI);
  }

  @Test
  void ofManySamplesTheLeastIsTheRoundTrip() {
    for (int second = 0; second < 20; second++) {
      state.transport.add((second == 7 ? 20 : 20 + second) * MILLI, second * SECOND);
    }
    state.refreshRtt();
    assertEquals(20 * MILLI, state.rttNanos());
  }

  @Test
  void aPathThatIsNoLongerTakenIsForgottenWithinAMinute() {
    TransportRtt transport = state.transport;
    transport.add(5 * MILLI, 0);
    for (long second = 1; second <= 59; second++) {
      transport.add(40 * MILLI, second * SECOND);
      assertEquals(5.0 * MILLI, transport.leastNanos());
    }
    transport.add(40 * MILLI, 60 * SECOND);
    assertEquals(40.0 * MILLI, transport.leastNanos());
  }

  @Test
  void afterAPauseOnlyTheNewSampleCounts() {
    TransportRtt transport = state.transport;
    transport.add(5 * MILLI, 0);
    transport.add(40 * MILLI, 600 * SECOND);
    assertEquals(40.0 * MILLI, transport.leastNanos());
  }
}
