package io.fairlead.gateway.freshness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients of the simulated gateway saw. */
final class Book {
  final List<String> broken = new ArrayList<>();
  final Map<String, Integer> errors = new TreeMap<>();
  long calls;
  long ended;
  long failed;
  long failedInTrouble;
  long accepted;
  long astray;
  long unseen;
  boolean isClosed;

  /** Of all that was answered, and when: two plays are alike if this is. */
  private long digest;

  void check(boolean holds, String law, String who, String what) {
    if (!holds && broken.size() < 50) {
      broken.add(law + ": " + who + ": " + what);
    }
  }

  /** A block of a branch that only one node follows may slip through until a probe has seen it. */
  void checkBranch(boolean isChain, boolean wasUnknown, String what) {
    if (!isChain) {
      astray++;
      check(wasUnknown, "branch", "somebody", what + " although the fork was known");
    }
  }

  /** An answer came. */
  void onAnswer(String who, String what, long atNanos) {
    ended++;
    digest = 31 * digest + (who + what + atNanos).hashCode();
  }

  /** An error; while nobody can be reached there is nothing else. */
  void onError(String method, String message, boolean isInTrouble) {
    if (isInTrouble) {
      failedInTrouble++;
      return;
    }
    failed++;
    errors.merge(method + ": " + message.replaceAll("[0-9]+", "N"), 1, Integer::sum);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(calls).append(" calls, ").append(failed).append(" failed, ");
    text.append(failedInTrouble).append(" while nobody could be reached, ");
    text.append(accepted).append(" transactions accepted, ");
    text.append(astray).append(" from a branch not known yet, ");
    text.append(unseen).append(" of replaced blocks whose successor no probe saw");
    text.append(", digest ").append(Long.toHexString(digest));
    errors.entrySet().stream()
        .sorted((a, b) -> b.getValue() - a.getValue())
        .limit(12)
        .forEach(e -> text.append("\n  ").append(e.getValue()).append(" x ").append(e.getKey()));
    return text.toString();
  }
}
