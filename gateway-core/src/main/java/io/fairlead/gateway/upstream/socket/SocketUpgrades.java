package io.fairlead.gateway.upstream.socket;

import io.fairlead.gateway.upstream.ExchangeFailure;
import io.fairlead.gateway.upstream.Header;
import io.fairlead.gateway.upstream.UpstreamAddress;
import io.fairlead.gateway.upstream.UpstreamDialer;
import io.fairlead.gateway.upstream.socket.WireFailure.Kind;
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
 * <p>Thread-safety: loop-confined.
 */
public final class SocketUpgrades implements Upgrades {
  /** The longest frame that is taken, and the longest message, in bytes. */
  public static final int MAX_MESSAGE_BYTES = 16 << 20;

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
  public SocketUpgrades(UpstreamDialer dialer, Scheduler scheduler, long handshakeTimeoutNanos) {
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
  public Upgrade begin(UpgradeListener listener) {
    UpgradeAttempt attempt =
        new UpgradeAttempt(newHandshaker(), listener, dialer.address().toString());
    // Told later, so that the caller has the attempt first.
    scheduler.schedule(() -> dial(attempt), 0);
    return attempt;
  }

  private void dial(UpgradeAttempt attempt) {
    dialer.dial(
        () -> List.of(newCodec(), attempt.newHandler()),
        new UpstreamDialer.Listener() {
          @Override
          public void onOpen(Channel channel) {
            attempt.onConnected(channel, scheduler, handshakeTimeoutNanos);
          }

          @Override
          public void onFailed(ExchangeFailure.Kind kind, String text) {
            attempt.fail(WireFailure.of(Kind.UNREACHABLE, text));
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
