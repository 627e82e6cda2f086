package io.fairlead.gateway.net;

import io.fairlead.routing.time.NanoClock;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

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

  /**
   * A loop whose time stands still, with buffers of the test's choice.
   *
   * @param eventLoop the event loop of an embedded channel whose time is frozen
   * @param allocator makes the buffers
   * @return the loop
   */
  public static IoLoop embedded(EventLoop eventLoop, ByteBufAllocator allocator) {
    NanoClock clock = eventLoop.ticker()::nanoTime;
    return new IoLoop(0, eventLoop, Transport.NIO, allocator, clock);
  }

  /**
   * The same event loop, with somebody who hears what tasks throw; the loop itself would keep it in
   * a future that nobody reads.
   *
   * @param eventLoop a loop
   * @param thrown hears it
   * @return a view of the loop
   */
  public static EventLoop watched(EventLoop eventLoop, Consumer<Throwable> thrown) {
    return (EventLoop)
        Proxy.newProxyInstance(
            TestLoops.class.getClassLoader(),
            new Class<?>[] {EventLoop.class},
            (proxy, method, arguments) -> {
              if (arguments != null && arguments[0] instanceof Runnable task) {
                arguments[0] = (Runnable) () -> watch(task, thrown);
              }
              try {
                return method.invoke(eventLoop, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void watch(Runnable task, Consumer<Throwable> thrown) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      thrown.accept(e);
      throw e;
    }
  }
}
