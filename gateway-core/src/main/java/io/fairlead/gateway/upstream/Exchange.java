package io.fairlead.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * The one implementation of {@link UpstreamExchange}: from post to its end.
 *
 * <p>Ownership: holds the request's body until a connection of its own takes it, or until it ends
 * on one that it shares. Thread-safety: loop-confined.
 */
final class Exchange implements UpstreamExchange {
  private final UpstreamPool pool;
  private final ExchangeListener listener;
  private final boolean brief;
  private @Nullable ByteBuf body;
  private @Nullable Connection connection;
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
  ByteBuf board(Connection carrier) {
    ByteBuf kept = body;
    if (kept == null) {
      throw new IllegalStateException("an exchange boards before it starts");
    }
    connection = carrier;
    return kept;
  }

  /** Leaves a shared connection, to start on one of its own. */
  void leave() {
    connection = null;
  }

  /** Ties it to the connection that carries it and hands over the body. */
  ByteBuf start(Connection carrier) {
    ByteBuf taken = body;
    if (taken == null) {
      throw new IllegalStateException("an exchange starts once");
    }
    body = null;
    connection = carrier;
    return taken;
  }

  boolean isReading() {
    return reading;
  }

  boolean hasEnded() {
    return ended;
  }

  void onHead(int status, HttpHeaders headers, long contentLength) {
    if (!ended) {
      listener.onHead(status, headers, contentLength);
    }
  }

  void onContent(ByteBuf chunk) {
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
    Connection carrier = connection;
    end();
    if (carrier != null) {
      carrier.abandon(this);
    }
  }

  private void end() {
    ended = true;
    connection = null;
    ReferenceCountUtil.release(body);
    body = null;
  }

  @Override
  public void setReading(boolean on) {
    if (ended) {
      return;
    }
    reading = on;
    if (connection != null) {
      connection.setReading(this, on);
    }
  }
}
