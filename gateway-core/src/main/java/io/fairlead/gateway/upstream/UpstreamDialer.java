package io.fairlead.gateway.upstream;

import io.fairlead.gateway.upstream.ExchangeFailure.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens single connections to one upstream for whoever speaks something else than pooled HTTP over
 * them: names resolved, addresses tried in turn, TLS done, all with the pools' time limits.
 *
 * <p>Thread-safety: loop-confined.
 */
public final class UpstreamDialer {
  private final Connector connector;

  UpstreamDialer(Connector connector) {
    this.connector = connector;
  }

  /** Where it connects to. */
  public UpstreamAddress address() {
    return connector.address();
  }

  /**
   * Hears how an attempt ended, on the loop, perhaps before {@link UpstreamDialer#dial} returns.
   */
  public interface Listener {
    /**
     * The connection is open; it is the listener's to close.
     *
     * @param channel behind TLS, if any, stand the handlers that were given
     */
    void onOpen(Channel channel);

    /**
     * There will be no connection.
     *
     * @param kind what happened
     * @param text why, with the upstream's host and without secrets
     */
    void onFailed(Kind kind, String text);
  }

  /**
   * Begins to connect.
   *
   * @param handlers the handlers behind TLS, made anew for each address that is tried
   * @param listener hears the end
   */
  public void dial(Supplier<List<ChannelHandler>> handlers, Listener listener) {
    connector.connect(
        new Dial(
            connector,
            new Dial.Target() {
              @Override
              public boolean offersHttp2() {
                return false;
              }

              @Override
              public List<ChannelHandler> newHandlers(@Nullable String protocol) {
                return handlers.get();
              }

              @Override
              public void onConnected(long tookNanos) {
                // TLS may still fail; what is told is the end.
              }

              @Override
              public void onOpen(Channel channel) {
                listener.onOpen(channel);
              }

              @Override
              public void onFailed(Kind kind, String text) {
                listener.onFailed(kind, text);
              }
            }));
  }
}
