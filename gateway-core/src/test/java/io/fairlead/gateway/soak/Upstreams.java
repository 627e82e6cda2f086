package io.fairlead.gateway.soak;

import io.fairlead.gateway.demo.world.NodeProfile;
import io.fairlead.gateway.demo.world.SimulatedChain;
import io.fairlead.gateway.demo.world.SimulatedNode;
import io.fairlead.gateway.demo.world.SimulatedWorld;
import io.fairlead.gateway.testing.PushNode;
import io.fairlead.gateway.testing.RealTime;
import io.fairlead.gateway.testing.WireProxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What stands behind the gateways, all of which can be made to fail: {@code world}, nine simulated
 * nodes in four clouds; {@code push}, a node with WebSocket by three wires; {@code big}, a node
 * with answers of 2 MiB by two.
 *
 * <p>Thread-safety: safe.
 */
final class Upstreams implements AutoCloseable {
  static final long BIG_BYTES = 2 << 20;
  private static final long WORLD_ID = 1337;
  private static final long PUSH_ID = 7001;
  private static final long BIG_ID = 7002;
  private static final Duration BLOCK_TIME = Duration.ofSeconds(2);

  private final SimulatedChain chain;
  private final SimulatedWorld world;
  private final PushNode push = new PushNode(PUSH_ID, 32);
  private final PushNode big = new PushNode(BIG_ID, (int) (BIG_BYTES / 2));
  private final List<WireProxy> pushWires = wires(push, 3);
  private final List<WireProxy> bigWires = wires(big, 2);

  Upstreams(long seed) {
    chain = new SimulatedChain(seed, WORLD_ID, BLOCK_TIME, Instant.EPOCH, RealTime.CLOCK);
    world = SimulatedWorld.start(chain, NodeProfile.nineInFourClouds(), seed);
  }

  private static List<WireProxy> wires(PushNode node, int count) {
    return Stream.generate(() -> new WireProxy(node.uri())).limit(count).toList();
  }

  SimulatedWorld world() {
    return world;
  }

  SimulatedChain chain() {
    return chain;
  }

  PushNode push() {
    return push;
  }

  PushNode big() {
    return big;
  }

  List<WireProxy> pushWires() {
    return pushWires;
  }

  List<WireProxy> bigWires() {
    return bigWires;
  }

  /** The configuration; with a random, weights are drawn, as operators change them. */
  String yaml(Random weights) {
    return """
    probes: { dailyBudget: 10000000 }
    cache: { maxSize: 16MiB }
    chains:
    """
        + chainYaml("world", WORLD_ID, "2s", world.nodes().stream().map(n -> node(n, weights)))
        + chainYaml("push", PUSH_ID, "1s", wires("push", pushWires, weights))
        + chainYaml("big", BIG_ID, "1s", wires("big", bigWires, weights));
  }

  private static String chainYaml(String name, long id, String blockTime, Stream<String> nodes) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "  %s:%n    chainId: %d%n", name, id));
    text.append("    blockTime: ").append(blockTime).append("\n    upstreams:\n");
    nodes.forEach(node -> text.append("      - ").append(node).append('\n'));
    return text.toString();
  }

  private static String node(SimulatedNode node, Random weights) {
    NodeProfile at = node.profile();
    return String.format(
        Locale.ROOT,
        "{ id: %s, url: \"%s\", cloud: %s, region: %s, weight: %d }",
        at.id(),
        node.url(),
        at.cloud(),
        at.region(),
        50 + weights.nextInt(100));
  }

  private static Stream<String> wires(String name, List<WireProxy> wires, Random weights) {
    return IntStream.range(0, wires.size())
        .mapToObj(
            i -> {
              WireProxy wire = wires.get(i);
              URI socket = wire.webSocketUri().resolve("/ws");
              return String.format(
                  Locale.ROOT,
                  "{ id: %s-%d, url: \"%s\", ws: \"%s\", cloud: cloud%d, region: r, weight: %d }",
                  name,
                  i,
                  wire.uri(),
                  socket,
                  i,
                  50 + weights.nextInt(100));
            });
  }

  @Override
  public void close() {
    pushWires.forEach(WireProxy::close);
    bigWires.forEach(WireProxy::close);
    push.close();
    big.close();
    world.close();
  }
}
