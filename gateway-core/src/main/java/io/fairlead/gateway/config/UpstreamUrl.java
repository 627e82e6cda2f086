package io.fairlead.gateway.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of an upstream, whose user-info, path and query may carry a key.
 *
 * <p>{@link #toString()} shows scheme, host and port only, and {@code ***} for the rest. What may
 * be secret comes out as {@link Secret}.
 */
public final class UpstreamUrl {
  private static final Map<String, Integer> DEFAULT_PORTS =
      Map.of("http", 80, "https", 443, "ws", 80, "wss", 443);
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?<user>[^@/?#]*)@)?"
              + "(?<host>\\[[^\\]]*\\]|[^:/?#\\[\\]]+)(?::(?<port>[0-9]{1,5}))?(?<target>[/?].*)?");
  private static final Pattern PRINTABLE =
      Pattern.compile("(?:[!-~&&[^#%\"<>\\\\^`{|}]]|%[0-9A-Fa-f]{2})+");

  private final String scheme;
  private final HostPort address;
  private final boolean portGiven;
  private final Optional<Secret> userInfo;
  private final Secret target;

  private UpstreamUrl(String scheme, HostPort address, Matcher m) {
    this.scheme = scheme;
    this.address = address;
    this.portGiven = m.group("port") != null;
    this.userInfo = Optional.ofNullable(m.group("user")).map(Secret::of);
    String rest = Optional.ofNullable(m.group("target")).orElse("/");
    this.target = Secret.of(rest.startsWith("?") ? "/" + rest : rest);
  }

  /**
   * Reads a URL with one of the schemes http, https, ws and wss.
   *
   * @param text the URL
   * @return the URL, or empty if the text is not one; the text is in no message
   */
  public static Optional<UpstreamUrl> parse(String text) {
    Matcher m = SHAPE.matcher(text);
    if (!PRINTABLE.matcher(text).matches() || !m.matches()) {
      return Optional.empty();
    }
    String scheme = m.group("scheme").toLowerCase(Locale.ROOT);
    Integer defaultPort = DEFAULT_PORTS.get(scheme);
    if (defaultPort == null) {
      return Optional.empty();
    }
    String port = Optional.ofNullable(m.group("port")).orElse(defaultPort.toString());
    return HostPort.parse(m.group("host") + ":" + port)
        .filter(a -> a.port() > 0)
        .map(a -> new UpstreamUrl(scheme, a, m));
  }

  /**
   * Reads a URL that the program itself made.
   *
   * @param text the URL
   * @return the URL
   */
  public static UpstreamUrl of(String text) {
    return parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("url: *** (expected: http, https, ws or wss URL)"));
  }

  /**
   * The scheme in lower case.
   *
   * @return http, https, ws or wss
   */
  public String scheme() {
    return scheme;
  }

  /**
   * Whether the connection is encrypted.
   *
   * @return true for https and wss
   */
  public boolean isTls() {
    return scheme.equals("https") || scheme.equals("wss");
  }

  /**
   * Where to connect; the port is the scheme's own if the URL names none.
   *
   * @return host and port
   */
  public HostPort address() {
    return address;
  }

  /**
   * The value of the {@code Host} header: the port only if the URL names it.
   *
   * @return the authority without user-info
   */
  public String hostHeader() {
    String text = address.toString();
    return portGiven ? text : text.substring(0, text.lastIndexOf(':'));
  }

  /**
   * The request target: path and query, as written.
   *
   * @return starts with a slash
   */
  public Secret target() {
    return target;
  }

  /**
   * What stands before the {@code @}, as basic authentication.
   *
   * @return the value of an {@code Authorization} header, or empty
   */
  public Optional<Secret> basicAuthorization() {
    return userInfo.map(
        secret -> {
          byte[] plain = decoded(secret.reveal()).getBytes(StandardCharsets.UTF_8);
          return Secret.of("Basic " + Base64.getEncoder().encodeToString(plain));
        });
  }

  private static String decoded(String text) {
    // URLDecoder reads forms, where a plus sign is a space.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof UpstreamUrl other
        && scheme.equals(other.scheme)
        && address.equals(other.address)
        && portGiven == other.portGiven
        && userInfo.equals(other.userInfo)
        && target.equals(other.target);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + target.hashCode();
  }

  @Override
  public String toString() {
    return scheme + "://" + address + "/***";
  }
}
