package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.freshness.TestNode.Fault;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.time.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A chain that grows and reorganises in virtual time, and nodes in three clouds that follow it and
 * fail in turns; the honest ones are always the most, in two clouds at least.
 */
final class TestWorld {
  private static final long MILLI_NANOS = 1_000_000L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLOUDS = 3;
  private static final int NODES_A_CLOUD = 2;

  final Map<String, TestNode> nodes = new LinkedHashMap<>();
  final List<UpstreamSpec> specs = new ArrayList<>();
  final Map<String, TestBlock> byHash = new HashMap<>();
  private final Scheduler time;
  private final SplittableRandom random;
  private final long blockNanos;
  private final Set<String> pool = new HashSet<>();
  TestBlock tip;
  int reorganisations;
  private long salt;

  TestWorld(Scheduler time, SplittableRandom random, long blockNanos) {
    this.time = time;
    this.random = random;
    this.blockNanos = blockNanos;
    tip = new TestBlock(null, 0, 0, Set.of(), false);
    for (int i = 1; i <= 200; i++) {
      grow(tip, Set.of());
    }
    for (int i = 0; i < CLOUDS * NODES_A_CLOUD; i++) {
      String cloud = "cloud" + i / NODES_A_CLOUD;
      List<FailureDomain> domains =
          List.of(FailureDomain.region(cloud, "r" + i), FailureDomain.cloud(cloud));
      specs.add(new UpstreamSpec("node" + i, domains, 100, 0, Integer.MAX_VALUE));
      nodes.put("node" + i, new TestNode("node" + i, tip));
    }
  }

  void start() {
    time.schedule(this::mine, blockNanos);
    time.schedule(this::fail, 10 * blockNanos);
  }

  private TestBlock grow(TestBlock parent, Set<String> transactions) {
    TestBlock block = new TestBlock(parent, parent.number + 1, salt++, transactions, false);
    byHash.put(block.hash, block);
    tip = block;
    return block;
  }

  private void mine() {
    if (random.nextInt(25) == 0) {
      reorganise(1 + random.nextInt(3));
    }
    grow(tip, pool);
    pool.clear();
    spread();
    time.schedule(this::mine, blockNanos);
  }

  /** The last blocks are replaced; their transactions come back a block later. */
  private void reorganise(int depth) {
    reorganisations++;
    TestBlock parent = tip;
    for (int i = 0; i < depth && parent.parent != null; i++) {
      pool.addAll(parent.transactions);
      parent = parent.parent;
    }
    Set<String> returning = Set.copyOf(pool);
    for (int i = 0; i < depth; i++) {
      grow(parent, i == 0 ? returning : Set.of());
      parent = tip;
    }
    pool.clear();
  }

  private void spread() {
    TestBlock block = tip;
    for (TestNode node : nodes.values()) {
      long delay = (20 + random.nextInt(780)) * MILLI_NANOS;
      long lag = node.fault == Fault.LAGS ? blockNanos * (1 + random.nextInt(5)) : 0;
      time.schedule(() -> arrive(node, block), delay + lag);
    }
  }

  /** A node takes up a longer branch only, or makes its own longer. */
  private static void arrive(TestNode node, TestBlock block) {
    if (block.number > node.head.number) {
      node.onBlock(block);
    }
  }

  /** All are whole again, until everybody has said so. */
  private void heal() {
    for (TestNode node : nodes.values()) {
      if (node.fault != Fault.NONE) {
        node.fault = Fault.NONE;
        node.head = tip;
      }
    }
    time.schedule(this::fail, 5 * blockNanos);
  }

  /**
   * Two nodes at the most fail at a time, both in one cloud: what two clouds say within four blocks
   * of each other is taken for true.
   */
  private void fail() {
    int cloud = random.nextInt(CLOUDS);
    int howMany = 1 + random.nextInt(NODES_A_CLOUD);
    Fault[] faults = Fault.values();
    for (int i = 0; i < howMany; i++) {
      TestNode node = nodes.get("node" + (cloud * NODES_A_CLOUD + i));
      if (node != null) {
        node.fault = faults[random.nextInt(faults.length)];
      }
    }
    time.schedule(this::heal, (3 + random.nextInt(12)) * blockNanos);
  }

  /** A transaction that the next block will hold. */
  void submit(String transaction) {
    pool.add(transaction);
  }

  /**
   * Asks a node.
   *
   * @param reply hears the answer's body; null when the node cannot be reached; nothing from the
   *     dark
   */
  void ask(String id, byte[] body, Consumer<byte[]> reply) {
    TestNode node = nodes.get(id);
    long half = (2 + random.nextInt(30)) * MILLI_NANOS;
    if (node == null || node.fault == Fault.DARK) {
      return;
    }
    time.schedule(
        () -> {
          byte[] answer = node.fault == Fault.REFUSES ? new byte[0] : answer(node, body);
          time.schedule(() -> reply.accept(answer), half);
        },
        half);
  }

  /** JSON text as a tree. */
  static JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] answer(TestNode node, byte[] body) {
    JsonNode call = parse(body);
    String answer = node.answer(call);
    String member =
        answer.startsWith("!") ? "\"error\":" + answer.substring(1) : "\"result\":" + answer;
    return ("{\"jsonrpc\":\"2.0\",\"id\":" + call.path("id") + "," + member + "}")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
