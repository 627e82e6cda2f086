package io.fairlead.gateway.rpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Requests of HTTP/1.1 as RFC 9112 has them and in no other way, read from bytes that are all here:
 * what a decoder that reads pieces, and has limits, is compared with.
 *
 * <p>It knows nothing of limits nor of what a target or a host may be, only what tells where a
 * request ends. Thread-safety: one thread. Source: RFC 9112, sections 2.2, 3, 5, 6 and 7.1.
 */
final class StrictReader {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final byte[] bytes;
  private int at;

  StrictReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * A whole request.
   *
   * @param line method, target and version
   * @param body the body without chunks, a byte a character
   */
  record Request(String line, String body) {}

  /** Bytes that are no request, or the end of what came. */
  private static final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(null, null, false, false);
    }
  }

  /** All requests up to the first that is not whole or not as it should be. */
  List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    try {
      while (true) {
        requests.add(request());
      }
    } catch (Stopped e) {
      return requests;
    }
  }

  private Request request() throws Stopped {
    String line = line();
    if (line.isEmpty()) {
      line = line();
    }
    require(line.matches("[!-~]+ [!-~]+ HTTP/1\\.[01]"));
    String length = null;
    String coding = null;
    for (String field = line(); !field.isEmpty(); field = line()) {
      int colon = field.indexOf(':');
      require(colon > 0 && isToken(field.substring(0, colon)));
      String name = field.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = trimmed(field.substring(colon + 1));
      if (name.equals("content-length")) {
        require(length == null);
        length = value;
      } else if (name.equals("transfer-encoding")) {
        require(coding == null);
        coding = value;
      }
    }
    require(length == null || coding == null);
    require(coding == null || line.endsWith("1"));
    return new Request(line, coding == null ? fixed(length) : chunked(coding));
  }

  private String fixed(@Nullable String length) throws Stopped {
    if (length == null) {
      return "";
    }
    require(length.matches("[0-9]{1,19}"));
    return take(length);
  }

  private String take(String decimal) throws Stopped {
    String digits = decimal.replaceFirst("^0+(?=.)", "");
    require(digits.length() < 10);
    return take(Integer.parseInt(digits));
  }

  private String chunked(String coding) throws Stopped {
    require(coding.toLowerCase(Locale.ROOT).equals("chunked"));
    StringBuilder body = new StringBuilder();
    while (true) {
      String line = line();
      int end = line.indexOf(';');
      String size = end < 0 ? line : line.substring(0, end);
      require(size.matches("[0-9A-Fa-f]{1,7}"));
      int chunk = Integer.parseInt(size, 16);
      if (chunk == 0) {
        break;
      }
      body.append(take(chunk));
      require(line().isEmpty());
    }
    for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
      require(trailer.charAt(0) > ' ');
    }
    return body.toString();
  }

  /** A line without its end; nothing in it may be taken for an end by anybody. */
  private String line() throws Stopped {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (at < bytes.length) {
      byte next = bytes[at++];
      if (next == '\r') {
        require(at < bytes.length && bytes[at++] == '\n');
        return line.toString(StandardCharsets.ISO_8859_1);
      }
      require(next != '\n' && next != 0);
      line.write(next);
    }
    throw new Stopped();
  }

  private String take(int length) throws Stopped {
    require(bytes.length - at >= length);
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.ISO_8859_1);
  }

  private static String trimmed(String value) {
    return value.replaceFirst("^[ \t]+", "").replaceFirst("[ \t]+$", "");
  }

  private static boolean isToken(String name) {
    return name.chars()
        .allMatch(
            c ->
                (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || TOKEN_MARKS.indexOf(c) >= 0);
  }

  private static void require(boolean holds) throws Stopped {
    if (!holds) {
      throw new Stopped();
    }
  }
}
