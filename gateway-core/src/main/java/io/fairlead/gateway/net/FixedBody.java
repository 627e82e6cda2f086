package io.fairlead.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import java.util.List;

/**
 * A body of a known length behind a {@link RepeatedHead}, which no decoder of Netty's has seen.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
public final class FixedBody {
  private final int pieceBytes;
  private long left;

  /**
   * No body yet.
   *
   * @param pieceBytes the longest piece
   */
  public FixedBody(int pieceBytes) {
    this.pieceBytes = pieceBytes;
  }

  /**
   * A body begins.
   *
   * @param length in bytes, 1 or more
   */
  public void begin(long length) {
    left = length;
  }

  /**
   * Whether part of a body is still to come.
   *
   * @return false before the first
   */
  public boolean isUnderWay() {
    return left > 0;
  }

  /**
   * Takes the next piece, if there is any.
   *
   * @param in what has come
   * @param out gets the piece, a slice
   */
  public void decode(ByteBuf in, List<Object> out) {
    int size = (int) Math.min(left, Math.min(pieceBytes, in.readableBytes()));
    if (size > 0) {
      left -= size;
      ByteBuf piece = in.readRetainedSlice(size);
      out.add(
          left > 0
              ? new DefaultHttpContent(piece)
              : new DefaultLastHttpContent(piece, DroppedTrailers.FACTORY));
    }
  }
}
