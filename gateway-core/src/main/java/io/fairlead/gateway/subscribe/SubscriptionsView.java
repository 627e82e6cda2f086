package io.fairlead.gateway.subscribe;

import java.util.List;

/**
 * The subscriptions to a chain as operators see them.
 *
 * @param subscriptions how many
 * @param topics how many different things are waited for
 * @param busiest the topics with most subscriptions, the busiest first
 */
public record SubscriptionsView(long subscriptions, long topics, List<OfTopic> busiest) {
  /** Copies. */
  public SubscriptionsView {
    busiest = List.copyOf(busiest);
  }

  /**
   * What several subscriptions wait for alike.
   *
   * @param kind such as {@code newHeads}
   * @param filter which logs, empty for all
   * @param subscriptions how many wait for it, 1 or more
   */
  public record OfTopic(String kind, String filter, int subscriptions) {}
}
