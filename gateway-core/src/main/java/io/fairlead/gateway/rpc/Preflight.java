package io.fairlead.gateway.rpc;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a browser is told when it asks beforehand whether a page may call us.
 *
 * <p>Every page may: whoever may use the gateway is decided by keys and addresses, not by origins.
 *
 * <p>Source: the Fetch standard (CORS protocol) and the draft on private network access, which a
 * page needs to reach a gateway on the wallet's own machine.
 */
final class Preflight {
  private static final int MAX_ECHO_CHARS = 1024;

  private Preflight() {}

  /** The fields that answer a preflight, each ended by CR LF. */
  static String fields(RequestHead head) {
    HttpHeaders headers = head.headers();
    StringBuilder fields = new StringBuilder(256);
    fields.append("Access-Control-Allow-Methods: POST, OPTIONS\r\n");
    fields
        .append("Access-Control-Allow-Headers: ")
        .append(allowed(headers.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS)))
        .append("\r\nAccess-Control-Max-Age: 86400\r\n");
    if (headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK)) {
      fields.append("Access-Control-Allow-Private-Network: true\r\n");
    }
    fields.append("Allow: POST, OPTIONS\r\n");
    return fields.append("Vary: Access-Control-Request-Headers\r\n").toString();
  }

  private static String allowed(@Nullable String asked) {
    if (asked == null || asked.length() > MAX_ECHO_CHARS || !isFieldNames(asked)) {
      return "Content-Type, Authorization, Content-Encoding";
    }
    return asked;
  }

  private static boolean isFieldNames(String text) {
    return text.chars()
        .allMatch(c -> c == '-' || c == '_' || c == ',' || c == ' ' || isAlphanumeric(c));
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
