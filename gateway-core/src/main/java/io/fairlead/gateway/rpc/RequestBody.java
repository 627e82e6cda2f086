package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request as it arrives; the first piece stays as it is, so that a body in one
 * piece is not copied.
 *
 * <p>Thread-safety: confined to the connection's event loop. Ownership: takes over every piece, and
 * owns the body until {@link #take} or {@link #release}.
 */
final class RequestBody {
  private static final int MAX_PARTS = 1024;

  private @Nullable ByteBuf present;

  /** Takes over the next piece. */
  void add(ByteBuf piece, ByteBufAllocator alloc) {
    ByteBuf before = present;
    if (!piece.isReadable()) {
      piece.release();
    } else if (before == null) {
      present = piece;
    } else if (before instanceof CompositeByteBuf composite) {
      composite.addComponent(true, piece);
    } else {
      present =
          alloc.compositeBuffer(MAX_PARTS).addComponent(true, before).addComponent(true, piece);
    }
  }

  int bytes() {
    ByteBuf body = present;
    return body == null ? 0 : body.readableBytes();
  }

  /** The whole body, which the caller owns now. */
  ByteBuf take(ByteBufAllocator alloc) {
    ByteBuf body = present;
    present = null;
    return body == null ? alloc.ioBuffer(0) : body;
  }

  void release() {
    ByteBuf body = present;
    present = null;
    if (body != null) {
      body.release();
    }
  }
}
