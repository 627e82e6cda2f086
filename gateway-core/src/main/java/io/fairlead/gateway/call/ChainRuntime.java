package io.fairlead.gateway.call;

import io.fairlead.gateway.client.Clients;
import io.fairlead.gateway.jsonrpc.method.MethodPolicy;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.fairlead.routing.attempt.PursuitPolicy;
import io.fairlead.routing.control.ChainRouter;
import io.fairlead.routing.table.RoutingTable;
import io.fairlead.routing.table.UpstreamStatus.Freshness;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One chain as the data plane sees it under one configuration.
 *
 * <p>Thread-safety: immutable apart from what it refers to, which is safe; {@link #lane} hands out
 * what belongs to one event loop.
 */
public final class ChainRuntime {
  /** What {@link ChainFacts#chainId} gives while the chain's id is not known. */
  public static final long UNKNOWN_CHAIN_ID = -1;

  private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final String name;
  private final Parts parts;
  private final PursuitPolicy policy;
  private final Rules rules;

  /**
   * What a reload keeps.
   *
   * @param router decides where calls go
   * @param lanes one for each event loop, by index
   * @param metrics where the chain's calls are counted
   * @param observer learns from organic answers
   * @param facts what the control side knows
   */
  public record Parts(
      ChainRouter router,
      List<ChainLane> lanes,
      CallObserver metrics,
      HeadObserver observer,
      ChainFacts facts) {}

  /**
   * What is offered and how it is answered.
   *
   * @param methods by the chain
   * @param upstreamsDiffer whether some upstream has rules of its own
   * @param maxLagBlocks how far behind the chain's head an answer about the head may be
   * @param handler answers the calls that the gateway does not answer itself
   */
  public record Rules(
      MethodPolicy methods, boolean upstreamsDiffer, int maxLagBlocks, CallHandler handler) {}

  /** One chain. */
  public ChainRuntime(String name, Parts parts, PursuitPolicy policy, Rules rules) {
    this.name = name;
    this.parts = parts;
    this.policy = policy;
    this.rules = rules;
  }

  /**
   * The same chain for calls of the gateway's own.
   *
   * @param handler answers them
   * @param metrics where they are counted
   */
  public ChainRuntime with(CallHandler handler, CallObserver metrics) {
    Parts own = new Parts(parts.router(), parts.lanes(), metrics, parts.observer(), parts.facts());
    Rules ownRules =
        new Rules(rules.methods(), rules.upstreamsDiffer(), rules.maxLagBlocks(), handler);
    return new ChainRuntime(name, own, policy, ownRules);
  }

  /** The chain's name. */
  public String name() {
    return name;
  }

  /** Who asks it, and what they were told. */
  public Clients clients() {
    return parts.facts().clients();
  }

  /** The routing table now. */
  public RoutingTable table() {
    return parts.router().table();
  }

  /** What belongs to an event loop. */
  public ChainLane lane(LoopContext loop) {
    return parts.lanes().get(loop.index());
  }

  PursuitPolicy policy() {
    return policy;
  }

  /** Answers the calls that the gateway does not answer itself; the outermost handler. */
  public CallHandler handler() {
    return rules.handler();
  }

  /** What is known of the chain's methods. */
  public MethodSpecs specs() {
    return rules.methods().specs();
  }

  MethodPolicy methods() {
    return rules.methods();
  }

  boolean upstreamsDiffer() {
    return rules.upstreamsDiffer();
  }

  /** Where the chain's calls are counted. */
  public CallObserver metrics() {
    return parts.metrics();
  }

  HeadObserver observer() {
    return parts.observer();
  }

  /** The chain's id, empty while no upstream has been verified and none is configured. */
  public OptionalLong chainId() {
    long id = parts.facts().chainId();
    return id == UNKNOWN_CHAIN_ID ? OptionalLong.empty() : OptionalLong.of(id);
  }

  /**
   * Whether nobody serves only because nobody has been looked at yet, as for a moment after the
   * start and after a reload that replaces every upstream. A call then does better to wait.
   */
  boolean isSettling(long nowNanos) {
    RoutingTable table = table();
    return nowNanos - parts.facts().configuredNanos() < SETTLING_NANOS
        && !table.isUsable()
        && table.upstreams().stream()
            .anyMatch(upstream -> table.status(upstream).freshness() == Freshness.UNKNOWN);
  }

  /** What its upstreams are known to lack. */
  Holdings holdings() {
    return parts.facts().holdings();
  }

  /** The newest block of the chain, -1 while unknown. */
  public long headBlocks() {
    return table().headBlocks().orElse(-1);
  }

  /** Whether an upstream's word on the newest block is older than the chain allows. */
  boolean isStaleHead(long blocks) {
    OptionalLong head = table().headBlocks();
    return head.isPresent() && blocks + rules.maxLagBlocks() < head.getAsLong();
  }
}
