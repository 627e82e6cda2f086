package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.call.LoopContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for what on one event loop, and the sending to all of them.
 *
 * <p><b>Fan-out.</b> The bytes of a notification are made once for all who have the same id. News
 * go out in their order, at most {@link #SENDS_A_TURN} sends in one turn of the loop, so that ten
 * thousand subscribers do not keep calls on the same loop waiting.
 *
 * <p>Thread-safety: confined to its event loop. Bounds: what waits to be sent is news, not copies
 * for each subscriber.
 */
final class LoopTopics {
  /** Sends before others on the loop have their turn. */
  static final int SENDS_A_TURN = 512;

  private final LoopContext loop;
  private final FanOutObserver observer;
  private final Map<Topic, Waiters> byTopic = new HashMap<>();
  private final ArrayDeque<Round> rounds = new ArrayDeque<>();
  private boolean isScheduled;

  LoopTopics(LoopContext loop, FanOutObserver observer) {
    this.loop = loop;
    this.observer = observer;
  }

  /** The subscriptions to one topic; the array is made anew when it is needed after a change. */
  private static final class Waiters {
    final Set<Subscription> all = new LinkedHashSet<>();
    Subscription @Nullable [] snapshot;

    Subscription[] toArray() {
      Subscription[] present = snapshot;
      if (present == null) {
        present = all.toArray(Subscription[]::new);
        snapshot = present;
      }
      return present;
    }
  }

  /** One piece of news on its way to those who waited when it came. */
  private static final class Round {
    final News news;
    final Subscription[] to;
    final Map<Integer, Notification> byOrdinal = new HashMap<>();
    int next;

    Round(News news, Subscription[] to) {
      this.news = news;
      this.to = to;
    }
  }

  void add(Subscription subscription) {
    Waiters waiters = byTopic.computeIfAbsent(subscription.topic(), t -> new Waiters());
    waiters.all.add(subscription);
    waiters.snapshot = null;
  }

  void remove(Subscription subscription) {
    subscription.end();
    Waiters waiters = byTopic.get(subscription.topic());
    if (waiters != null && waiters.all.remove(subscription)) {
      waiters.snapshot = null;
      if (waiters.all.isEmpty()) {
        byTopic.remove(subscription.topic());
      }
    }
  }

  /** Sends news to all who wait for a topic. */
  void tell(Topic topic, News news) {
    Waiters waiters = byTopic.get(topic);
    if (waiters != null) {
      rounds.add(new Round(news, waiters.toArray()));
      if (!isScheduled) {
        work();
      }
    }
  }

  /** What topics of some kinds tell cannot go on: all who wait for one are lost. */
  void lose(Set<Topic.Kind> kinds, String reason) {
    List<Subscription> lost = new ArrayList<>();
    byTopic.forEach(
        (topic, waiters) -> {
          if (kinds.contains(topic.kind())) {
            lost.addAll(waiters.all);
          }
        });
    lost.forEach(subscription -> subscription.lose(reason));
  }

  private void work() {
    isScheduled = false;
    int left = SENDS_A_TURN;
    Round round = rounds.peek();
    while (round != null && left > 0) {
      left -= send(round, left);
      if (round.next == round.to.length) {
        rounds.remove();
        round.byOrdinal.values().forEach(Notification::release);
        round = rounds.peek();
      }
    }
    if (round != null) {
      isScheduled = true;
      loop.execute(this::work);
    }
  }

  private int send(Round round, int most) {
    int sent = 0;
    while (round.next < round.to.length && sent < most) {
      Subscription subscription = round.to[round.next];
      round.next++;
      if (round.news.isFor(subscription)) {
        subscription.tell(round.news, notification(round, subscription));
        sent++;
      }
    }
    observer.onSent(sent);
    return Math.max(sent, 1);
  }

  private Notification notification(Round round, Subscription subscription) {
    return round.byOrdinal.computeIfAbsent(
        subscription.ordinal(), o -> round.news.toNotification(loop.alloc(), subscription.id()));
  }
}
