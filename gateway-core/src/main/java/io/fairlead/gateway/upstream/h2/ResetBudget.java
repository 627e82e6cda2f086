package io.fairlead.gateway.upstream.h2;

import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Which streams that nobody waits for are reset. Servers take many resets for an attack
 * (CVE-2023-44487) and end the connection with all that is on it. So there are {@value #RESETS} in
 * a row and {@value #RESETS_PER_SECOND} a second at the most; the answers of others are let come
 * and dropped, unless they are long.
 *
 * <p>Thread-safety: loop-confined.
 */
final class ResetBudget {
  static final int RESETS = 100;
  static final int RESETS_PER_SECOND = 3;

  private static final int DROPPED_BYTES = 64 * 1024;

  private final ArrayDeque<CallStream> dropped = new ArrayDeque<>();
  private int left = RESETS;

  /** Whether a stream is to be reset at once; if not, its answer is dropped as it comes. */
  boolean tryTake(CallStream call) {
    if (left > 0) {
      left--;
      return true;
    }
    dropped.add(call);
    return false;
  }

  /** Allows some more; to be called about once a second. */
  void refill() {
    left = Math.min(RESETS, left + RESETS_PER_SECOND);
  }

  /** The next dropped stream that may be reset now; null when there is none. */
  @Nullable CallStream next() {
    for (CallStream call = dropped.poll(); call != null; call = dropped.poll()) {
      if (call.stream().state() != Http2Stream.State.CLOSED) {
        if (left > 0) {
          left--;
          return call;
        }
        dropped.addFirst(call);
        return null;
      }
    }
    return null;
  }

  /** Part of an answer that nobody waits for came; whether it is so long that a reset is due. */
  boolean isTooLong(CallStream call, int bytes) {
    return call.drop(bytes) > DROPPED_BYTES && dropped.remove(call);
  }
}
