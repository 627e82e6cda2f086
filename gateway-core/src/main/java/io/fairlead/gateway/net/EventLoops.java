package io.fairlead.gateway.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops of the process, one per core, each with a thread named {@code PREFIX-N}.
 *
 * <p>A call lives on one of them: client channel, upstream connection, timers and counters.
 *
 * <p>Thread-safety: safe.
 */
public final class EventLoops implements AutoCloseable {
  private static final long SHUTDOWN_TIMEOUT_MILLIS = 5_000;

  private final Transport transport;
  private final ByteBufAllocator allocator;
  private final MultiThreadIoEventLoopGroup group;
  private final List<IoLoop> loops;

  /**
   * Starts the loops; their threads begin with their first task.
   *
   * @param transport how sockets speak with the kernel
   * @param count how many loops, 1 or more
   * @param prefix begins the threads' names
   */
  public EventLoops(Transport transport, int count, String prefix) {
    if (count < 1) {
      throw new IllegalArgumentException("loops: " + count + " (expected: 1 or more)");
    }
    this.transport = transport;
    this.allocator = Allocators.create(count);
    this.group = new Group(count, threadFactory(prefix), transport.newIoHandlerFactory());
    MonotonicClock clock = new MonotonicClock();
    List<IoLoop> created = new ArrayList<>(count);
    for (EventExecutor executor : group) {
      created.add(new IoLoop(created.size(), (EventLoop) executor, transport, allocator, clock));
    }
    this.loops = List.copyOf(created);
  }

  private static ThreadFactory threadFactory(String prefix) {
    AtomicInteger next = new AtomicInteger();
    return task -> new FastThreadLocalThread(task, prefix + "-" + next.getAndIncrement());
  }

  /**
   * How sockets speak with the kernel.
   *
   * @return the transport
   */
  public Transport transport() {
    return transport;
  }

  /**
   * Where the loops' buffers come from.
   *
   * @return the one allocator of the data plane
   */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /**
   * How many loops there are.
   *
   * @return 1 or more
   */
  public int size() {
    return loops.size();
  }

  /**
   * Netty's loop at an index.
   *
   * @param index 0 to {@code size() - 1}
   * @return the loop
   */
  public EventLoop at(int index) {
    return loops.get(index).eventLoop();
  }

  /**
   * The loop at an index.
   *
   * @param index 0 to {@code size() - 1}
   * @return the loop
   */
  public IoLoop loop(int index) {
    return loops.get(index);
  }

  /**
   * All loops in order.
   *
   * @return an immutable list
   */
  public List<IoLoop> all() {
    return loops;
  }

  /**
   * The loop that a channel runs on.
   *
   * @param eventLoop one of these loops
   * @return the loop
   * @throws IllegalArgumentException if it is none of these loops
   */
  public IoLoop of(EventLoop eventLoop) {
    for (IoLoop loop : loops) {
      if (loop.eventLoop() == eventLoop) {
        return loop;
      }
    }
    throw new IllegalArgumentException("event loop: " + eventLoop + " (expected: one of these)");
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /**
   * Ends the loops: no new tasks, channels closed.
   *
   * @return done when the threads have ended
   */
  public Future<?> shutdown() {
    return group.shutdownGracefully(0, SHUTDOWN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Ends the loops and waits for their threads; not to be called on one of them. */
  @Override
  public void close() {
    shutdown().awaitUninterruptibly();
  }

  private static final class Group extends MultiThreadIoEventLoopGroup {
    Group(int count, ThreadFactory threads, IoHandlerFactory sockets) {
      super(count, threads, sockets);
    }

    @Override
    protected IoEventLoop newChild(Executor thread, IoHandlerFactory sockets, Object... unused) {
      return new ClosingEventLoop(this, thread, sockets);
    }
  }
}
