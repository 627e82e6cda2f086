package io.fairlead.gateway.websocket;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is answered to a client that offers extensions: permessage-deflate without context takeover
 * in either direction, or nothing.
 *
 * <p>The first offer that can be met is taken. One that asks us for a window below 32 KiB cannot:
 * the JDK's deflater has the one size. A client may keep its own window as small as it likes.
 *
 * <p>Thread-safety: stateless. Source: RFC 6455, section 9.1; RFC 7692, sections 5 and 7.1.
 */
final class DeflateOffer {
  private static final String NAME = "permessage-deflate";
  private static final String AGREED =
      NAME + "; server_no_context_takeover; client_no_context_takeover";

  private DeflateOffer() {}

  /**
   * Looks at the offers.
   *
   * @param fields the values of {@code Sec-WebSocket-Extensions}, each a list of offers
   * @return what is agreed, empty for no extension
   */
  static String agree(List<String> fields) {
    for (String field : fields) {
      for (String offer : field.split(",", -1)) {
        Optional<String> agreed = answer(offer.strip());
        if (agreed.isPresent()) {
          return agreed.get();
        }
      }
    }
    return "";
  }

  private static Optional<String> answer(String offer) {
    String[] parts = offer.split(";", -1);
    if (!parts[0].strip().equalsIgnoreCase(NAME)) {
      return Optional.empty();
    }
    Set<String> seen = new HashSet<>();
    String window = "";
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
      String name = parameter.replaceFirst("\\s*=.*", "");
      if (!seen.add(name) || !canMeet(parameter)) {
        return Optional.empty();
      }
      if (name.equals("server_max_window_bits")) {
        window = "; server_max_window_bits=15";
      }
    }
    return Optional.of(AGREED + window);
  }

  private static boolean canMeet(String parameter) {
    return switch (parameter) {
      case "server_no_context_takeover",
          "client_no_context_takeover",
          "client_max_window_bits",
          "server_max_window_bits=15" ->
          true;
      default -> parameter.matches("client_max_window_bits=([89]|1[0-5])");
    };
  }
}
