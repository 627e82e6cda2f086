package io.fairlead.gateway.upstream;

import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where an upstream is reached and with which credential.
 *
 * <p>Path, query and headers may hold secrets: {@link #toString} shows scheme, host and port alone.
 *
 * @param scheme {@code http} or {@code https}, {@code ws} or {@code wss} for WebSocket
 * @param host a name or a literal address, without brackets
 * @param port 1 to 65535
 * @param path with query, begins with {@code /}
 * @param headers what goes with each request besides the gateway's own
 * @param allowsLinkLocal whether the host may be, or resolve to, a link-local or metadata address
 */
public record UpstreamAddress(
    String scheme,
    String host,
    int port,
    String path,
    List<Header> headers,
    boolean allowsLinkLocal) {
  /** Fields that the gateway writes itself or that belong to one hop. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "accept-encoding",
          "proxy-connection");

  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** Checks each part; messages never repeat what may be secret. */
  public UpstreamAddress {
    scheme = scheme.toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      throw new IllegalArgumentException(
          "url: scheme '" + scheme + "' (expected: http, https, ws or wss)");
    }
    if (host.isEmpty() || !host.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')) {
      throw new IllegalArgumentException("url: host '" + host + "' (expected: a host name)");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("url: port " + port + " (expected: 1 to 65535)");
    }
    if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "url: path (secret) (expected: '/' and ASCII without spaces)");
    }
    headers = List.copyOf(headers);
    for (Header header : headers) {
      if (RESERVED.contains(header.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "header " + header.name() + ": (expected: a field that the gateway does not own)");
      }
    }
  }

  /** An address that must be neither link-local nor one of a metadata service. */
  public UpstreamAddress(String scheme, String host, int port, String path, List<Header> headers) {
    this(scheme, host, port, path, headers, false);
  }

  /**
   * The address that a URL names. A user and password in it become an Authorization header.
   *
   * @param url {@code http}, {@code https}, {@code ws} or {@code wss}
   * @param headers further header fields by name
   * @return the address
   * @throws IllegalArgumentException with a message that repeats no secret
   */
  public static UpstreamAddress parse(String url, Map<String, String> headers) {
    URI uri = toUri(url);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost() == null ? "" : uri.getHost();
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int defaultPort = isTls(scheme) ? HTTPS_PORT : HTTP_PORT;
    int port = uri.getPort() < 0 ? defaultPort : uri.getPort();
    return new UpstreamAddress(scheme, host, port, pathOf(uri), headersOf(uri, headers));
  }

  private static URI toUri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      // The exception's message repeats the URL, and with it the key.
      throw new IllegalArgumentException(
          "url: " + e.getReason() + " at index " + e.getIndex() + " (expected: an http URL)");
    }
  }

  private static String pathOf(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static List<Header> headersOf(URI uri, Map<String, String> headers) {
    List<Header> all = new ArrayList<>();
    headers.forEach((name, value) -> all.add(new Header(name, value)));
    boolean authorized = all.stream().anyMatch(h -> h.name().equalsIgnoreCase("authorization"));
    if (uri.getUserInfo() != null && !authorized) {
      byte[] credential = uri.getUserInfo().getBytes(StandardCharsets.UTF_8);
      all.add(
          new Header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credential)));
    }
    return all;
  }

  /**
   * Whether the connection is encrypted.
   *
   * @return true for {@code https} and {@code wss}
   */
  public boolean isTls() {
    return isTls(scheme);
  }

  private static boolean isTls(String scheme) {
    return scheme.equals("https") || scheme.equals("wss");
  }

  /**
   * Whether the host is a literal address, so that no name need be resolved.
   *
   * @return whether it is one
   */
  public boolean isLiteral() {
    return NetUtil.createByteArrayFromIpAddressString(host) != null;
  }

  /**
   * Host and port as the Host header says it: the port only when it is not the scheme's own.
   *
   * @return the authority
   */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    boolean isDefault = port == (isTls() ? HTTPS_PORT : HTTP_PORT);
    return isDefault ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return scheme + "://" + authority() + (path.equals("/") ? "" : "/(secret)");
  }
}
