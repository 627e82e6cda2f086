package io.fairlead.gateway.upstream;

/**
 * A header field that goes to an upstream with each request.
 *
 * @param name a token of RFC 9110
 * @param value visible text without CR, LF and NUL; may be a secret and is never shown
 */
public record Header(String name, String value) {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  /** Checks that name and value cannot break the framing of a request. */
  public Header {
    if (name.isEmpty() || !name.chars().allMatch(Header::isTokenChar)) {
      throw new IllegalArgumentException("header name: '" + name + "' (expected: a token)");
    }
    if (!value.chars().allMatch(Header::isValueChar)) {
      throw new IllegalArgumentException(
          "header " + name + ": (secret) (expected: ASCII text without line breaks)");
    }
  }

  private static boolean isTokenChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_MARKS.indexOf(c) >= 0;
  }

  private static boolean isValueChar(int c) {
    return c == '\t' || (c >= ' ' && c < 0x7f);
  }

  @Override
  public String toString() {
    return name + ": (secret)";
  }
}
