package io.fairlead.gateway.subscribe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * What subscribers of a topic are to be told.
 *
 * <p>Thread-safety: immutable; read on all event loops.
 */
final class News {
  /** Stands for a time after every subscription, and for no block. */
  static final long NONE = -1;

  private static final byte[] HEAD =
      "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\""
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RESULT = "\",\"result\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "}}".getBytes(StandardCharsets.US_ASCII);

  private final byte[] result;
  private final long turn;
  private final long head;

  /**
   * News.
   *
   * @param result the JSON that subscribers see
   * @param turn told to those who subscribed before it; {@link #NONE} for all
   * @param head the height of the block that it shows as the newest, or {@link #NONE}
   */
  News(byte[] result, long turn, long head) {
    this.result = result;
    this.turn = turn;
    this.head = head;
  }

  boolean isFor(Subscription subscription) {
    return turn == NONE || subscription.since() < turn;
  }

  long head() {
    return head;
  }

  /** The notification for those who have an id. */
  Notification toNotification(ByteBufAllocator alloc, String id) {
    int length = HEAD.length + id.length() + RESULT.length + result.length + END.length;
    ByteBuf text = alloc.ioBuffer(length);
    text.writeBytes(HEAD);
    text.writeCharSequence(id, StandardCharsets.US_ASCII);
    text.writeBytes(RESULT).writeBytes(result).writeBytes(END);
    return new Notification(text);
  }
}
