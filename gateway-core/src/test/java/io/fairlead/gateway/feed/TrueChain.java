package io.fairlead.gateway.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A block tree with a canonical branch that grows, forks and flips back, and logs in its blocks.
 */
final class TrueChain {
  static final String ADDRESS = "0x" + "ab".repeat(20);
  static final String OTHER_ADDRESS = "0x" + "cd".repeat(20);

  private static final String EMPTY = "0x" + "0".repeat(512);
  private static final String FULL = "0x" + "f".repeat(512);

  private final RandomGenerator random;
  private final boolean hasBlooms;
  private final Map<String, Header> blocks = new HashMap<>();
  private final Map<String, List<Log>> logs = new HashMap<>();
  private final List<Header> canonical = new ArrayList<>();
  private List<Header> abandoned = List.of();

  TrueChain(RandomGenerator random) {
    this.random = random;
    hasBlooms = random.nextInt(4) > 0;
    Header genesis = make(hash(), 0);
    canonical.add(genesis);
    for (int i = 0; i < 20; i++) {
      extend();
    }
  }

  Header head() {
    return canonical.get(canonical.size() - 1);
  }

  Header at(long number) {
    return canonical.get((int) number);
  }

  boolean has(long number) {
    return number >= 0 && number < canonical.size();
  }

  @Nullable Header find(String hash) {
    return blocks.get(hash);
  }

  /** The logs of a block that somebody waits for, null if there is no such block. */
  @Nullable List<Log> logsOf(String hash, LogInterest interest) {
    List<Log> all = logs.get(hash);
    return all == null || interest.isAny()
        ? all
        : all.stream().filter(log -> interest.addresses().contains(log.address())).toList();
  }

  boolean isCanonical(Header block) {
    return has(block.number()) && at(block.number()).hash().equals(block.hash());
  }

  /** The branch that was left last. */
  List<Header> abandoned() {
    return abandoned;
  }

  List<Header> canonicalFrom(long number) {
    return List.copyOf(canonical.subList((int) number, canonical.size()));
  }

  /** Makes the next block. */
  void extend() {
    canonical.add(make(head().hash(), head().number() + 1));
  }

  /** Leaves the newest blocks for as many others, or one more. */
  void reorganise(int depth, boolean isHigher) {
    int keep = canonical.size() - depth;
    List<Header> left = new ArrayList<>(canonical);
    canonical.subList(keep, canonical.size()).clear();
    for (int i = 0; i < depth + (isHigher ? 1 : 0); i++) {
      extend();
    }
    abandoned = left;
  }

  /** Goes back to the branch that was left last, made higher than the present one. */
  void flipBack() {
    if (abandoned.isEmpty()) {
      return;
    }
    List<Header> left = new ArrayList<>(canonical);
    long height = head().number();
    canonical.clear();
    canonical.addAll(abandoned);
    while (head().number() <= height) {
      extend();
    }
    abandoned = left;
  }

  private Header make(String parentHash, long number) {
    String hash = hash();
    List<Log> own = new ArrayList<>();
    int count = Math.max(0, random.nextInt(5) - 1);
    for (int i = 0; i < count; i++) {
      String id = "\"" + number + "/" + hash.substring(2, 10) + "/" + i + "\"";
      String address = random.nextBoolean() ? ADDRESS : OTHER_ADDRESS;
      own.add(new Log(address, List.of(), "{" + id + ":false}", "{" + id + ":true}"));
    }
    String bloom = own.isEmpty() || !hasBlooms ? EMPTY : FULL;
    String json = "{\"number\":\"0x" + Long.toHexString(number) + "\"}";
    Header block = new Header(number, hash, parentHash, bloom, json);
    blocks.put(hash, block);
    logs.put(hash, own);
    return block;
  }

  String hash() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
