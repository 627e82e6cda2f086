package io.fairlead.gateway.websocket;

import io.fairlead.gateway.request.HeaderField;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * What comes of a request to go on as WebSocket.
 *
 * <p>Every origin may, as with CORS: whoever may use the gateway is decided by keys and addresses.
 * No subprotocol is ever chosen.
 *
 * <p>Source: RFC 6455, section 4.2.
 */
public sealed interface Upgrade {
  /**
   * The connection goes on as WebSocket.
   *
   * @param accept the value of {@code Sec-WebSocket-Accept}; empty over HTTP/2, which has none
   * @param extensions the value of {@code Sec-WebSocket-Extensions}, empty for none
   */
  record Agreed(String accept, String extensions) implements Upgrade {
    /** The fields of the answer that agrees. */
    public List<HeaderField> fields() {
      Stream<HeaderField> always =
          Stream.of(UPGRADE, CONNECTION, new HeaderField("Sec-WebSocket-Accept", accept));
      Stream<HeaderField> further =
          Stream.of(new HeaderField("Sec-WebSocket-Extensions", extensions))
              .filter(f -> deflates());
      return Stream.concat(always, further).toList();
    }

    /** Whether messages may be compressed. */
    boolean deflates() {
      return !extensions.isEmpty();
    }
  }

  /**
   * The request is not as RFC 6455 has it.
   *
   * @param status of the answer
   * @param text why
   */
  record Refused(int status, String text) implements Upgrade {}

  /** Names the protocol. */
  HeaderField UPGRADE = new HeaderField("Upgrade", "websocket");

  /** Says that {@link #UPGRADE} concerns this connection alone. */
  HeaderField CONNECTION = new HeaderField("Connection", "Upgrade");

  /** Says which version is spoken, with a refusal for another one. */
  List<HeaderField> VERSION_FIELDS =
      List.of(CONNECTION, UPGRADE, new HeaderField("Sec-WebSocket-Version", "13"));

  /** Whether a request asks for it at all. */
  static boolean isAskedBy(HttpRequest request) {
    return request.method().equals(HttpMethod.GET)
        && request
            .headers()
            .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  /** Looks at a request that asks for it. */
  static Upgrade of(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return new Refused(
          400, "WebSocket over " + request.protocolVersion() + " (expected: HTTP/1.1)");
    }
    if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      return new Refused(400, "Connection: does not name Upgrade (expected: Upgrade)");
    }
    List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    if (!versions.equals(List.of("13"))) {
      return new Refused(426, "Sec-WebSocket-Version: " + versions.size() + " (expected: 13)");
    }
    List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (keys.size() != 1 || !isKey(keys.get(0))) {
      return new Refused(400, "Sec-WebSocket-Key: not one (expected: 16 bytes in base64)");
    }
    String extensions =
        DeflateOffer.agree(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
    return new Agreed(acceptOf(keys.get(0)), extensions);
  }

  /**
   * Looks at a request to go on as WebSocket over HTTP/2, where there is neither a key nor an
   * Upgrade field (RFC 8441, section 5).
   *
   * @param versions the values of {@code sec-websocket-version}
   * @param extensions the values of {@code sec-websocket-extensions}
   */
  static Upgrade overHttp2(List<CharSequence> versions, List<CharSequence> extensions) {
    if (versions.size() != 1 || !"13".contentEquals(versions.get(0))) {
      return new Refused(400, "sec-websocket-version: " + versions.size() + " (expected: 13)");
    }
    return new Agreed("", DeflateOffer.agree(extensions.stream().map(Object::toString).toList()));
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String acceptOf(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      String guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
      digest.update((key + guid).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
