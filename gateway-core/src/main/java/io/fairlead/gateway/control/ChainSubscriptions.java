package io.fairlead.gateway.control;

import java.util.List;
import java.util.OptionalLong;

/**
 * The subscriptions to one chain as operators see them.
 *
 * @param chain the chain's name
 * @param subscriptions how many, over all connections
 * @param topics how many different things are waited for
 * @param busiest the topics with most subscriptions, the busiest first
 * @param sources the upstreams whose news of the head is listened to
 */
public record ChainSubscriptions(
    String chain, long subscriptions, long topics, List<Topic> busiest, List<Source> sources) {
  /** Copies. */
  public ChainSubscriptions {
    busiest = List.copyOf(busiest);
    sources = List.copyOf(sources);
  }

  /**
   * What several subscriptions wait for alike.
   *
   * @param kind such as {@code newHeads}
   * @param filter which logs, in words; empty for all
   * @param subscriptions how many wait for it
   */
  public record Topic(String kind, String filter, long subscriptions) {}

  /**
   * An upstream that is listened to.
   *
   * @param upstream its id
   * @param pushes whether it pushes heads; else it is polled
   * @param headBlocks the newest block that it told of
   */
  public record Source(String upstream, boolean pushes, OptionalLong headBlocks) {}
}
