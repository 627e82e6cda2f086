package io.fairlead.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and expands messages of all connections on one event loop (permessage-deflate).
 *
 * <p>Neither side keeps its window from one message to the next, which is agreed with every client.
 * So there is no compression state of a connection at all: one inflater and few deflaters, one for
 * each long answer under way, serve all connections of the loop in turn. The price is that messages
 * which resemble each other compress less well; JSON-RPC answers that are worth compressing are
 * long enough to have their own context.
 *
 * <p>Thread-safety: confined to one event loop. Source: RFC 7692, sections 7.1.1 and 7.2.
 */
final class Deflation {
  /** Messages below this many bytes are sent as they are. */
  static final int FROM_BYTES = 1024;

  private static final int LEVEL = 4;
  private static final int STEP_BYTES = 16 * 1024;
  private static final int MAX_SPARE = 4;
  private static final int TAIL_BYTES = 4;

  private final ArrayDeque<Deflater> spare = new ArrayDeque<>();
  private @Nullable Inflater inflater;

  /** A message, expanded, was over the limit. */
  static final class TooBigException extends Exception {
    private static final long serialVersionUID = 1L;

    TooBigException() {
      super("the message expands to more than the limit", null, false, false);
    }
  }

  /**
   * Expands a message.
   *
   * @param message its compressed payload; stays the caller's
   * @param maxBytes the most that it may expand to
   * @return the expanded message
   * @throws DataFormatException if it is not compressed data
   * @throws TooBigException as soon as it is over the limit
   */
  ByteBuf expand(ByteBuf message, int maxBytes, ByteBufAllocator alloc)
      throws DataFormatException, TooBigException {
    Inflater current = inflater == null ? new Inflater(true) : inflater;
    inflater = current;
    long most = Math.min(maxBytes, 4L * message.readableBytes() + 64);
    ByteBuf out = alloc.ioBuffer((int) most);
    boolean done = false;
    try {
      for (ByteBuffer part : message.nioBuffers()) {
        current.setInput(part);
        drain(current, out, maxBytes);
      }
      current.setInput(new byte[] {0, 0, (byte) 0xff, (byte) 0xff});
      drain(current, out, maxBytes);
      done = true;
      return out;
    } finally {
      current.reset();
      if (!done) {
        out.release();
      }
    }
  }

  private static void drain(Inflater from, ByteBuf out, int maxBytes)
      throws DataFormatException, TooBigException {
    while (!from.finished()) {
      out.ensureWritable(Math.min(STEP_BYTES, Math.max(64, out.writableBytes())));
      ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
      int capacity = room.remaining();
      int count = from.inflate(room);
      out.writerIndex(out.writerIndex() + count);
      if (out.readableBytes() > maxBytes) {
        throw new TooBigException();
      }
      if (count < capacity) {
        return;
      }
    }
  }

  /**
   * Compresses a whole message.
   *
   * @param message what is to be compressed; taken over
   * @return the payload of its frame
   */
  ByteBuf compress(ByteBuf message) {
    Deflater deflater = borrow();
    ByteBuf out = last(deflater, message);
    giveBack(deflater);
    return out;
  }

  /** A deflater for a message in fragments, to be given back. */
  Deflater borrow() {
    Deflater present = spare.pollLast();
    return present == null ? new Deflater(LEVEL, true) : present;
  }

  void giveBack(Deflater deflater) {
    if (spare.size() < MAX_SPARE) {
      deflater.reset();
      spare.addLast(deflater);
    } else {
      deflater.end();
    }
  }

  /** Compresses a piece, taken over, so that all of it can be expanded when it arrives. */
  static ByteBuf piece(Deflater deflater, ByteBuf piece) {
    ByteBuf out = piece.alloc().ioBuffer(Math.max(64, piece.readableBytes() / 3));
    try {
      for (ByteBuffer part : piece.nioBuffers()) {
        deflater.setInput(part);
        drain(deflater, out, Deflater.NO_FLUSH);
      }
      drain(deflater, out, Deflater.SYNC_FLUSH);
      return out;
    } finally {
      piece.release();
    }
  }

  /** Compresses the last piece, taken over; without the empty block that ends each message. */
  static ByteBuf last(Deflater deflater, ByteBuf piece) {
    if (!piece.isReadable()) {
      return piece.isWritable() ? piece.writeByte(0) : replaceByEmptyBlock(piece);
    }
    ByteBuf out = piece(deflater, piece);
    return out.writerIndex(out.writerIndex() - TAIL_BYTES);
  }

  private static ByteBuf replaceByEmptyBlock(ByteBuf piece) {
    ByteBufAllocator alloc = piece.alloc();
    piece.release();
    return alloc.ioBuffer(1).writeByte(0);
  }

  private static void drain(Deflater from, ByteBuf out, int flush) {
    while (true) {
      out.ensureWritable(Math.min(STEP_BYTES, Math.max(64, out.writableBytes())));
      ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
      int capacity = room.remaining();
      int count = from.deflate(room, flush);
      out.writerIndex(out.writerIndex() + count);
      if (count < capacity) {
        return;
      }
    }
  }
}
