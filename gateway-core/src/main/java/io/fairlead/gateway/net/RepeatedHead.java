package io.fairlead.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMessage;
import org.jspecify.annotations.Nullable;

/**
 * The last head of a kept connection, so that the same bytes need not be read again.
 *
 * <p>Clients and nodes send the same head over and over: only the body differs, and often not in
 * its length. What a decoder made of some bytes, it would make of the same bytes again, so nothing
 * is taken here that it would refuse. Only heads are kept that say how long their body is, and that
 * are no longer than {@value #LONGEST_BYTES} bytes.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 *
 * @param <M> a request or an answer; never changed once it is kept
 */
public final class RepeatedHead<M extends HttpMessage> {
  /** The longest head that is kept. */
  public static final int LONGEST_BYTES = 1024;

  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
  private @Nullable M message;
  private long contentLength;

  /** Nothing kept yet. */
  public RepeatedHead() {}

  /**
   * Keeps a head in place of the last one.
   *
   * @param in where it stands
   * @param start its first byte
   * @param end the byte behind its last one
   * @param read what it says
   * @param length its body's length
   */
  public void keep(ByteBuf in, int start, int end, M read, long length) {
    int size = end - start;
    if (size > LONGEST_BYTES || length <= 0) {
      message = null;
      return;
    }
    if (bytes.capacity() < size) {
      bytes = Unpooled.buffer(size, LONGEST_BYTES);
    }
    bytes.clear();
    bytes.writeBytes(in, start, size);
    message = read;
    contentLength = length;
  }

  /**
   * Takes the head from the buffer if it is the kept one once more.
   *
   * @param in its readable bytes begin where a head does
   * @return what it says; null if it is another, or not whole yet
   */
  public @Nullable M take(ByteBuf in) {
    M known = message;
    int size = bytes.readableBytes();
    if (known == null
        || in.readableBytes() < size
        || !ByteBufUtil.equals(in, in.readerIndex(), bytes, 0, size)) {
      return null;
    }
    in.skipBytes(size);
    return known;
  }

  /**
   * How long the body of the kept head is.
   *
   * @return bytes, 1 or more
   */
  public long contentLength() {
    return contentLength;
  }
}
