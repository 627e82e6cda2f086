package io.fairlead.gateway.net;

import io.fairlead.routing.time.NanoClock;
import io.fairlead.routing.time.Scheduler;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One event loop with what its users need of it: index, clock, scheduler, allocator, transport.
 *
 * <p>Thread-safety: {@link #schedule} on the loop's thread only; the rest is safe.
 */
public final class IoLoop implements Scheduler {
  private final int index;
  private final EventLoop eventLoop;
  private final Transport transport;
  private final ByteBufAllocator allocator;
  private final NanoClock clock;
  private final LoopTurns turns = new LoopTurns();

  IoLoop(
      int index,
      EventLoop eventLoop,
      Transport transport,
      ByteBufAllocator allocator,
      NanoClock clock) {
    this.index = index;
    this.eventLoop = eventLoop;
    this.transport = transport;
    this.allocator = allocator;
    this.clock = clock;
  }

  /**
   * Its place among the loops of the process.
   *
   * @return 0 or more
   */
  public int index() {
    return index;
  }

  /**
   * Netty's loop.
   *
   * @return the loop
   */
  public EventLoop eventLoop() {
    return eventLoop;
  }

  /**
   * How its sockets speak with the kernel.
   *
   * @return the transport
   */
  public Transport transport() {
    return transport;
  }

  /**
   * Where its buffers come from; one for the process.
   *
   * @return the allocator
   */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /**
   * Whether the caller runs on this loop's thread.
   *
   * @return whether loop-confined state may be touched
   */
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  /**
   * A bootstrap for TCP connections of this loop, with the options all of them share.
   *
   * @return a new bootstrap without a handler
   */
  public Bootstrap newBootstrap() {
    return new Bootstrap()
        .group(eventLoop)
        .channel(transport.socketChannel())
        .option(ChannelOption.ALLOCATOR, allocator)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true);
  }

  /**
   * What the kernel measured of the round trip of a connection of this loop.
   *
   * @param channel an open connection
   * @return smoothed, in nanoseconds; 0 where nobody knows
   */
  public long smoothedRttNanos(Channel channel) {
    return transport.smoothedRttNanos(channel);
  }

  /**
   * Whether {@link #acknowledge} does anything here.
   *
   * @return false with the JDK's selectors
   */
  public boolean canAcknowledge() {
    return transport.quickAck() != null;
  }

  /**
   * Has the kernel acknowledge what a connection has received now, instead of up to 40 ms later
   * together with what is sent next (delayed acknowledgements, RFC 9293, section 3.8.6.3).
   *
   * @param channel an open connection of this loop
   */
  public void acknowledge(Channel channel) {
    ChannelOption<Boolean> quickAck = transport.quickAck();
    if (quickAck != null) {
      channel.config().setOption(quickAck, true);
    }
  }

  /**
   * Its long turns, as far as they are watched.
   *
   * @return what is confined to the loop
   */
  public LoopTurns turns() {
    return turns;
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    ScheduledFuture<?> future = eventLoop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }
}
