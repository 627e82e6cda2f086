package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.client.Client;
import io.fairlead.gateway.client.HeadTag;

/**
 * One subscription of one connection.
 *
 * <p>Thread-safety: confined to the connection's event loop.
 */
final class Subscription {
  private final Topic topic;
  private final String id;
  private final int ordinal;
  private final long since;
  private final Client client;
  private final Subscriber subscriber;
  private boolean ended;

  /**
   * Under which id and since when.
   *
   * @param topic what is waited for
   * @param id by which the client knows it
   * @param ordinal how many others to the topic the connection had
   * @param since the number of the last turn of the story that it is not told of
   */
  record Place(Topic topic, String id, int ordinal, long since) {}

  Subscription(Place place, Client client, Subscriber subscriber) {
    this.topic = place.topic();
    this.id = place.id();
    this.ordinal = place.ordinal();
    this.since = place.since();
    this.client = client;
    this.subscriber = subscriber;
  }

  Topic topic() {
    return topic;
  }

  String id() {
    return id;
  }

  int ordinal() {
    return ordinal;
  }

  long since() {
    return since;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  /** From now on nothing is sent, not even what is on its way. */
  void end() {
    ended = true;
  }

  void tell(News news, Notification notification) {
    if (!ended) {
      if (news.head() != News.NONE) {
        client.raise(HeadTag.LATEST, news.head());
      }
      subscriber.send(notification);
    }
  }

  void lose(String reason) {
    if (!ended) {
      subscriber.lose(reason);
    }
  }
}
