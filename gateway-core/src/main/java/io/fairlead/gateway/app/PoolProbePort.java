package io.fairlead.gateway.app;

import io.fairlead.gateway.net.IoLoop;
import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.gateway.upstream.ExchangeListener;
import io.fairlead.gateway.upstream.UpstreamExchange;
import io.fairlead.gateway.upstream.UpstreamPool;
import io.fairlead.gateway.upstream.UpstreamPools;
import io.fairlead.probes.ProbeCallback;
import io.fairlead.probes.ProbePort;
import io.fairlead.routing.time.Scheduler.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends probes over the same connections as traffic, each upstream's on one event loop.
 *
 * <p>Thread-safety: {@link #call} on the control thread; the exchange lives on the event loop;
 * callbacks come on the control thread.
 */
final class PoolProbePort implements ProbePort {
  private static final int MAX_ANSWER_BYTES = 4 << 20;

  private final Function<String, @Nullable Home> homes;
  private final Executor control;

  /**
   * Where an upstream's probes go out.
   *
   * @param loop the event loop
   * @param pools that loop's pools
   * @param slot the upstream's slot
   */
  record Home(IoLoop loop, UpstreamPools pools, int slot) {}

  PoolProbePort(Function<String, @Nullable Home> homes, Executor control) {
    this.homes = homes;
    this.control = control;
  }

  @Override
  public void call(String upstreamId, byte[] body, long timeoutNanos, ProbeCallback callback) {
    Home home = homes.apply(upstreamId);
    if (home == null) {
      control.execute(() -> callback.onFailure(false, "dropped from the configuration"));
      return;
    }
    home.loop()
        .eventLoop()
        .execute(() -> new Probe(control, callback).send(home, body, timeoutNanos));
  }

  /** One probe on its event loop. */
  private static final class Probe implements ExchangeListener {
    private final Executor control;
    private final ProbeCallback callback;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(512);
    private @Nullable UpstreamExchange exchange;
    private @Nullable Cancellable timeout;
    private int httpStatus;
    private boolean ended;

    Probe(Executor control, ProbeCallback callback) {
      this.control = control;
      this.callback = callback;
    }

    void send(Home home, byte[] body, long timeoutNanos) {
      UpstreamPool pool = home.pools().pool(home.slot());
      if (pool == null) {
        fail(false, "dropped from the configuration");
        return;
      }
      timeout = home.loop().schedule(this::onTimeout, timeoutNanos);
      exchange = pool.post(Unpooled.wrappedBuffer(body), false, this);
    }

    private void onTimeout() {
      if (!ended) {
        cancelExchange();
        fail(true, "no answer in time");
      }
    }

    private void cancelExchange() {
      UpstreamExchange current = exchange;
      if (current != null) {
        current.cancel();
      }
    }

    @Override
    public void onHead(int status, HttpHeaders headers, long contentLength) {
      httpStatus = status;
    }

    @Override
    public void onContent(ByteBuf chunk) {
      try {
        if (answer.size() + chunk.readableBytes() > MAX_ANSWER_BYTES) {
          cancelExchange();
          fail(false, "its answer is longer than " + MAX_ANSWER_BYTES + " bytes");
          return;
        }
        byte[] bytes = new byte[chunk.readableBytes()];
        chunk.readBytes(bytes);
        answer.writeBytes(bytes);
      } finally {
        chunk.release();
      }
    }

    @Override
    public void onComplete() {
      end();
      byte[] whole = answer.toByteArray();
      control.execute(() -> callback.onAnswer(httpStatus, whole));
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
      fail(false, failure.text());
    }

    private void fail(boolean timedOut, String reason) {
      end();
      control.execute(() -> callback.onFailure(timedOut, reason));
    }

    private void end() {
      ended = true;
      if (timeout != null) {
        timeout.cancel();
      }
    }
  }
}
