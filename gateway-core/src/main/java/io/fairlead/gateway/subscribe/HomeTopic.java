package io.fairlead.gateway.subscribe;

/**
 * A topic as the chain's home loop keeps it: its ids, and how many wait on each event loop.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class HomeTopic {
  private final Topic topic;
  private final TopicIds ids;
  private final int[] byLoop;
  private int all;

  HomeTopic(Topic topic, TopicIds ids, int loops) {
    this.topic = topic;
    this.ids = ids;
    this.byLoop = new int[loops];
  }

  Topic topic() {
    return topic;
  }

  TopicIds ids() {
    return ids;
  }

  void add(int loop) {
    byLoop[loop]++;
    all++;
  }

  void remove(int loop) {
    byLoop[loop]--;
    all--;
  }

  boolean isOn(int loop) {
    return byLoop[loop] > 0;
  }

  /** How many subscriptions wait for it. */
  int subscriptions() {
    return all;
  }

  SubscriptionsView.OfTopic view() {
    return new SubscriptionsView.OfTopic(topic.kind().word(), topic.match().toString(), all);
  }
}
