package io.fairlead.gateway.freshness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.freshness.TestNode.Fault;
import io.fairlead.gateway.freshness.TestNode.Pooling;
import io.fairlead.routing.FailureDomain;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.time.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A chain that grows and reorganises in virtual time, and nodes in three clouds that follow it and
 * fail in turns; the honest ones are always the most, in two clouds at least, but for outages in
 * which nobody says anything.
 */
final class TestWorld {
  private static final long MILLI_NANOS = 1_000_000L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLOUDS = 3;
  private static final int NODES_A_CLOUD = 2;

  final Map<String, TestNode> nodes = new LinkedHashMap<>();
  final List<UpstreamSpec> specs = new ArrayList<>();
  final Map<String, TestBlock> byHash = new HashMap<>();
  final Map<String, TestBlock> forked = new HashMap<>();
  final Map<String, TestTransaction> transactions = new HashMap<>();
  private final Map<String, TestTransaction> byRaw = new HashMap<>();
  private final Scheduler time;
  private final SplittableRandom random;
  private final long blockNanos;

  /** What block builders know of. */
  private final TestPool network = new TestPool();

  TestBlock tip;
  int reorganisations;
  int lost;
  private long troubleNanos;
  private boolean isOut;
  private boolean isHealed;
  private long salt;

  TestWorld(Scheduler time, SplittableRandom random, long blockNanos) {
    this.time = time;
    this.random = random;
    this.blockNanos = blockNanos;
    troubleNanos = time.nanoTime();
    tip = new TestBlock(null, 0, 0, List.of());
    for (int i = 1; i <= 200; i++) {
      grow(tip, List.of());
    }
    TestNode.Network all = new TestNode.Network(transactions, byRaw, forked, this::onGossip);
    for (int i = 0; i < CLOUDS * NODES_A_CLOUD; i++) {
      String cloud = "cloud" + i / NODES_A_CLOUD;
      List<FailureDomain> domains =
          List.of(FailureDomain.region(cloud, "r" + i), FailureDomain.cloud(cloud));
      specs.add(new UpstreamSpec("node" + i, domains, 100, 0, Integer.MAX_VALUE));
      TestNode node = new TestNode("node" + i, tip, all, random.split());
      node.widestLogs = i % 2 == 0 ? Long.MAX_VALUE : 4 + 2 * i;
      nodes.put("node" + i, node);
    }
  }

  void start() {
    time.schedule(this::mine, blockNanos);
    time.schedule(this::fail, 10 * blockNanos);
    time.schedule(this::turnPools, 5 * blockNanos);
    time.schedule(this::goOut, (60 + random.nextInt(60)) * blockNanos);
  }

  private TestBlock grow(TestBlock parent, List<TestTransaction> mined) {
    TestBlock block = new TestBlock(parent, parent.number + 1, salt++, mined);
    byHash.put(block.hash, block);
    tip = block;
    return block;
  }

  private void mine() {
    if (random.nextInt(25) == 0) {
      reorganise(1 + random.nextInt(3));
    }
    grow(tip, network.minable(tip));
    forgetSome();
    spread();
    time.schedule(this::mine, blockNanos);
  }

  /** Builders lose a transaction now and then, without any reason. */
  private void forgetSome() {
    for (TestTransaction transaction : network.all()) {
      if (random.nextInt(50) == 0) {
        network.remove(transaction);
      }
    }
  }

  /**
   * The last blocks are replaced; most of their transactions come back a block later, the others
   * are forgotten by everybody.
   */
  private void reorganise(int depth) {
    reorganisations++;
    TestBlock parent = tip;
    for (int i = 0; i < depth && parent.parent != null; i++) {
      parent.die(time.nanoTime());
      parent.transactions.forEach(this::putBackOrLose);
      parent = parent.parent;
    }
    for (int i = 0; i < depth; i++) {
      grow(parent, i == depth - 1 ? network.minable(parent) : List.of());
      parent = tip;
    }
  }

  private void putBackOrLose(TestTransaction transaction) {
    if (random.nextInt(10) < 7) {
      network.add(transaction);
    } else {
      lost++;
      network.remove(transaction);
      nodes.values().forEach(node -> node.pool.remove(transaction));
    }
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

  private void onGossip(TestNode from, TestTransaction transaction) {
    time.schedule(
        () -> {
          if (from.isConnected()) {
            network.add(transaction);
            nodes.values().forEach(node -> hear(node, transaction));
          }
        },
        (100 + random.nextInt(2_000)) * MILLI_NANOS);
  }

  private void hear(TestNode node, TestTransaction transaction) {
    if (random.nextInt(5) > 0) {
      time.schedule(
          () -> {
            if (node.isConnected() && node.pooling == Pooling.HONEST) {
              node.pool.add(transaction);
            }
          },
          random.nextInt(1_000) * MILLI_NANOS);
    }
  }

  /** All are whole again, until everybody has said so; who was away has forgotten its pool. */
  private void heal() {
    for (TestNode node : nodes.values()) {
      if (node.fault != Fault.NONE) {
        if (node.fault == Fault.DARK || node.fault == Fault.REFUSES) {
          node.pool.clear();
        }
        node.fault = Fault.NONE;
        node.head = tip;
      }
    }
    if (!isHealed) {
      time.schedule(this::fail, 5 * blockNanos);
    }
  }

  /**
   * Two nodes at the most fail at a time, both in one cloud: what two clouds say within four blocks
   * of each other is taken for true.
   */
  private void fail() {
    if (isHealed) {
      return;
    }
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

  /** Any node may take up any bad habit with transactions, even all of them. */
  private void turnPools() {
    for (TestNode node : nodes.values()) {
      boolean isHonest = isHealed || random.nextInt(3) > 0;
      Pooling[] all = Pooling.values();
      node.pooling = isHonest ? Pooling.HONEST : all[random.nextInt(all.length)];
    }
    time.schedule(this::turnPools, (2 + random.nextInt(8)) * blockNanos);
  }

  /** For a while nobody can be reached; whoever is first to come back may lie. */
  private void goOut() {
    isOut = !isHealed;
    if (isOut) {
      long away = 3 * blockNanos + random.nextLong(3 * blockNanos);
      troubleNanos = time.nanoTime() + away + 30_000 * MILLI_NANOS;
      time.schedule(() -> isOut = false, away);
      time.schedule(this::goOut, away + (60 + random.nextInt(60)) * blockNanos);
    }
  }

  /** Whether calls may fail because nobody could be reached a moment ago. */
  boolean isInTrouble() {
    return time.nanoTime() - troubleNanos < 0;
  }

  /** Nothing fails any more. */
  void healForGood() {
    isHealed = true;
    isOut = false;
    heal();
    nodes.values().forEach(node -> node.pooling = Pooling.HONEST);
  }

  /** A transaction that somebody is about to send. */
  void register(TestTransaction transaction) {
    transactions.put(transaction.hash(), transaction);
    byRaw.put(transaction.raw(), transaction);
  }

  /**
   * Asks a node.
   *
   * @param reply hears the answer's body; empty when the node refuses connections; nothing from the
   *     dark
   */
  void ask(String id, byte[] body, Consumer<byte[]> reply) {
    TestNode node = nodes.get(id);
    long half = (2 + random.nextInt(30)) * MILLI_NANOS;
    if (node == null || isOut || node.fault == Fault.DARK) {
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
