package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.fairlead.gateway.upstream.h2.CallStream;
import io.fairlead.gateway.upstream.h2.SharedConnection;
import io.fairlead.gateway.upstream.h2.StreamFailure;
import io.fairlead.gateway.upstream.h2.StreamFailure.Cause;
import io.fairlead.gateway.upstream.h2.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * The one implementation of {@link UpstreamExchange}: from post to its end.
 *
 * <p>Ownership: holds the request's body until a connection of its own takes it, or the answer on a
 * shared one begins. Thread-safety: loop-confined.
 */
final class Exchange implements UpstreamExchange, StreamListener {
  /** How often it goes to another stream after one that was refused. */
  static final int MOST_REFUSALS = 2;

  private final UpstreamPool pool;
  private final ExchangeListener listener;
  private final boolean brief;
  private @Nullable ByteBuf body;
  private @Nullable Carrier carrier;
  private int refusals;
  private boolean reading = true;
  private boolean ended;

  Exchange(UpstreamPool pool, ByteBuf body, boolean brief, ExchangeListener listener) {
    this.pool = pool;
    this.body = body;
    this.brief = brief;
    this.listener = listener;
  }

  /** Whether it may share a connection. */
  boolean isBrief() {
    return brief;
  }

  /** Ties it to a connection that it shares; the body stays here, for it may have to leave. */
  ByteBuf board(Connection connection) {
    ByteBuf kept = requireBody();
    carrier = connection;
    return kept;
  }

  /** Leaves a shared connection, to start on one of its own. */
  void leave() {
    carrier = null;
  }

  /** Ties it to the connection that carries it and hands over the body. */
  ByteBuf start(Connection connection) {
    ByteBuf taken = requireBody();
    body = null;
    carrier = connection;
    return taken;
  }

  /** Begins it on a stream; the body is kept until the answer begins, for another one. */
  void start(SharedConnection connection) {
    CallStream stream = connection.start(requireBody().retainedDuplicate(), this);
    carrier = new StreamCarrier(stream);
    stream.setReading(reading);
  }

  private ByteBuf requireBody() {
    ByteBuf present = body;
    if (present == null) {
      throw new IllegalStateException("an exchange starts once");
    }
    return present;
  }

  /** A stream, as that which carries an exchange. */
  private record StreamCarrier(CallStream stream) implements Carrier {
    @Override
    public void abandon(Exchange cancelled) {
      stream.cancel();
    }

    @Override
    public void setReading(Exchange reader, boolean on) {
      stream.setReading(on);
    }
  }

  boolean isReading() {
    return reading;
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public void onHead(int status, HttpHeaders headers, long contentLength) {
    if (!ended) {
      dropBody();
      listener.onHead(status, headers, contentLength);
    }
  }

  @Override
  public void onContent(ByteBuf chunk) {
    if (ended) {
      chunk.release();
    } else {
      listener.onContent(chunk);
    }
  }

  void complete() {
    if (!ended) {
      end();
      listener.onComplete();
    }
  }

  @Override
  public void onComplete() {
    complete();
  }

  /** Its stream failed; one that the server has not begun with is tried again elsewhere. */
  @Override
  public void onFailure(StreamFailure failure) {
    if (ended) {
      return;
    }
    boolean isRefused = failure.cause() == Cause.REFUSED;
    if (failure.cause() == Cause.HTTP_1_1_REQUIRED) {
      pool.goBackToHttp1();
    }
    if ((isRefused || failure.cause() == Cause.HTTP_1_1_REQUIRED) && refusals < MOST_REFUSALS) {
      refusals++;
      pool.dispatchAlone(this);
    } else {
      String text = pool.address() + ": " + failure.text();
      fail(new ExchangeFailure(kindOf(failure.cause()), failure.maybeProcessed(), text));
    }
  }

  private static Kind kindOf(Cause cause) {
    return switch (cause) {
      case REFUSED, RESET, HTTP_1_1_REQUIRED -> Kind.RESET;
      case CLOSED_EARLY -> Kind.CLOSED_EARLY;
      case STALE_CONNECTION -> Kind.STALE_CONNECTION;
      case MALFORMED -> Kind.MALFORMED;
      case TLS -> Kind.TLS;
    };
  }

  void fail(ExchangeFailure failure) {
    if (ended) {
      return;
    }
    if (pool.isPosting()) {
      pool.loop().eventLoop().execute(() -> fail(failure));
      return;
    }
    end();
    listener.onFailure(failure);
  }

  @Override
  public void cancel() {
    if (ended) {
      return;
    }
    Carrier current = carrier;
    end();
    if (current != null) {
      current.abandon(this);
    }
  }

  private void end() {
    ended = true;
    carrier = null;
    dropBody();
  }

  private void dropBody() {
    ReferenceCountUtil.release(body);
    body = null;
  }

  @Override
  public void setReading(boolean on) {
    if (ended) {
      return;
    }
    reading = on;
    if (carrier != null) {
      carrier.setReading(this, on);
    }
  }
}
