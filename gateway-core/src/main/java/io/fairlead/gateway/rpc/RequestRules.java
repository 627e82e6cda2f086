package io.fairlead.gateway.rpc;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a decoded head must not have, because two readers could make two things of it.
 *
 * <p>Thread-safety: stateless. Source: RFC 9112, sections 3.2, 6.1, 6.2 and 6.3; RFC 9110, section
 * 7.2.
 */
final class RequestRules {
  private RequestRules() {}

  /**
   * What is wrong with a head.
   *
   * @return null if nothing is
   */
  static @Nullable String amissIn(HttpRequest request) {
    HttpHeaders headers = request.headers();
    boolean isHttp10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      if (isHttp10) {
        return "Transfer-Encoding with HTTP/1.0";
      }
      if (!isChunkedAlone(headers.getAll(HttpHeaderNames.TRANSFER_ENCODING))) {
        return "Transfer-Encoding: not understood (expected: chunked, once)";
      }
    }
    Iterator<String> hosts = headers.valueStringIterator(HttpHeaderNames.HOST);
    String host = hosts.hasNext() ? hosts.next() : null;
    if (hosts.hasNext() || (host == null && !isHttp10)) {
      return "Host: missing or repeated";
    }
    if (host != null && !isHost(host)) {
      return "Host: not a host and a port";
    }
    return targetAmiss(request, host);
  }

  private static boolean isChunkedAlone(List<String> codings) {
    return codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0));
  }

  private static boolean isHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (" \t,/?#@\\\"<>^`{|}".indexOf(host.charAt(i)) >= 0 || host.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String targetAmiss(HttpRequest request, @Nullable String host) {
    String target = request.uri();
    if (target.startsWith("/")) {
      return null;
    }
    if (target.equals("*")) {
      return request.method().equals(HttpMethod.OPTIONS) ? null : "target: * without OPTIONS";
    }
    String authority = authorityIn(target);
    if (authority == null) {
      return "target: neither a path nor http://host/path";
    }
    return host == null || authority.equalsIgnoreCase(host)
        ? null
        : "Host: unlike that of the target";
  }

  /** The authority of a target in absolute form; null if it is in another one. */
  private static @Nullable String authorityIn(String target) {
    String lower = target.toLowerCase(Locale.ROOT);
    int start = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
    if (start < 0) {
      return null;
    }
    int end = start;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return end == start ? null : target.substring(start, end);
  }
}
