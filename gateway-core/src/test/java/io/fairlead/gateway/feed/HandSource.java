package io.fairlead.gateway.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A source of blocks that a test answers by hand. */
final class HandSource implements BlockSource {
  private final Map<String, Found<Header>> byHash = new HashMap<>();
  private final Map<Long, Found<Header>> byNumber = new HashMap<>();
  private final Map<String, Found<List<Log>>> logs = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** All that was asked for: hashes, heights, {@code logs} and a hash. */
  List<String> asked() {
    return asked;
  }

  int openNumbers() {
    return byNumber.size();
  }

  int openLogs() {
    return logs.size();
  }

  boolean isAsked(Header block) {
    return byHash.containsKey(block.hash());
  }

  boolean isAsked(long number) {
    return byNumber.containsKey(number);
  }

  boolean isAskedForLogs(Header block) {
    return logs.containsKey(block.hash());
  }

  void give(Header block) {
    byHash.remove(block.hash()).onFound(block);
  }

  void give(String hash, Header other) {
    byHash.remove(hash).onFound(other);
  }

  void giveNumber(Header block) {
    byNumber.remove(block.number()).onFound(block);
  }

  void giveLogs(Header block, Log... found) {
    logs.remove(block.hash()).onFound(List.of(found));
  }

  Found<List<Log>> takeLogs(Header block) {
    return logs.remove(block.hash());
  }

  void failLogs(Header block) {
    logs.remove(block.hash()).onMissing("nobody has them");
  }

  /** Fails all that is open; how many that were. */
  int failAll() {
    List<Found<Header>> open = new ArrayList<>(byHash.values());
    open.addAll(byNumber.values());
    byHash.clear();
    byNumber.clear();
    open.forEach(found -> found.onMissing("nobody has it"));
    return open.size();
  }

  @Override
  public void headerByHash(String hash, Found<Header> found) {
    asked.add(hash);
    byHash.put(hash, found);
  }

  @Override
  public void headerByNumber(long number, Found<Header> found) {
    asked.add(String.valueOf(number));
    byNumber.put(number, found);
  }

  @Override
  public void logsOf(Header block, LogInterest interest, Found<List<Log>> found) {
    asked.add("logs " + block.hash());
    logs.put(block.hash(), found);
  }
}
