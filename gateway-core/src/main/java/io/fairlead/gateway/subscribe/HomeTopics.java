package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.feed.Log;
import io.fairlead.gateway.feed.LogInterest;
import io.fairlead.gateway.subscribe.Topic.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All topics of one chain that anybody waits for.
 *
 * <p>Topics of logs are found by the address of a log, so that a log costs what its own contract's
 * topics cost, not what all do.
 *
 * <p>Thread-safety: confined to the home loop.
 */
final class HomeTopics {
  /** More contracts than this are not asked for by name: then all logs are fetched. */
  static final int MOST_ADDRESSES = 500;

  private final int loops;
  private final RandomGenerator random;
  private final Map<Topic, HomeTopic> byTopic = new LinkedHashMap<>();
  private final Map<String, Set<HomeTopic>> byAddress = new HashMap<>();
  private final Set<HomeTopic> ofAnyAddress = new LinkedHashSet<>();

  HomeTopics(int loops, RandomGenerator random) {
    this.loops = loops;
    this.random = random;
  }

  HomeTopic add(Topic topic, int loop) {
    HomeTopic present = byTopic.get(topic);
    if (present == null) {
      present = new HomeTopic(topic, new TopicIds(random), loops);
      byTopic.put(topic, present);
      index(present);
    }
    present.add(loop);
    return present;
  }

  private void index(HomeTopic added) {
    if (added.topic().kind() == Kind.LOGS) {
      Set<String> addresses = added.topic().match().addresses();
      if (addresses.isEmpty()) {
        ofAnyAddress.add(added);
      }
      for (String address : addresses) {
        byAddress.computeIfAbsent(address, a -> new LinkedHashSet<>()).add(added);
      }
    }
  }

  void remove(Topic topic, int loop) {
    HomeTopic present = byTopic.get(topic);
    if (present != null) {
      present.remove(loop);
      if (present.subscriptions() == 0) {
        byTopic.remove(topic);
        ofAnyAddress.remove(present);
        topic.match().addresses().forEach(address -> unindex(address, present));
      }
    }
  }

  private void unindex(String address, HomeTopic removed) {
    Set<HomeTopic> left = byAddress.get(address);
    if (left != null && left.remove(removed) && left.isEmpty()) {
      byAddress.remove(address);
    }
  }

  @Nullable HomeTopic get(Topic topic) {
    return byTopic.get(topic);
  }

  /** The topics of a log. */
  List<HomeTopic> of(long block, Log log) {
    List<HomeTopic> found = new ArrayList<>();
    addMatching(found, ofAnyAddress, block, log);
    addMatching(found, byAddress.getOrDefault(log.address(), Set.of()), block, log);
    return found;
  }

  private static void addMatching(
      List<HomeTopic> found, Collection<HomeTopic> candidates, long block, Log log) {
    for (HomeTopic candidate : candidates) {
      if (candidate.topic().match().matches(block, log)) {
        found.add(candidate);
      }
    }
  }

  Wanted wanted() {
    LogInterest logs =
        !ofAnyAddress.isEmpty() || byAddress.size() > MOST_ADDRESSES
            ? LogInterest.ANY
            : LogInterest.in(byAddress.keySet());
    return new Wanted(
        byTopic.containsKey(Topic.of(Kind.HEADS)) || !logs.isNone(),
        logs,
        byTopic.containsKey(Topic.of(Kind.PENDING)),
        byTopic.containsKey(Topic.of(Kind.PENDING_WHOLE)));
  }

  SubscriptionsView view(int most) {
    long all = byTopic.values().stream().mapToLong(HomeTopic::subscriptions).sum();
    List<SubscriptionsView.OfTopic> busiest =
        byTopic.values().stream()
            .sorted(Comparator.comparingInt(HomeTopic::subscriptions).reversed())
            .limit(most)
            .map(HomeTopic::view)
            .toList();
    return new SubscriptionsView(all, byTopic.size(), busiest);
  }
}
