package io.fairlead.gateway.net;

import io.fairlead.routing.time.NanoClock;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;

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

  /**
   * A loop whose time stands still until the test moves it.
   *
   * @param eventLoop the event loop of an embedded channel whose time is frozen
   * @return the loop
   */
  public static IoLoop embedded(EventLoop eventLoop) {
    return embedded(0, eventLoop);
  }

  /**
   * One of several loops whose time stands still until the test moves it.
   *
   * @param index its place among them
   * @param eventLoop the event loop of an embedded channel whose time is frozen
   * @return the loop
   */
  public static IoLoop embedded(int index, EventLoop eventLoop) {
    NanoClock clock = eventLoop.ticker()::nanoTime;
    return new IoLoop(index, eventLoop, Transport.NIO, UnpooledByteBufAllocator.DEFAULT, clock);
  }
}
