package io.fairlead.gateway.rpc;

import io.fairlead.gateway.request.HeaderField;
import java.util.ArrayList;
import java.util.List;
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
  private static final String VERBS = "POST, OPTIONS";

  /** The verbs that are understood. */
  static final HeaderField ALLOW = new HeaderField("Allow", VERBS);

  private Preflight() {}

  /** The fields that answer a preflight. */
  static List<HeaderField> fields(RequestHead head) {
    List<HeaderField> fields = new ArrayList<>();
    fields.add(new HeaderField("Access-Control-Allow-Methods", VERBS));
    fields.add(new HeaderField("Access-Control-Allow-Headers", allowed(head.asksForFields())));
    fields.add(new HeaderField("Access-Control-Max-Age", "86400"));
    if (head.asksForPrivateNetwork()) {
      fields.add(new HeaderField("Access-Control-Allow-Private-Network", "true"));
    }
    fields.add(ALLOW);
    fields.add(new HeaderField("Vary", "Access-Control-Request-Headers"));
    return fields;
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
