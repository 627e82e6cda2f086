package io.fairlead.gateway.cache;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a long answer that is made while the answer passes by, in pieces of one size, within
 * what the store grants to all such copies together.
 *
 * <p>Thread-safety: confined to one event loop. Ownership: holds a grant until {@link #close}.
 */
final class AnswerCopy implements AutoCloseable {
  /** The size of a piece: small enough to be no burden for the heap's regions. */
  static final int PIECE_BYTES = 128 * 1024;

  private final AnswerStore store;
  private final List<byte[]> pieces = new ArrayList<>();
  private int grantedBytes;
  private int usedOfLast = PIECE_BYTES;

  private AnswerCopy(AnswerStore store) {
    this.store = store;
  }

  /**
   * Begins a copy.
   *
   * @param store grants the memory
   * @param lengthBytes how long the answer will be, -1 while nobody knows
   * @return null if the answer is longer than any that is kept
   */
  static @Nullable AnswerCopy tryBegin(AnswerStore store, long lengthBytes) {
    return lengthBytes > store.largestBytes() ? null : new AnswerCopy(store);
  }

  /**
   * Copies the next part of the answer.
   *
   * @param chunk stays as it is
   * @return false if the copy has become too long or too much is being copied; close it then
   */
  boolean tryAppend(ByteBuf chunk) {
    int from = chunk.readerIndex();
    int left = chunk.readableBytes();
    while (left > 0) {
      if (usedOfLast == PIECE_BYTES && !tryGrow()) {
        return false;
      }
      int length = Math.min(left, PIECE_BYTES - usedOfLast);
      chunk.getBytes(from, pieces.get(pieces.size() - 1), usedOfLast, length);
      usedOfLast += length;
      from += length;
      left -= length;
    }
    return true;
  }

  private boolean tryGrow() {
    if (grantedBytes + PIECE_BYTES > store.largestBytes() + PIECE_BYTES
        || !store.tryReserve(PIECE_BYTES)) {
      return false;
    }
    grantedBytes += PIECE_BYTES;
    pieces.add(new byte[PIECE_BYTES]);
    usedOfLast = 0;
    return true;
  }

  /** The whole answer; nothing can be appended afterwards. */
  @Nullable SharedAnswer finish(@Nullable String upstreamId) {
    int last = pieces.size() - 1;
    if (last >= 0) {
      pieces.set(last, Arrays.copyOf(pieces.get(last), usedOfLast));
    }
    return SharedAnswer.ofPieces(pieces, upstreamId);
  }

  @Override
  public void close() {
    store.giveBack(grantedBytes);
    grantedBytes = 0;
  }
}
