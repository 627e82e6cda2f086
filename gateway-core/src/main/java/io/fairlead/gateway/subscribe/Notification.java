package io.fairlead.gateway.subscribe;

import io.netty.buffer.ByteBuf;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to all who wait for it on one event loop.
 *
 * <p>Thread-safety: confined to one event loop; the bytes are shared with other loops. Ownership:
 * owns a reference to its bytes until {@link #release()}.
 */
public final class Notification {
  private final ByteBuf text;
  private @Nullable ByteBuf framed;

  /**
   * A notification.
   *
   * @param text one JSON-RPC notification in UTF-8; one reference is taken over
   */
  public Notification(ByteBuf text) {
    this.text = text;
  }

  /** The JSON text with a reference of its own; its bytes must not be changed. */
  public ByteBuf toText() {
    return text.retainedDuplicate();
  }

  /**
   * The text as a transport frames it, made once for all connections that frame it the same way.
   *
   * @param framing makes the frame of a text that it takes over; always the same one
   * @return the frame, lent; neither its bytes nor its indexes may be changed
   */
  public ByteBuf framed(UnaryOperator<ByteBuf> framing) {
    ByteBuf made = framed;
    if (made == null) {
      made = framing.apply(toText());
      framed = made;
    }
    return made;
  }

  /** Gives the bytes back. */
  public void release() {
    text.release();
    if (framed != null) {
      framed.release();
    }
  }
}
