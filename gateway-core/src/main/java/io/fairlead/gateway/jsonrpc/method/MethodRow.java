package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.JsonSkip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A row of the method data as text: name, class, repeatable, head, shows, needs, dispatch, cache,
 * access and answer.
 *
 * @param cells the columns, checked when they are read
 */
record MethodRow(List<String> cells) {
  static final int COLUMNS = 10;

  private static final List<String> DISPATCHES =
      List.of(
          "any",
          "not-null",
          "broadcast",
          "max",
          "logs",
          MethodSpec.Filter.CREATES.word(),
          MethodSpec.Filter.USES.word());
  private static final List<String> ACCESSES =
      List.of("open", "private", "subscription", "chain-id", "net-version", "accounts");

  static final List<String> NAMES =
      List.of(
          "name",
          "class",
          "repeatable",
          "head",
          "shows",
          "needs",
          "dispatch",
          "cache",
          "access",
          "answer");

  MethodRow {
    if (cells.size() != COLUMNS) {
      throw new IllegalArgumentException(
          "method row: " + cells + " (expected: " + COLUMNS + " columns)");
    }
  }

  /** The row with another name and some columns replaced. */
  MethodRow with(String name, Map<String, String> columns) {
    List<String> changed = new ArrayList<>(cells);
    changed.set(0, name);
    columns.forEach(
        (column, word) -> {
          int index = NAMES.indexOf(column);
          if (index < 1) {
            throw new IllegalArgumentException(
                "column: '" + column + "' (expected: one of " + NAMES.subList(1, COLUMNS) + ")");
          }
          changed.set(index, word);
        });
    return new MethodRow(List.copyOf(changed));
  }

  String name() {
    return cells.get(0);
  }

  byte[] nameBytes() {
    String name = name();
    return JsonSkip.ascii(name.endsWith("*") ? name.substring(0, name.length() - 1) : name);
  }

  ClassRule classRule() {
    return ClassRule.parse(cells.get(1));
  }

  boolean isRepeatable() {
    return oneOf("repeatable", 2, List.of("yes", "no")).equals("yes");
  }

  HeadRule headRule() {
    return HeadRule.parse(cells.get(3));
  }

  MethodSpec.Shows shows() {
    return switch (oneOf("shows", 4, List.of("-", "result", "number", "blockNumber"))) {
      case "result" -> MethodSpec.Shows.RESULT;
      case "number" -> MethodSpec.Shows.NUMBER;
      case "blockNumber" -> MethodSpec.Shows.BLOCK_NUMBER;
      default -> MethodSpec.Shows.NOTHING;
    };
  }

  DataKind needs() {
    String word = cells.get(5);
    return word.equals("-") ? DataKind.NOTHING : DataKind.of(word);
  }

  MethodSpec.Dispatch dispatch() {
    return switch (oneOf("dispatch", 6, DISPATCHES)) {
      case "not-null" -> MethodSpec.Dispatch.NOT_NULL;
      case "broadcast" -> MethodSpec.Dispatch.BROADCAST;
      case "max" -> MethodSpec.Dispatch.MAX;
      case "logs" -> MethodSpec.Dispatch.LOGS;
      case "any" -> MethodSpec.Dispatch.ANY;
      default -> MethodSpec.Dispatch.FILTER;
    };
  }

  MethodSpec.Filter filter() {
    for (MethodSpec.Filter filter : MethodSpec.Filter.values()) {
      if (cells.get(6).equals(filter.word())) {
        return filter;
      }
    }
    return MethodSpec.Filter.NONE;
  }

  MethodSpec.CacheRule cacheRule() {
    String word = oneOf("cache", 7, List.of("none", "head", "final", "forever"));
    return MethodSpec.CacheRule.valueOf(word.toUpperCase(Locale.ROOT));
  }

  MethodSpec.Access access() {
    return switch (oneOf("access", 8, ACCESSES)) {
      case "open" -> MethodSpec.Access.OPEN;
      case "private" -> MethodSpec.Access.NODE_PRIVATE;
      case "subscription" -> MethodSpec.Access.SUBSCRIPTION;
      default -> MethodSpec.Access.LOCAL;
    };
  }

  MethodSpec.Local local() {
    return switch (cells.get(8)) {
      case "chain-id" -> MethodSpec.Local.CHAIN_ID;
      case "net-version" -> MethodSpec.Local.NET_VERSION;
      case "accounts" -> MethodSpec.Local.ACCOUNTS;
      default -> MethodSpec.Local.NONE;
    };
  }

  boolean isBrief() {
    return oneOf("answer", 9, List.of("brief", "any")).equals("brief");
  }

  private String oneOf(String column, int index, List<String> words) {
    String word = cells.get(index);
    if (!words.contains(word)) {
      throw new IllegalArgumentException(
          column + ": '" + word + "' (expected: " + String.join(", ", words) + ")");
    }
    return word;
  }
}
