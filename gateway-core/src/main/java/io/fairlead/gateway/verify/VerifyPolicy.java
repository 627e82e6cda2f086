package io.fairlead.gateway.verify;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.CallSpans;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * What is verified on a chain.
 *
 * @param community the ids of the upstreams that are not trusted
 * @param quorum how many failure domains must agree, 2 or more
 * @param methods of which methods, by name or by its beginning and {@code *}
 * @param passesUnconfirmed whether a client gets an answer that nobody could confirm
 */
public record VerifyPolicy(
    Set<String> community, int quorum, List<String> methods, boolean passesUnconfirmed) {
  /** Checks the quorum and copies. */
  public VerifyPolicy {
    community = Set.copyOf(community);
    methods = List.copyOf(methods);
    if (quorum < 2) {
      throw new IllegalArgumentException("quorum: " + quorum + " (expected: 2 or more)");
    }
  }

  boolean isChosen(CallMessage message) {
    String name = message.spec().isExact() ? message.spec().name() : writtenName(message);
    for (String pattern : methods) {
      boolean fits =
          pattern.endsWith("*")
              ? name.startsWith(pattern.substring(0, pattern.length() - 1))
              : name.equals(pattern);
      if (fits) {
        return true;
      }
    }
    return false;
  }

  private static String writtenName(CallMessage message) {
    CallSpans spans = message.spans();
    return message
        .body()
        .toString(spans.methodStart(), spans.methodLength(), StandardCharsets.US_ASCII);
  }
}
