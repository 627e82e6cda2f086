package io.fairlead.gateway.verify;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the records of one answer show of themselves: whether they are those that were asked for,
 * and whether their parts fit together.
 *
 * <p>It keeps the scalar members of the record that is being read and of the one around it, and a
 * bloom; nothing grows with the answer.
 *
 * <p>Thread-safety: confined to one thread.
 */
final class Records {
  /** Nothing that is examined is longer than a bloom, in characters. */
  static final int LONGEST = 2 + 2 * 256;

  private static final Set<String> EXAMINED =
      Set.of(
          "hash",
          "number",
          "blockHash",
          "blockNumber",
          "transactionHash",
          "transactionIndex",
          "logsBloom",
          "logIndex");

  private final Asked asked;
  private final Set<Formula> satisfied = EnumSet.noneOf(Formula.class);
  private final Set<Formula> broken = EnumSet.noneOf(Formula.class);
  private final Map<String, String> outer = new HashMap<>();
  private final Map<String, String> log = new HashMap<>();
  private final Map<String, String> logs = new HashMap<>();
  private final Bloom bloom = new Bloom();
  private BlockHeader header = new BlockHeader();
  private @Nullable String absurdity;
  private long lastLogIndex = -1;
  private int receiptsWithLogs;
  private boolean receiptHasLogs;
  private boolean pending;
  private long blockNumber = -1;
  private int forkFields;

  Records(Asked asked) {
    this.asked = asked;
  }

  /** A member of a record, whatever it holds. */
  void onMember(Shape shape, boolean isOuter, String member) {
    if (shape == Shape.BLOCK && isOuter) {
      header.meet(member);
    }
  }

  /** A member of a record that is a text. */
  void onText(Shape shape, boolean isOuter, String member, String value) {
    if (isOuter) {
      keep(outer, member, value);
      if (shape == Shape.BLOCK) {
        header.set(member, value);
      }
    } else if (shape == Shape.LOG) {
      onLogText(member, value);
    }
  }

  private static void keep(Map<String, String> members, String member, String value) {
    if (EXAMINED.contains(member)) {
      members.put(member, value);
    }
  }

  private void onLogText(String member, String value) {
    keep(log, member, value);
    if (member.equals("address")) {
      bloom.add(value);
    }
  }

  /** A topic of a log. */
  void onTopic(String topic) {
    bloom.add(topic);
  }

  /** A record has ended. */
  void onEnd(Shape shape, boolean isOuter) {
    if (!isOuter) {
      if (shape == Shape.LOG) {
        endLog();
      }
      return;
    }
    switch (shape) {
      case BLOCK -> endBlock();
      case RECEIPT -> endReceipt();
      case TRANSACTION -> pending |= outer.get("blockHash") == null;
      default -> {}
    }
    if (shape != Shape.ERROR) {
      holdToCall(shape);
    }
    outer.clear();
  }

  private void holdToCall(Shape shape) {
    String number = outer.get(shape == Shape.BLOCK ? "number" : "blockNumber");
    blockNumber = number == null ? blockNumber : Hex.quantity(number);
    asked
        .fixed()
        .forEach(
            (member, wanted) -> {
              String said = outer.get(member);
              if (said != null && !Hex.canonical(said).equals(wanted)) {
                refute("a record whose " + member + " is not " + wanted);
              }
            });
  }

  private void endBlock() {
    note(Formula.BLOCK_HASH, header.isHashOfFields());
    forkFields = header.forkFields();
    header = new BlockHeader();
  }

  /** All logs of a receipt say of which transaction and block they are. */
  private void endLog() {
    for (String member : new String[] {"transactionHash", "blockHash", "blockNumber"}) {
      String said = log.get(member);
      String before = said == null ? null : logs.putIfAbsent(member, said);
      if (said != null && before != null && !before.equalsIgnoreCase(said)) {
        refute("a receipt with logs of two of " + member);
      }
    }
    String index = log.get("logIndex");
    long number = index == null ? -1 : Hex.quantity(index);
    if (number >= 0) {
      if (number <= lastLogIndex) {
        broken.add(Formula.LOG_ORDER);
      }
      lastLogIndex = number;
    }
    receiptHasLogs = true;
    log.clear();
  }

  private void endReceipt() {
    logs.forEach(
        (member, said) -> {
          String own = outer.get(member);
          if (own != null && !own.equalsIgnoreCase(said)) {
            refute("a receipt with logs of another " + member);
          }
        });
    String said = outer.get("logsBloom");
    byte[] bits = said == null ? null : Hex.bytes(said);
    if (bits != null && (receiptHasLogs || !bloom.isLike(bits))) {
      note(Formula.LOGS_BLOOM, bloom.isLike(bits));
    }
    if (receiptHasLogs) {
      receiptsWithLogs++;
    }
    if (receiptsWithLogs > 1 && !broken.contains(Formula.LOG_ORDER)) {
      satisfied.add(Formula.LOG_ORDER);
    }
    bloom.clear();
    logs.clear();
    receiptHasLogs = false;
  }

  private void note(Formula formula, @Nullable Boolean holds) {
    if (holds != null) {
      (holds ? satisfied : broken).add(formula);
    }
  }

  private void refute(String what) {
    absurdity = absurdity == null ? what : absurdity;
  }

  @Nullable String absurdity() {
    return absurdity;
  }

  Set<Formula> satisfied() {
    return satisfied;
  }

  Set<Formula> broken() {
    return broken;
  }

  boolean isPending() {
    return pending;
  }

  long blockNumber() {
    return blockNumber;
  }

  int forkFields() {
    return forkFields;
  }
}
