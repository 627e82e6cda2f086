package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.StubNode.Call;
import io.fairlead.gateway.testing.StubServer.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A made-up chain with logs that grows and is reorganised, and any number of nodes of it. */
final class FilterChain {
  private final List<Block> blocks = new ArrayList<>();
  private final Random random;
  private final Set<String> dead = ConcurrentHashMap.newKeySet();
  private int made;
  private int surprisingBlock = -1;

  /**
   * A block.
   *
   * @param number its height
   * @param hash unlike that of any other
   * @param parent the hash before
   * @param logs as a node writes them
   */
  record Block(int number, String hash, String parent, List<String> logs) {
    String json() {
      return String.format(
          Locale.ROOT,
          "{\"number\":\"0x%x\",\"hash\":\"%s\",\"parentHash\":\"%s\",\"timestamp\":\"0x7fffffff\",\"transactions\":[]}",
          number,
          hash,
          parent);
    }
  }

  FilterChain(Random random, int height) {
    this.random = random;
    blocks.add(new Block(0, hash(), hash(), List.of()));
    mine(height);
  }

  private String hash() {
    made++;
    return String.format(Locale.ROOT, "0x%064x", made);
  }

  synchronized void mine(int count) {
    for (int i = 0; i < count; i++) {
      Block before = blocks.get(blocks.size() - 1);
      String hash = hash();
      List<String> logs = new ArrayList<>();
      for (int index = random.nextInt(4); index > 0; index--) {
        logs.add(0, log(before.number + 1, hash, index));
      }
      blocks.add(new Block(before.number + 1, hash, before.hash, logs));
    }
  }

  private static String log(int block, String hash, int index) {
    return String.format(
        Locale.ROOT,
        "{\"address\":\"0x%040x\",\"blockHash\":\"%s\",\"blockNumber\":\"0x%x\",\"logIndex\":\"0x%x\",\"removed\":false}",
        1,
        hash,
        block,
        index);
  }

  /** Replaces the last blocks by as many and some more. */
  synchronized void reorganise(int depth, int more) {
    blocks.subList(blocks.size() - depth, blocks.size()).clear();
    mine(depth + more);
  }

  /** From a block on the chain is replaced as soon as somebody asks for that block. */
  synchronized void reorganiseWhenAskedFor(int block) {
    surprisingBlock = block;
  }

  synchronized int head() {
    return blocks.size() - 1;
  }

  /** All logs that are in the chain behind a block. */
  synchronized Set<String> logsAfter(int block) {
    Set<String> logs = new LinkedHashSet<>();
    blocks.subList(block + 1, blocks.size()).forEach(b -> logs.addAll(b.logs));
    return logs;
  }

  /** The hashes of all blocks behind a block. */
  synchronized List<String> hashesAfter(int block) {
    return blocks.subList(block + 1, blocks.size()).stream().map(b -> '"' + b.hash + '"').toList();
  }

  StubNode node(String name) {
    StubNode node = new StubNode(name, 1);
    on(node, name, "eth_blockNumber", (call, to) -> to.json(call.result(quoted(head()))));
    on(node, name, "eth_getBlockByNumber", this::block);
    on(node, name, "eth_getLogs", this::logs);
    return node;
  }

  private void on(StubNode node, String name, String method, StubNode.Script script) {
    node.on(
        method,
        (call, reply) -> {
          if (dead.contains(name)) {
            reply.reset();
          } else {
            script.answer(call, reply);
          }
        });
  }

  /** Whether a node cuts every connection on which it is asked about the chain. */
  void setDead(String name, boolean isDead) {
    if (isDead) {
      dead.add(name);
    } else {
      dead.remove(name);
    }
  }

  private static String quoted(int number) {
    return "\"0x" + Integer.toHexString(number) + '"';
  }

  private synchronized void block(Call call, Reply reply) throws IOException {
    String which = call.json().get("params").get(0).asText();
    int number = which.startsWith("0x") ? Integer.decode(which) : head();
    if (number == surprisingBlock && which.startsWith("0x")) {
      surprisingBlock = -1;
      reorganise(head() - number + 1, 1);
    }
    reply.json(call.result(number > head() ? "null" : blocks.get(number).json()));
  }

  private synchronized void logs(Call call, Reply reply) throws IOException {
    JsonNode filter = call.json().get("params").get(0);
    List<String> found = new ArrayList<>();
    int from = (int) LogLedger.bound(filter.path("fromBlock"), head());
    int to = (int) Math.min(head(), LogLedger.bound(filter.path("toBlock"), head()));
    String hash = filter.path("blockHash").asText();
    boolean isKnown = false;
    for (Block block : blocks) {
      boolean fits =
          hash.isEmpty() ? block.number >= from && block.number <= to : block.hash.equals(hash);
      isKnown |= fits;
      found.addAll(fits ? block.logs : List.of());
    }
    if (!hash.isEmpty() && !isKnown) {
      reply.json(call.error("{\"code\":-32000,\"message\":\"unknown block\"}"));
    } else {
      reply.json(call.result("[" + String.join(",", found) + "]"));
    }
  }
}
