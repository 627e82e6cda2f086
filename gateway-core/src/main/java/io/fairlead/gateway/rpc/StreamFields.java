package io.fairlead.gateway.rpc;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a request of HTTP/2 that is well formed from one that could mean another thing to somebody
 * else. Netty's decoder has refused upper case, unknown and misplaced pseudo-fields, fields that
 * belong to a connection, and a length unlike that of the DATA before.
 *
 * <p>Thread-safety: stateless. Source: RFC 9113, sections 8.2.1 and 8.3.1.
 */
final class StreamFields {
  private StreamFields() {}

  /** Whether a request that is no CONNECT has what every request has, and nothing amiss. */
  static boolean areWhole(Http2Headers headers) {
    return !isBlank(headers.method())
        && !isBlank(headers.scheme())
        && isTarget(headers.path())
        && areClean(headers);
  }

  /** Whether no value has line ends or spaces around it, and all hosts are the same. */
  static boolean areClean(Http2Headers headers) {
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      if (!isValue(field.getValue())) {
        return false;
      }
    }
    return agreeOnHost(headers);
  }

  private static boolean isBlank(@Nullable CharSequence value) {
    return value == null || value.isEmpty();
  }

  private static boolean isTarget(@Nullable CharSequence path) {
    return path != null
        && (path.toString().startsWith("/") || path.toString().equals("*"))
        && path.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static boolean isValue(CharSequence value) {
    int length = value.length();
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        return false;
      }
    }
    return length == 0 || !(isSpace(value.charAt(0)) || isSpace(value.charAt(length - 1)));
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean agreeOnHost(Http2Headers headers) {
    List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
    CharSequence authority = headers.authority();
    return hosts.isEmpty()
        || (hosts.size() == 1
            && (authority == null
                || authority.toString().equalsIgnoreCase(hosts.get(0).toString())));
  }
}
