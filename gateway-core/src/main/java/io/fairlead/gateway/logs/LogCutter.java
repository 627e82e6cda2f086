package io.fairlead.gateway.logs;

import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the content of an array of logs into logs, with the place of each in the chain.
 *
 * <p>Thread-safety: none, confined to one event loop. Ownership: owns the logs until they are
 * taken.
 */
final class LogCutter {
  private static final byte[] BLOCK_NUMBER = JsonSkip.ascii("blockNumber");
  private static final byte[] LOG_INDEX = JsonSkip.ascii("logIndex");
  private static final int FIRST_BYTES = 1024;

  private final ByteBufAllocator alloc;
  private final JsonDepth depth;
  private final ArrayDeque<PlacedLog> logs = new ArrayDeque<>();
  private @Nullable ByteBuf begun;
  private long bytes;

  /** One log and where it stands; owned by whoever holds this. */
  static final class PlacedLog {
    private final ByteBuf json;
    private final long block;
    private final long index;

    PlacedLog(ByteBuf json) {
      this.json = json;
      this.block = quantity(json, BLOCK_NUMBER);
      this.index = quantity(json, LOG_INDEX);
    }

    ByteBuf json() {
      return json;
    }

    boolean isBefore(PlacedLog other) {
      return block < other.block || (block == other.block && index < other.index);
    }
  }

  /**
   * Nothing yet.
   *
   * @param window room for some KiB, shared by all of an event loop
   */
  LogCutter(ByteBufAllocator alloc, byte[] window) {
    this.alloc = alloc;
    this.depth = new JsonDepth(window);
  }

  /** The first log, if one is whole. */
  @Nullable PlacedLog peek() {
    return logs.peekFirst();
  }

  /** Takes the first log. */
  PlacedLog take() {
    PlacedLog taken = logs.removeFirst();
    bytes -= taken.json.readableBytes();
    return taken;
  }

  /** How much it holds. */
  long bytes() {
    return bytes;
  }

  /** Takes over the next piece of the content. */
  void feed(ByteBuf piece) {
    bytes += piece.readableBytes();
    while (piece.isReadable()) {
      if (depth.depth() == 0) {
        skipToLog(piece);
      }
      if (piece.isReadable()) {
        int end = depth.close(piece, piece.readerIndex(), 0);
        keep(piece, (end < 0 ? piece.writerIndex() : end) - piece.readerIndex());
        if (end >= 0) {
          finishLog();
        }
      }
    }
    piece.release();
  }

  private void skipToLog(ByteBuf piece) {
    while (piece.isReadable() && piece.getByte(piece.readerIndex()) != '{') {
      piece.skipBytes(1);
      bytes--;
    }
  }

  private void keep(ByteBuf piece, int length) {
    ByteBuf present = begun;
    if (present == null) {
      present = alloc.buffer(Math.max(FIRST_BYTES, length));
      begun = present;
    }
    present.writeBytes(piece, length);
  }

  private void finishLog() {
    ByteBuf whole = begun;
    begun = null;
    if (whole != null) {
      logs.addLast(new PlacedLog(whole));
    }
  }

  void release() {
    logs.forEach(log -> log.json.release());
    logs.clear();
    if (begun != null) {
      begun.release();
      begun = null;
    }
    bytes = 0;
  }

  /** A member that is a quantity, or -1. */
  private static long quantity(ByteBuf log, byte[] name) {
    int end = log.writerIndex();
    int at = JsonSkip.nextKey(log, log.readerIndex() + 1, end);
    while (at >= 0) {
      int keyEnd = JsonSkip.value(log, at, end);
      int valueStart = JsonSkip.space(log, JsonSkip.space(log, keyEnd, end) + 1, end);
      int valueEnd = JsonSkip.value(log, valueStart, end);
      if (JsonSkip.isKey(log, at, keyEnd, name)) {
        return HexQuantity.parse(log, valueStart + 1, valueEnd - valueStart - 2);
      }
      at = JsonSkip.nextKey(log, valueEnd, end);
    }
    return -1;
  }
}
