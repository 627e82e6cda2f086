package io.fairlead.gateway.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Notices a client that takes nothing of what is written to it: looks now and then whether less
 * waits, or something else.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
final class WriteProgress {
  private int messageHash;
  private long waitingBytes;
  private long writtenBytes;
  private long sinceNanos;

  /**
   * Looks at a connection.
   *
   * @return for how long nothing of what waits was taken, in nanoseconds; 0 if nothing waits
   */
  long stalledNanos(Channel channel, long nowNanos) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    long written = buffer == null ? 0 : buffer.currentProgress();
    int message = buffer == null ? 0 : System.identityHashCode(buffer.current());
    if (waiting == 0
        || waiting != waitingBytes
        || written != writtenBytes
        || message != messageHash) {
      messageHash = message;
      waitingBytes = waiting;
      writtenBytes = written;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos;
  }
}
