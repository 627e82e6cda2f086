package io.fairlead.gateway.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;

/**
 * Compresses one answer after another with gzip (RFC 1952) and expands requests.
 *
 * <p>A {@link Deflater} owns a quarter of a megabyte outside the heap, so that one is kept per
 * answer under way and used again rather than made for each.
 *
 * <p>Thread-safety: confined to one event loop. Ownership: {@link #compress} takes over its input.
 * Source: RFC 1952.
 */
final class GzipBody implements AutoCloseable {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int STEP_BYTES = 16 * 1024;
  private static final int LEVEL = 4;

  private final Deflater deflater = new Deflater(LEVEL, true);
  private final CRC32 crc = new CRC32();
  private long totalBytes;
  private boolean begun;

  /**
   * Compresses the next piece of an answer.
   *
   * @param in the piece; taken over
   * @param last whether the answer ends with it
   * @return what is to be sent; may be empty
   */
  ByteBuf compress(ByteBuf in, boolean last, ByteBufAllocator alloc) {
    ByteBuf out = alloc.ioBuffer(Math.max(64, in.readableBytes() / 3));
    try {
      if (!begun) {
        out.writeBytes(HEADER);
        begun = true;
      }
      for (ByteBuffer part : in.nioBuffers()) {
        totalBytes += part.remaining();
        crc.update(part.duplicate());
        deflater.setInput(part);
        drain(out, Deflater.NO_FLUSH);
      }
      if (last) {
        deflater.finish();
        drain(out, Deflater.NO_FLUSH);
        out.writeIntLE((int) crc.getValue());
        out.writeIntLE((int) totalBytes);
        reset();
      } else {
        drain(out, Deflater.SYNC_FLUSH);
      }
      return out;
    } finally {
      in.release();
    }
  }

  /** Forgets an answer that was broken off. */
  void reset() {
    deflater.reset();
    crc.reset();
    totalBytes = 0;
    begun = false;
  }

  private void drain(ByteBuf out, int flush) {
    while (true) {
      out.ensureWritable(Math.min(STEP_BYTES, Math.max(512, out.writableBytes())));
      int index = out.writerIndex();
      ByteBuffer target = out.nioBuffer(index, out.writableBytes());
      int capacity = target.remaining();
      int written = deflater.deflate(target, flush);
      out.writerIndex(index + written);
      if (written < capacity) {
        return;
      }
    }
  }

  @Override
  public void close() {
    deflater.end();
  }

  /**
   * Expands a whole gzip body.
   *
   * @param in the compressed body; not released
   * @param maxBytes the most that it may expand to
   * @return the body, or an empty buffer's null-free stand-in through {@link TooLargeException}
   */
  static ByteBuf expand(ByteBuf in, int maxBytes, ByteBufAllocator alloc)
      throws IOException, TooLargeException {
    ByteBuf out = alloc.ioBuffer(Math.min(maxBytes, in.readableBytes() * 4));
    boolean done = false;
    try (InputStream gzip = new GZIPInputStream(new ByteBufInputStream(in.duplicate()));
        ByteBufOutputStream sink = new ByteBufOutputStream(out)) {
      byte[] step = new byte[8192];
      for (int n = gzip.read(step); n >= 0; n = gzip.read(step)) {
        if (out.readableBytes() + n > maxBytes) {
          throw new TooLargeException();
        }
        sink.write(step, 0, n);
      }
      done = true;
      return out;
    } finally {
      if (!done) {
        out.release();
      }
    }
  }

  /** A body that expands to more than the limit. */
  static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    TooLargeException() {
      super("the body expands to more than the limit", null, false, false);
    }
  }
}
