package io.fairlead.gateway.net;

import io.fairlead.routing.time.NanoClock;

/** Event loops whose clock belongs to the test. */
public final class TestLoops {
  private TestLoops() {}

  /**
   * The same loop with another clock.
   *
   * @param loop a running loop
   * @param clock tells the time
   * @return a view of the loop
   */
  public static IoLoop withClock(IoLoop loop, NanoClock clock) {
    return new IoLoop(loop.index(), loop.eventLoop(), loop.transport(), loop.allocator(), clock);
  }
}
