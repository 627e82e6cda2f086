package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests that share one connection: those not sent yet, as one buffer, and those who wait for
 * an answer behind the one that is due.
 *
 * <p>Ownership: owns its buffer until it departs. Thread-safety: loop-confined.
 */
final class Train {
  private static final int ROOM_BYTES = 4 * 1024;

  private final UpstreamPool pool;
  private final ArrayDeque<Exchange> behind = new ArrayDeque<>(TrainLength.MOST);
  private @Nullable ByteBuf unsent;
  private int boarded;
  private int answered;
  private long sinceNanos;
  private long endedBefore;

  Train(UpstreamPool pool) {
    this.pool = pool;
  }

  /** A new train, without anybody. */
  void begin() {
    boarded = 0;
    answered = 0;
  }

  /** Takes a request along; the exchange keeps its body. */
  void board(Exchange exchange, ByteBuf body) {
    ByteBuf out = unsent;
    if (out == null) {
      out = pool.loop().allocator().directBuffer(ROOM_BYTES);
      unsent = out;
    } else {
      behind.add(exchange);
    }
    pool.requestHead().append(out, body.readableBytes());
    out.writeBytes(body, body.readerIndex(), body.readableBytes());
    boarded++;
  }

  int boarded() {
    return boarded;
  }

  /** All requests in one buffer, owned by the caller. */
  ByteBuf depart(long nowNanos) {
    ByteBuf out = unsent;
    if (out == null) {
      throw new IllegalStateException("nobody is on board");
    }
    unsent = null;
    sinceNanos = nowNanos;
    endedBefore = pool.ended();
    return out;
  }

  /** The answer that was due is whole; how long that took since the one before, or the start. */
  void onAnswered(TrainLength length, long nowNanos) {
    long tookNanos = nowNanos - sinceNanos;
    boolean othersWait = pool.active() > behind.size() + 1;
    boolean isPause = othersWait && pool.ended() == endedBefore;
    sinceNanos = nowNanos;
    endedBefore = pool.ended() + 1;
    answered++;
    if (answered == 1) {
      length.onFirst(tookNanos);
    } else {
      length.onFollowing(tookNanos, isPause, nowNanos);
    }
    if (answered == boarded && boarded > 1) {
      length.onWhole();
    }
  }

  /** Whether one was answered, and others wait. */
  boolean isBroken() {
    return answered > 0 && answered < boarded;
  }

  /** Since when the answer that is due is waited for. */
  long sinceNanos() {
    return sinceNanos;
  }

  boolean isEmpty() {
    return behind.isEmpty();
  }

  /** Whether somebody behind still wants an answer. */
  boolean isWanted() {
    for (Exchange exchange : behind) {
      if (!exchange.hasEnded()) {
        return true;
      }
    }
    return false;
  }

  /** Whose answer comes next; there is one. */
  Exchange next() {
    return behind.remove();
  }

  /** All behind, who leave it, and what was not sent is dropped. */
  List<Exchange> dissolve() {
    ReferenceCountUtil.release(unsent);
    unsent = null;
    List<Exchange> all = new ArrayList<>(behind);
    behind.clear();
    boarded = answered;
    return all;
  }
}
