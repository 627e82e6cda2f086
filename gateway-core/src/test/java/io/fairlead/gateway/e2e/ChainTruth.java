package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.Anvil;
import io.fairlead.gateway.testing.Told;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A chain and a contract's logs as the node tells them in the end, and how far from it is what a
 * client was told.
 */
final class ChainTruth {
  private final TreeMap<Long, JsonNode> blocks = new TreeMap<>();
  private final List<Place> logs = new ArrayList<>();

  /** A log by its block and its place in it. */
  private record Place(long block, String hash, long index) {}

  /**
   * What is wrong with what a client was told since its first block.
   *
   * @param heads blocks that it had to be told of
   * @param logs logs that it had to be told of
   * @param missing what it was not told
   * @param repeated what it was told again
   * @param others what does not fit otherwise: the order, the links, what is not on the chain
   */
  record Findings(
      int heads, int logs, List<String> missing, List<String> repeated, List<String> others) {
    boolean isClean() {
      return missing.isEmpty() && repeated.isEmpty() && others.isEmpty();
    }

    String figures() {
      return String.format(
          Locale.ROOT,
          "%d heads, %d logs, %d missing, %d repeated, %d otherwise wrong",
          heads,
          logs,
          missing.size(),
          repeated.size(),
          others.size());
    }
  }

  private ChainTruth() {}

  static ChainTruth of(Anvil anvil, String contract) {
    ChainTruth truth = new ChainTruth();
    for (long number = anvil.blockNumber(); number >= 0; number--) {
      truth.blocks.put(number, anvil.call("eth_getBlockByNumber", hex(number), false));
    }
    Map<String, String> all = Map.of("address", contract, "fromBlock", "0x0", "toBlock", "latest");
    for (JsonNode log : anvil.call("eth_getLogs", all)) {
      truth.logs.add(
          new Place(
              Long.decode(log.get("blockNumber").asText()),
              log.get("blockHash").asText(),
              Long.decode(log.get("logIndex").asText())));
    }
    return truth;
  }

  /** Compares with what a client was told, from the first block and the first log on. */
  Findings check(Told told) {
    List<Told.Head> heads = told.heads();
    List<Told.Log> logsTold = told.logs();
    List<String> others = new ArrayList<>(told.troubles());
    List<Long> numbers = heads.stream().map(Told.Head::number).toList();
    List<Place> places =
        logsTold.stream().map(log -> new Place(log.block(), log.hash(), log.index())).toList();
    List<Long> numbersDue = List.copyOf(blocks.tailMap(numbers.get(0)).keySet());
    List<Place> placesDue =
        logs.stream().filter(log -> log.block() >= places.get(0).block()).toList();
    List<String> missing = new ArrayList<>(missing("block", numbersDue, numbers));
    missing.addAll(missing("log", placesDue, places));
    List<String> repeated = new ArrayList<>(repeated("block", numbers));
    repeated.addAll(repeated("log", places));
    if (!numbers.equals(numbersDue) && missing.isEmpty() && repeated.isEmpty()) {
      others.add("blocks told: " + numbers);
    }
    if (!places.equals(placesDue) && missing.isEmpty() && repeated.isEmpty()) {
      others.add("logs told: " + places);
    }
    heads.stream().filter(head -> !fits(head)).forEach(head -> others.add("false: " + head));
    logsTold.stream().filter(Told.Log::isRemoved).forEach(log -> others.add("removed: " + log));
    return new Findings(numbersDue.size(), placesDue.size(), missing, repeated, others);
  }

  private boolean fits(Told.Head head) {
    JsonNode block = blocks.get(head.number());
    if (block == null) {
      return false;
    }
    boolean isSame = head.hash().equals(block.get("hash").asText());
    boolean isLinked = head.parent().equals(block.get("parentHash").asText());
    return head.hash().isEmpty() || (isSame && isLinked);
  }

  private static <T> List<String> missing(String what, List<T> due, List<T> told) {
    Set<T> found = new HashSet<>(told);
    return due.stream().filter(one -> !found.contains(one)).map(one -> what + " " + one).toList();
  }

  private static <T> List<String> repeated(String what, List<T> told) {
    Set<T> found = new HashSet<>();
    return told.stream().filter(one -> !found.add(one)).map(one -> what + " " + one).toList();
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }
}
