package io.fairlead.gateway.stream;

import io.fairlead.gateway.stream.WireFailure.Kind;
import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.gateway.upstream.Header;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.gateway.upstream.UpstreamDialer;
import io.fairlead.routing.time.Scheduler;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * WebSocket connections (RFC 6455) over TCP or TLS to one upstream.
 *
 * <p>No {@code Origin} is sent: nodes refuse those of pages that they do not know. Compression is
 * not offered: heads are small, and whoever compresses for us could make little bytes many.
 *
 * <p>Thread-safety: confined to the home loop.
 */
public final class WebSocketWires implements Wires {
  /** The longest message that is taken, in bytes. */
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  private static final int MAX_LINE_BYTES = 4096;
  private static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int CHUNK_BYTES = 8192;
  private static final long FORCE_CLOSE_MILLIS = 1000;

  private final UpstreamDialer dialer;
  private final Scheduler scheduler;
  private final long handshakeTimeoutNanos;
  private final URI uri;

  /**
   * Connections to the dialer's address.
   *
   * @param dialer opens connections; its address is {@code ws} or {@code wss}
   * @param scheduler the loop's
   * @param handshakeTimeoutNanos for the upgrade, once the connection is there
   * @throws IllegalArgumentException if the address makes no URL; the message has no secret
   */
  public WebSocketWires(UpstreamDialer dialer, Scheduler scheduler, long handshakeTimeoutNanos) {
    this.dialer = dialer;
    this.scheduler = scheduler;
    this.handshakeTimeoutNanos = handshakeTimeoutNanos;
    this.uri = toUri(dialer.address());
  }

  private static URI toUri(UpstreamAddress address) {
    try {
      return new URI((address.isTls() ? "wss://" : "ws://") + address.authority() + address.path());
    } catch (URISyntaxException e) {
      // The exception's message repeats the path, and with it the key.
      throw new IllegalArgumentException(
          "ws: " + e.getReason() + " at index " + e.getIndex() + " (expected: a ws or wss URL)");
    }
  }

  @Override
  public Wire open(WireListener listener) {
    WebSocketWire wire = new WebSocketWire(newHandshaker(), listener, dialer.address().toString());
    // Told later, so that the caller has the wire first.
    scheduler.schedule(() -> dial(wire), 0);
    return wire;
  }

  private void dial(WebSocketWire wire) {
    dialer.dial(
        () -> List.of(newCodec(), wire.newHandler()),
        new UpstreamDialer.Listener() {
          @Override
          public void onOpen(Channel channel) {
            wire.onConnected(channel, scheduler, handshakeTimeoutNanos);
          }

          @Override
          public void onFailed(ExchangeFailure.Kind kind, String text) {
            wire.end(WireFailure.of(Kind.UNREACHABLE, text));
          }
        });
  }

  private static HttpClientCodec newCodec() {
    return new HttpClientCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, CHUNK_BYTES, true);
  }

  private WebSocketClientHandshaker newHandshaker() {
    boolean performMasking = true;
    boolean allowMaskMismatch = false;
    boolean absoluteUpgradeUrl = false;
    boolean generateOrigin = false;
    return WebSocketClientHandshakerFactory.newHandshaker(
        uri,
        WebSocketVersion.V13,
        null,
        false,
        headers(),
        MAX_MESSAGE_BYTES,
        performMasking,
        allowMaskMismatch,
        FORCE_CLOSE_MILLIS,
        absoluteUpgradeUrl,
        generateOrigin);
  }

  private HttpHeaders headers() {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.HOST, dialer.address().authority());
    headers.set(HttpHeaderNames.USER_AGENT, "fairlead");
    for (Header header : dialer.address().headers()) {
      headers.set(header.name(), header.value());
    }
    return headers;
  }
}
