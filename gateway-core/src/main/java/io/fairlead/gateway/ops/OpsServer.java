package io.fairlead.gateway.ops;

import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Listener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The HTTP server of the ops port: {@code /metrics}, {@code /healthz}, {@code /readyz} and the
 * status page at {@code /}.
 *
 * <p>Thread-safety: safe; {@link #start} and {@link #close} wait and so must not run on a loop.
 */
public final class OpsServer implements AutoCloseable {
  private static final int BODY_BYTES = 4096;
  private static final int GZIP_FROM_BYTES = 1024;
  private static final int IDLE_SECONDS = 75;

  private final Listener<InetSocketAddress> listener;

  private OpsServer(Listener<InetSocketAddress> listener) {
    this.listener = listener;
  }

  /**
   * Begins to listen.
   *
   * @param loops of its own, one is enough: pages are made there
   * @param address where; port 0 takes a free one
   * @param view what there is to show
   * @param metrics what there is to scrape
   * @return the running server
   * @throws IOException if the address cannot be had
   */
  public static OpsServer start(
      EventLoops loops, InetSocketAddress address, OpsView view, GatewayMetrics metrics)
      throws IOException {
    OpsPages pages = new OpsPages(view, metrics);
    return new OpsServer(Listener.bind(loops, address, loop -> new Pipeline(pages)));
  }

  /**
   * Where it listens, with the port that was taken.
   *
   * @return the address
   */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** Accepts no more; open connections end with their loops. */
  @Override
  public void close() {
    listener.close();
  }

  /** What a connection goes through. */
  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final OpsPages pages;

    Pipeline(OpsPages pages) {
      this.pages = pages;
    }

    @Override
    protected void initChannel(Channel channel) {
      ChannelHandler gzip =
          new HttpContentCompressor(GZIP_FROM_BYTES, StandardCompressionOptions.gzip());
      channel
          .pipeline()
          .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
          .addLast(new HttpServerCodec())
          .addLast(new HttpServerKeepAliveHandler())
          .addLast(gzip)
          .addLast(new HttpObjectAggregator(BODY_BYTES))
          .addLast(new OpsHandler(pages));
    }
  }
}
