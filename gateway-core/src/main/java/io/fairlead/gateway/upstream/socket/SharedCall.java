package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.RequestPort;
import io.fairlead.gateway.upstream.RequestShape;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A call on a shared connection, until it is answered there or asked again over HTTP.
 *
 * <p>Whoever posted it does not see the difference: a cancellation makes the connection forget the
 * call's number and leaves it open, and the answer has the id and the bytes that HTTP would bring.
 *
 * <p>Thread-safety: loop-confined. Ownership: owns its body until it is answered, moved or
 * cancelled.
 */
final class SharedCall implements UpstreamExchange {
  private static final int OK = 200;

  private final CallTable table;
  private final ByteBuf body;
  private final int methodIndex;
  private final int idOffset;
  private final int idLength;
  private final ExchangeListener listener;
  private @Nullable UpstreamExchange moved;
  private boolean isReading = true;
  private boolean isEnded;
  private long number;
  private long sentNanos;

  SharedCall(CallTable table, ByteBuf body, RequestShape shape, ExchangeListener listener) {
    this.table = table;
    this.body = body;
    this.methodIndex = shape.methodIndex();
    this.idOffset = shape.idOffset();
    this.idLength = shape.idLength();
    this.listener = listener;
  }

  /** Sends it under a number. */
  void send(FrameWriter writer, long nowNanos) {
    sentNanos = nowNanos;
    number = table.add(this);
    writer.addCall(body, idOffset, idLength, number);
  }

  long number() {
    return number;
  }

  long sentNanos() {
    return sentNanos;
  }

  int methodIndex() {
    return methodIndex;
  }

  /**
   * Hands over its answer with the id that the call has.
   *
   * @param message the answer, still the caller's
   * @param idStart where its id begins, from the first readable byte
   * @param idEnd where its id ends
   */
  void answer(ByteBuf message, int idStart, int idEnd) {
    int start = message.readerIndex();
    int behind = message.readableBytes() - idEnd;
    int length = idStart + idLength + behind;
    ByteBuf answer = table.alloc().buffer(length);
    answer.writeBytes(message, start, idStart);
    answer.writeBytes(body, body.readerIndex() + idOffset, idLength);
    answer.writeBytes(message, start + idEnd, behind);
    body.release();
    listener.onHead(OK, EmptyHttpHeaders.INSTANCE, length);
    if (isEnded) {
      answer.release();
      return;
    }
    listener.onContent(answer);
    if (!isEnded) {
      isEnded = true;
      listener.onComplete();
    }
  }

  /** Asks it again over HTTP; it must have been taken from its table. */
  void moveTo(RequestPort http) {
    UpstreamExchange next = http.post(body, true, listener);
    moved = next;
    if (!isReading) {
      next.setReading(false);
    }
  }

  @Override
  public void cancel() {
    UpstreamExchange elsewhere = moved;
    if (elsewhere != null) {
      elsewhere.cancel();
    } else if (!isEnded) {
      isEnded = true;
      if (table.take(number) == this) {
        body.release();
      }
    }
  }

  @Override
  public void setReading(boolean on) {
    isReading = on;
    if (moved != null) {
      moved.setReading(on);
    }
  }
}
