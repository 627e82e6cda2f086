package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.feed.Log;
import io.fairlead.gateway.jsonrpc.HexQuantity;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which logs a subscription wants; two that are written differently but want the same are equal.
 *
 * <p>Source: the filter object of {@code eth_subscribe}; an address or a topic may be one value or
 * a list of alternatives, and null or an empty list in a topic's place stands for any.
 *
 * <p>Thread-safety: immutable.
 *
 * @param addresses of contracts, in lower case; empty for any
 * @param topics alternatives by place, in lower case; an empty set for any
 * @param fromBlocks the first block whose logs are wanted, 0 for no bound
 * @param toBlocks the last one, {@link Long#MAX_VALUE} for no bound
 */
record LogMatch(Set<String> addresses, List<Set<String>> topics, long fromBlocks, long toBlocks) {
  /** Every log. */
  static final LogMatch ALL = new LogMatch(Set.of(), List.of(), 0, Long.MAX_VALUE);

  private static final int MOST_TOPICS = 4;
  private static final Pattern ADDRESS = Pattern.compile("0[xX][0-9a-fA-F]{40}");
  private static final Pattern TOPIC = Pattern.compile("0[xX][0-9a-fA-F]{64}");

  LogMatch {
    addresses = Set.copyOf(addresses);
    topics = topics.stream().<Set<String>>map(Set::copyOf).toList();
  }

  /**
   * Reads a filter object.
   *
   * @param filter one JSON value
   * @return what it wants
   * @throws IllegalArgumentException what is wrong with it, in the words of nodes
   */
  static LogMatch parse(ByteBuf filter) {
    if (!JsonMembers.isObject(filter)) {
      throw new IllegalArgumentException("expected a filter object");
    }
    String blockHash = JsonMembers.raw(filter, "blockHash");
    if (blockHash != null && !blockHash.equals("null")) {
      throw new IllegalArgumentException("a subscription cannot be of one block: blockHash");
    }
    long from = bound(JsonMembers.raw(filter, "fromBlock"), "fromBlock", 0);
    long to = bound(JsonMembers.raw(filter, "toBlock"), "toBlock", Long.MAX_VALUE);
    if (from > to) {
      throw new IllegalArgumentException("invalid block range params");
    }
    Set<String> addresses = alternatives(JsonMembers.raw(filter, "address"), ADDRESS, "address");
    return new LogMatch(addresses, topics(JsonMembers.raw(filter, "topics")), from, to);
  }

  private static List<Set<String>> topics(@Nullable String raw) {
    if (raw == null || raw.equals("null")) {
      return List.of();
    }
    ByteBuf array = JsonMembers.ascii(raw);
    if (!JsonMembers.isArray(array)) {
      throw new IllegalArgumentException("invalid topics: expected an array");
    }
    List<Set<String>> places = new ArrayList<>();
    for (ByteBuf place : JsonMembers.elements(array)) {
      places.add(alternatives(place.toString(StandardCharsets.UTF_8), TOPIC, "topic"));
    }
    if (places.size() > MOST_TOPICS) {
      throw new IllegalArgumentException("exceed max topics: " + places.size());
    }
    return places;
  }

  private static Set<String> alternatives(@Nullable String raw, Pattern pattern, String what) {
    Set<String> found = new TreeSet<>();
    if (raw != null && !raw.equals("null")) {
      ByteBuf value = JsonMembers.ascii(raw);
      if (!JsonMembers.isArray(value)) {
        found.add(literal(raw, pattern, what));
      } else {
        for (ByteBuf element : JsonMembers.elements(value)) {
          String written = element.toString(StandardCharsets.UTF_8);
          if (written.equals("null") && pattern == TOPIC) {
            return Set.of();
          }
          found.add(literal(written, pattern, what));
        }
      }
    }
    return found;
  }

  private static String literal(String written, Pattern pattern, String what) {
    int last = written.length() - 1;
    String text = last > 0 && written.charAt(0) == '"' ? written.substring(1, last) : "";
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("invalid " + what + ": expected " + pattern.pattern());
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static long bound(@Nullable String raw, String field, long open) {
    if (raw == null || raw.equals("null")) {
      return open;
    }
    return switch (raw) {
      case "\"latest\"", "\"pending\"", "\"safe\"", "\"finalized\"" -> open;
      case "\"earliest\"" -> 0;
      default -> {
        long number =
            raw.length() < 5 ? -1 : HexQuantity.parse(JsonMembers.ascii(raw), 1, raw.length() - 2);
        if (number < 0) {
          throw new IllegalArgumentException("invalid " + field + ": expected a block number");
        }
        yield number;
      }
    };
  }

  /** Whether a log of a block is wanted. */
  boolean matches(long block, Log log) {
    return block >= fromBlocks
        && block <= toBlocks
        && (addresses.isEmpty() || addresses.contains(log.address()))
        && areTopicsIn(log.topics());
  }

  private boolean areTopicsIn(List<String> present) {
    if (present.size() < topics.size()) {
      return false;
    }
    for (int i = 0; i < topics.size(); i++) {
      Set<String> wanted = topics.get(i);
      if (!wanted.isEmpty() && !wanted.contains(present.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (!addresses.isEmpty()) {
      parts.add("address " + String.join(" or ", new TreeSet<>(addresses)));
    }
    for (int i = 0; i < topics.size(); i++) {
      if (!topics.get(i).isEmpty()) {
        parts.add("topic " + i + ' ' + String.join(" or ", new TreeSet<>(topics.get(i))));
      }
    }
    return String.join(", ", parts);
  }
}
