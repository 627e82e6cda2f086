package io.fairlead.gateway.logs;

import io.fairlead.gateway.jsonrpc.JsonSkip;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The alternatives that a log filter names: its addresses, and the topics of each position.
 *
 * <p>A list of alternatives can be cut into shorter ones. Each log has one address and one topic at
 * a position, so that the answers to the pieces have no log in common if no alternative stands in
 * two pieces; therefore alternatives that differ by letter case alone are one. A null among
 * alternatives means "any", and such a list is not cut. Cutting several lists gives the product of
 * their pieces.
 *
 * <p>Thread-safety: immutable.
 */
final class FilterLists {
  /** The most pieces that a filter is cut into; all are asked at the same time. */
  static final int MOST_SLICES = 32;

  private final List<String> raw;
  private final List<List<String>> alternatives;
  private final boolean hasTopics;

  private FilterLists(List<String> raw, List<List<String>> alternatives, boolean hasTopics) {
    this.raw = raw;
    this.alternatives = alternatives;
    this.hasTopics = hasTopics;
  }

  /**
   * Reads the lists of a filter.
   *
   * @param body where it stands
   * @param address the index of its address, or -1
   * @param topics the index of its topics, or -1
   * @param end where the call ends
   */
  static FilterLists of(ByteBuf body, int address, int topics, int end) {
    List<String> raw = new ArrayList<>();
    List<List<String>> alternatives = new ArrayList<>();
    add(raw, alternatives, address < 0 ? "null" : textAt(body, address, end), body, address, end);
    boolean hasTopics = topics >= 0 && body.getByte(topics) == '[';
    if (hasTopics) {
      int listEnd = JsonSkip.value(body, topics, end);
      for (int at = next(body, topics + 1, listEnd); at >= 0; ) {
        add(raw, alternatives, textAt(body, at, listEnd), body, at, listEnd);
        at = next(body, JsonSkip.value(body, at, listEnd), listEnd);
      }
    }
    return new FilterLists(raw, alternatives, hasTopics);
  }

  private static void add(
      List<String> raw,
      List<List<String>> alternatives,
      String text,
      ByteBuf body,
      int at,
      int end) {
    raw.add(text);
    alternatives.add(at >= 0 && body.getByte(at) == '[' ? elements(body, at, end) : List.of());
  }

  /** The list's elements without repetitions; none if one of them stands for anything. */
  private static List<String> elements(ByteBuf body, int start, int end) {
    int listEnd = JsonSkip.value(body, start, end);
    List<String> found = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (int at = next(body, start + 1, listEnd); at >= 0; ) {
      if (body.getByte(at) != '"') {
        return List.of();
      }
      String element = textAt(body, at, listEnd);
      if (seen.add(element.toLowerCase(Locale.ROOT))) {
        found.add(element);
      }
      at = next(body, JsonSkip.value(body, at, listEnd), listEnd);
    }
    return found;
  }

  private static String textAt(ByteBuf body, int at, int end) {
    int valueEnd = JsonSkip.value(body, at, end);
    return body.toString(at, valueEnd - at, StandardCharsets.UTF_8);
  }

  /** The next element of an array, or -1 at its end. */
  private static int next(ByteBuf body, int from, int end) {
    int at = JsonSkip.space(body, from, end);
    if (at < end && body.getByte(at) == ',') {
      at = JsonSkip.space(body, at + 1, end);
    }
    return at >= end || body.getByte(at) == ']' ? -1 : at;
  }

  /** How long the longest list is; 1 if there is nothing to cut. */
  int longest() {
    return alternatives.stream().mapToInt(List::size).reduce(1, Math::max);
  }

  /**
   * The filter in pieces none of which has a list longer than allowed.
   *
   * @param most how long a list may be, 1 or more
   * @return the pieces; null if they would be more than {@link #MOST_SLICES}
   */
  @Nullable List<Slice> slices(int most) {
    List<List<String>> cut = List.of(List.of());
    for (int i = 0; i < raw.size(); i++) {
      List<List<String>> wider = new ArrayList<>();
      for (List<String> before : cut) {
        for (String piece : pieces(i, most)) {
          List<String> longer = new ArrayList<>(before);
          longer.add(piece);
          wider.add(longer);
        }
      }
      if (wider.size() > MOST_SLICES) {
        return null;
      }
      cut = wider;
    }
    int longest = Math.min(most, longest());
    return cut.stream().map(values -> new Slice(values, hasTopics, longest)).toList();
  }

  private List<String> pieces(int list, int most) {
    List<String> all = alternatives.get(list);
    if (all.size() <= most) {
      return List.of(raw.get(list));
    }
    List<String> pieces = new ArrayList<>();
    int count = (all.size() + most - 1) / most;
    if (count > MOST_SLICES) {
      count = MOST_SLICES + 1;
    }
    for (int i = 0; i < count; i++) {
      int start = (int) ((long) all.size() * i / count);
      int end = (int) ((long) all.size() * (i + 1) / count);
      pieces.add('[' + String.join(",", all.subList(start, end)) + ']');
    }
    return pieces;
  }

  /**
   * One piece of a filter.
   *
   * @param values address and then topics, in JSON
   * @param hasTopics whether the filter has topics
   * @param longest how long its lists are at the most
   */
  record Slice(List<String> values, boolean hasTopics, int longest) {
    void writeAddress(ByteBuf to) {
      to.writeCharSequence(values.get(0), StandardCharsets.UTF_8);
    }

    void writeTopics(ByteBuf to) {
      String topics = hasTopics ? String.join(",", values.subList(1, values.size())) : "";
      to.writeCharSequence('[' + topics + ']', StandardCharsets.UTF_8);
    }
  }
}
