package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * What a connection is notified of while a batch that subscribes is under way: a client cannot know
 * a subscription before it has the batch's answer. All notifications wait, so that they stay in
 * their order.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: owns the frames that wait.
 */
final class HeldNotifications {
  private final ArrayDeque<ByteBuf> frames = new ArrayDeque<>();
  private int batches;
  private long bytes;

  /** One more batch that subscribes is under way. */
  void begin() {
    batches++;
  }

  /** One less. */
  void end() {
    batches--;
  }

  /** Whether notifications have to wait. */
  boolean isHolding() {
    return batches > 0;
  }

  /** What waits, in bytes. */
  long bytes() {
    return bytes;
  }

  /** Keeps a frame back; taken over. */
  void hold(ByteBuf frame) {
    frames.add(frame);
    bytes += frame.readableBytes();
  }

  /** Hands over all that waits, in its order. */
  void release(Consumer<ByteBuf> to) {
    bytes = 0;
    for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
      to.accept(frame);
    }
  }
}
