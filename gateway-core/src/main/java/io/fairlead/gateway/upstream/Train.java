package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
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
  private final Trains trains;
  private final Connection connection;
  private final ArrayDeque<Exchange> behind = new ArrayDeque<>(TrainLength.MOST);
  private @Nullable ByteBuf unsent;
  private int boarded;
  private int answered;
  private long sinceNanos;
  private long endedBefore;

  /** A train without anybody on a connection that is open and free. */
  Train(UpstreamPool pool, Trains trains, Connection connection) {
    this.pool = pool;
    this.trains = trains;
    this.connection = connection;
  }

  boolean isOpen() {
    return connection.isOpen();
  }

  /** Takes a request along; the exchange keeps its body. */
  void board(Exchange exchange) {
    ByteBuf body = exchange.board(connection);
    ByteBuf out = unsent;
    if (out == null) {
      out = pool.loop().allocator().directBuffer(ROOM_BYTES);
      unsent = out;
      connection.begin(exchange, this);
    } else {
      behind.add(exchange);
    }
    pool.requestHead().append(out, body.readableBytes());
    out.writeBytes(body, body.readerIndex(), body.readableBytes());
    boarded++;
  }

  /** Sends what is on board, if anybody still is; whether somebody waits behind the first. */
  boolean depart() {
    ByteBuf out = unsent;
    if (out == null || !connection.carries(this)) {
      return false;
    }
    unsent = null;
    sinceNanos = pool.loop().nanoTime();
    endedBefore = pool.ended();
    connection.send(out);
    return !behind.isEmpty();
  }

  /** The answer that was due is whole; how long that took since the one before, or the start. */
  void onAnswered(long nowNanos) {
    TrainLength length = trains.length();
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

  /** The connection ends; if it does behind an answer with others due, that is remembered. */
  void onConnectionEnd(long nowNanos) {
    if (answered > 0 && !behind.isEmpty()) {
      trains.length().onBroken(nowNanos);
    }
  }

  /** Since when the answer that is due is waited for; of a train that has left. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** Whether nobody on another connection was answered since. */
  boolean isPause() {
    return pool.ended() == endedBefore;
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
    Exchange next = behind.remove();
    if (behind.isEmpty()) {
      trains.onAlone(this);
    }
    return next;
  }

  /** Whoever waits behind the one that is due goes on a connection of its own. */
  void disband() {
    List<Exchange> others = dissolve();
    if (!others.isEmpty()) {
      connection.onDisbanded();
      others.forEach(pool::dispatchAlone);
    }
  }

  /** All behind, who leave it, to be sent again; what was not sent is dropped. */
  List<Exchange> dissolve() {
    ReferenceCountUtil.release(unsent);
    unsent = null;
    List<Exchange> all = List.copyOf(behind);
    behind.clear();
    boarded = answered;
    if (!all.isEmpty()) {
      trains.onAlone(this);
      all.forEach(other -> pool.onExchangeEnd());
    }
    return all;
  }
}
