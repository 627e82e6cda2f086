package io.fairlead.gateway.rpc;

import io.fairlead.gateway.request.HeaderField;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of HTTP/1.1 that offers to go on with HTTP/2 on a connection without TLS, as the JDK's
 * client does with its first. An offer that is not as it should be is passed over and the request
 * served by HTTP/1.1, which is what a server does that knows no HTTP/2.
 *
 * <p>Thread-safety: stateless. Source: RFC 7540, section 3.2 (RFC 9113 has dropped it).
 */
final class CleartextUpgrade {
  /** The fields of the answer that agrees. */
  static final List<HeaderField> AGREED =
      List.of(new HeaderField("Connection", "Upgrade"), new HeaderField("Upgrade", "h2c"));

  private static final AsciiString H2C = AsciiString.cached("h2c");
  private static final AsciiString SETTINGS = AsciiString.cached("HTTP2-Settings");

  private CleartextUpgrade() {}

  /** The settings of a client that offers it; null if it does not. */
  static @Nullable Http2Settings offeredBy(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> settings = headers.getAll(SETTINGS);
    boolean isOffer =
        settings.size() == 1
            && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
            && headers.containsValue(HttpHeaderNames.UPGRADE, H2C, true)
            && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
            && headers.containsValue(HttpHeaderNames.CONNECTION, SETTINGS, true);
    return isOffer ? read(settings.get(0)) : null;
  }

  private static @Nullable Http2Settings read(String field) {
    try {
      ByteBuffer payload = ByteBuffer.wrap(Base64.getUrlDecoder().decode(field));
      Http2Settings settings = new Http2Settings();
      while (payload.remaining() >= Http2CodecUtil.SETTING_ENTRY_LENGTH) {
        settings.put(payload.getChar(), Long.valueOf(payload.getInt() & 0xffff_ffffL));
      }
      return payload.hasRemaining() ? null : settings;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
