package io.fairlead.gateway.jsonrpc.method;

import io.fairlead.gateway.jsonrpc.JsonSkip;
import java.util.List;

/**
 * A row of the method data: name, class, repeatable, head rule, access and flags, as text.
 *
 * @param cells the columns, checked when they are read
 */
record MethodRow(List<String> cells) {
  static final int COLUMNS = 6;

  MethodRow {
    if (cells.size() != COLUMNS) {
      throw new IllegalArgumentException(
          "method row: " + cells + " (expected: " + COLUMNS + " columns)");
    }
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
    return switch (cells.get(2)) {
      case "yes" -> true;
      case "no" -> false;
      default ->
          throw new IllegalArgumentException(
              "repeatable: '" + cells.get(2) + "' (expected: yes, no)");
    };
  }

  HeadRule headRule() {
    return HeadRule.parse(cells.get(3));
  }

  MethodSpec.Access access() {
    return switch (cells.get(4)) {
      case "open" -> MethodSpec.Access.OPEN;
      case "private" -> MethodSpec.Access.NODE_PRIVATE;
      case "local" -> MethodSpec.Access.LOCAL;
      case "subscription" -> MethodSpec.Access.SUBSCRIPTION;
      default ->
          throw new IllegalArgumentException(
              "access: '" + cells.get(4) + "' (expected: open, private, local, subscription)");
    };
  }

  MethodSpec.Local local() {
    return switch (cells.get(5)) {
      case "chain-id" -> MethodSpec.Local.CHAIN_ID;
      case "net-version" -> MethodSpec.Local.NET_VERSION;
      case "accounts" -> MethodSpec.Local.ACCOUNTS;
      default -> MethodSpec.Local.NONE;
    };
  }

  MethodSpec.Filter filter() {
    return switch (cells.get(5)) {
      case "creates-filter" -> MethodSpec.Filter.CREATES;
      case "uses-filter" -> MethodSpec.Filter.USES;
      default -> MethodSpec.Filter.NONE;
    };
  }

  boolean isNullSuspect() {
    return cells.get(5).equals("null-suspect");
  }
}
