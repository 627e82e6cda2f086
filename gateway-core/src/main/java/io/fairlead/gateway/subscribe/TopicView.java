package io.fairlead.gateway.subscribe;

/**
 * A topic as operators see it.
 *
 * @param kind such as {@code newHeads}
 * @param filter which logs, empty for all
 * @param subscriptions how many wait for it, 1 or more
 */
public record TopicView(String kind, String filter, int subscriptions) {}
