package io.fairlead.gateway.soak;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What clients found: how their calls ended, by the name of the client.
 *
 * <p>Thread-safety: safe.
 */
final class Findings {
  private static final int MOST_COMPLAINTS = 200;

  private final Map<String, AtomicLong> right = new ConcurrentSkipListMap<>();
  private final Map<String, AtomicLong> failed = new ConcurrentSkipListMap<>();
  private final Map<String, AtomicLong> starved = new ConcurrentSkipListMap<>();
  private final Map<String, AtomicLong> wrong = new ConcurrentSkipListMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final AtomicInteger complaintsLeft = new AtomicInteger(MOST_COMPLAINTS);
  private final AtomicInteger starvedLeft = new AtomicInteger(MOST_COMPLAINTS);
  private final Consumer<String> journal;
  private final BooleanSupplier isStarved;

  /**
   * Nothing yet.
   *
   * @param journal is told of each failure at once
   * @param isStarved whether the machine gave too little time on its cores to judge a failure
   */
  Findings(Consumer<String> journal, BooleanSupplier isStarved) {
    this.journal = journal;
    this.isStarved = isStarved;
  }

  /** A call was answered as it should be. */
  void onRight(String client) {
    count(right, client);
  }

  /** A call got no answer, or an error where there was a result. */
  void onFailed(String client, String what) {
    boolean excused = isStarved.getAsBoolean();
    count(excused ? starved : failed, client);
    if (excused) {
      complain(starvedLeft, client + " failed, starved: " + what);
    } else {
      complain(complaintsLeft, client + " failed: " + what);
    }
  }

  /** Something came that is not true. */
  void onWrong(String client, String what) {
    count(wrong, client);
    complain(complaintsLeft, client + " WRONG: " + what);
  }

  /** Calls that failed, of clients whose names begin so. */
  long failed(String prefix) {
    return failed.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(entry -> entry.getValue().get())
        .sum();
  }

  /** Calls that failed while the machine gave too little time. */
  long starved() {
    return sum(starved);
  }

  long wrong() {
    return sum(wrong);
  }

  long calls() {
    return sum(right) + sum(wrong) + sum(failed) + sum(starved);
  }

  /** A line for each client. */
  List<String> lines() {
    return right.entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + entry.getValue()
                    + " right, "
                    + failed.getOrDefault(entry.getKey(), new AtomicLong())
                    + " failed, "
                    + starved.getOrDefault(entry.getKey(), new AtomicLong())
                    + " failed while the machine had no time, "
                    + wrong.getOrDefault(entry.getKey(), new AtomicLong())
                    + " wrong")
        .toList();
  }

  /** The first of the failures, in words. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private void complain(AtomicInteger left, String what) {
    if (left.getAndDecrement() > 0) {
      complaints.add(what);
      journal.accept(what);
    }
  }

  private static void count(Map<String, AtomicLong> counts, String client) {
    counts.computeIfAbsent(client, name -> new AtomicLong()).incrementAndGet();
  }

  private static long sum(Map<String, AtomicLong> counts) {
    return counts.values().stream().mapToLong(AtomicLong::get).sum();
  }
}
