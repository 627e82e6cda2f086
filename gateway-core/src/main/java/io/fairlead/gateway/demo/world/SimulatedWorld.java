package io.fairlead.gateway.demo.world;

import io.fairlead.routing.FailureDomain;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Simulated nodes of one chain in several clouds, on loopback ports of this process.
 *
 * <p>Thread-safety: safe. Ownership: whoever starts it closes it.
 */
public final class SimulatedWorld implements AutoCloseable {
  private final SimulatedChain chain;
  private final List<SimulatedNode> nodes;
  private final EventLoopGroup loops;

  private SimulatedWorld(SimulatedChain chain, List<SimulatedNode> nodes, EventLoopGroup loops) {
    this.chain = chain;
    this.nodes = nodes;
    this.loops = loops;
  }

  /**
   * Starts nodes of usual size and waits until they listen.
   *
   * @param chain what they serve
   * @param profiles one for each node
   * @param seed decides all latencies
   * @return the world
   */
  public static SimulatedWorld start(SimulatedChain chain, List<NodeProfile> profiles, long seed) {
    return startPlanned(
        chain,
        profiles.stream().map(profile -> new NodePlan(profile, NodeServer.USUAL)).toList(),
        seed);
  }

  /**
   * Starts nodes of any size and waits until they listen.
   *
   * @param chain what they serve
   * @param plans one for each node
   * @param seed decides all latencies
   * @return the world
   */
  public static SimulatedWorld startPlanned(SimulatedChain chain, List<NodePlan> plans, long seed) {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("world", true), NioIoHandler.newFactory());
    RandomGenerator seeds = new SplittableRandom(seed);
    List<SimulatedNode> nodes =
        plans.stream()
            .map(
                plan ->
                    new SimulatedNode(
                        plan, chain, loops.next(), new SplittableRandom(seeds.nextLong())))
            .toList();
    SimulatedWorld world = new SimulatedWorld(chain, nodes, loops);
    all(nodes.stream().map(SimulatedNode::start).toList()).join();
    return world;
  }

  /**
   * What the nodes serve.
   *
   * @return the chain
   */
  public SimulatedChain chain() {
    return chain;
  }

  /**
   * All nodes.
   *
   * @return in the order of the profiles
   */
  public List<SimulatedNode> nodes() {
    return nodes;
  }

  /**
   * A node by name.
   *
   * @param id as in its profile
   * @return the node
   */
  public SimulatedNode node(String id) {
    return nodes.stream()
        .filter(node -> node.profile().id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("id: " + id + " (expected: a node)"));
  }

  /**
   * Changes what is wrong with all nodes of a failure domain.
   *
   * @param domain a cloud or a region
   * @param fault the fault from now on
   * @return done when it is in force
   */
  public CompletableFuture<Void> setFault(FailureDomain domain, Fault fault) {
    return setFault(node -> node.profile().isIn(domain), fault);
  }

  /**
   * Changes what is wrong with some nodes.
   *
   * @param which chooses the nodes
   * @param fault the fault from now on
   * @return done when it is in force
   */
  public CompletableFuture<Void> setFault(Predicate<SimulatedNode> which, Fault fault) {
    return all(nodes.stream().filter(which).map(node -> node.setFault(fault)).toList());
  }

  /** Closes all ports and connections and waits until they are closed. */
  @Override
  public void close() {
    nodes.forEach(SimulatedNode::close);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  private static CompletableFuture<Void> all(List<CompletableFuture<Void>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }
}
