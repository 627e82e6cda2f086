package io.fairlead.gateway.subscribe;

import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.feed.FeedListener;
import io.fairlead.gateway.feed.Header;
import io.fairlead.gateway.feed.Log;
import io.fairlead.gateway.subscribe.Topic.Kind;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of one chain's clients.
 *
 * <p><b>Idea.</b> What is told is decided once, on the chain's home loop, topic by topic; each
 * event loop that has subscribers to a topic is handed the news and sends them to its own
 * connections. A new subscription is registered at home and answered from there, so that nothing
 * can be told before its answer, and everything that the home loop decides later is told.
 *
 * <p><b>Turns.</b> Each block that joins the chain is a turn. A subscription is told of the turns
 * behind the one at which it was registered: of logs too, although they are fetched later, and of
 * their taking back only if it was told of them.
 *
 * <p>Bounds: {@link #TURNS_KEPT} turns are remembered; a reorganisation that is deeper takes back
 * logs for everybody.
 *
 * <p>Thread-safety: {@link #open} and {@link #list} on any thread; what the story tells on the home
 * loop.
 */
public final class Subscriptions implements FeedListener {
  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
  private static final int TURNS_KEPT = 2048;
  private static final Set<Kind> OF_BLOCKS = Set.of(Kind.HEADS, Kind.LOGS);

  private final LoopContext home;
  private final List<LoopTopics> byLoop;
  private final List<LoopContext> loops;
  private final HomeTopics topics;
  private final Wanted.Listener listener;
  private final Map<String, Long> turns =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > TURNS_KEPT;
        }
      };
  private final AtomicLongArray byKind = new AtomicLongArray(Kind.values().length);
  private Wanted wanted = Wanted.NOTHING;
  private long turn;
  private boolean isSyncing;

  /**
   * What happens outside.
   *
   * @param random makes ids
   * @param listener hears what is wanted
   * @param observer counts what is sent
   */
  public record Means(RandomGenerator random, Wanted.Listener listener, FanOutObserver observer) {}

  /**
   * No subscriptions yet.
   *
   * @param home where the chain's story is told
   * @param loops all event loops, by index
   * @param means what happens outside
   */
  public Subscriptions(LoopContext home, List<LoopContext> loops, Means means) {
    this.home = home;
    this.loops = loops;
    this.byLoop = loops.stream().map(loop -> new LoopTopics(loop, means.observer())).toList();
    this.topics = new HomeTopics(loops.size(), means.random());
    this.listener = means.listener();
  }

  /**
   * The subscriptions of one connection, none yet.
   *
   * @param loop the connection's
   * @param subscriber the connection
   * @return answers {@code eth_subscribe} and {@code eth_unsubscribe}; to be closed with it
   */
  public ConnectionSubscriptions open(LoopContext loop, Subscriber subscriber) {
    return new ConnectionSubscriptions(this, loop, subscriber);
  }

  /** Hands a task over to a loop; when the gateway ends, the loop may be gone before the task. */
  private static void hand(LoopContext to, Runnable task) {
    try {
      to.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("event loop {} has ended", to.index(), e);
    }
  }

  LoopTopics on(LoopContext loop) {
    return byLoop.get(loop.index());
  }

  /**
   * Where a subscription stands that was registered.
   *
   * @param ids the topic's
   * @param since the number of the last turn that it is not told of
   * @param first what it is told at once, null for nothing
   */
  record Registered(TopicIds ids, long since, @Nullable News first) {}

  /** Registers one more subscription; the answer comes on the asking loop. */
  void register(Topic topic, LoopContext loop, Consumer<Registered> answer) {
    hand(
        home,
        () -> {
          HomeTopic registered = topics.add(topic, loop.index());
          count(topic, 1);
          tellWanted();
          News first = topic.kind() == Kind.SYNCING ? syncing(isSyncing) : null;
          Registered place = new Registered(registered.ids(), turn, first);
          hand(loop, () -> answer.accept(place));
        });
  }

  void unregister(Topic topic, LoopContext loop) {
    hand(
        home,
        () -> {
          topics.remove(topic, loop.index());
          count(topic, -1);
          tellWanted();
        });
  }

  @SuppressWarnings("EnumOrdinal") // the index of an array that lives as long as the enum
  private void count(Topic topic, int change) {
    byKind.addAndGet(topic.kind().ordinal(), change);
  }

  /** How many subscriptions there are, by the word for their kind; from any thread. */
  @SuppressWarnings("EnumOrdinal")
  public Map<String, Long> countByKind() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      counts.put(kind.word(), byKind.get(kind.ordinal()));
    }
    return counts;
  }

  private void tellWanted() {
    Wanted now = topics.wanted();
    if (!now.equals(wanted)) {
      wanted = now;
      listener.onWanted(now);
    }
  }

  @Override
  public void onBlock(Header block) {
    turn++;
    turns.put(block.hash(), turn);
    tell(Topic.of(Kind.HEADS), new News(block.json(), turn, block.number()));
  }

  @Override
  public void onLogs(Header block, List<Log> logs) {
    for (Log log : logs) {
      tellLog(block, log, log.json());
    }
  }

  @Override
  public void onRemoved(Header block, List<Log> logs) {
    for (int i = logs.size() - 1; i >= 0; i--) {
      tellLog(block, logs.get(i), logs.get(i).removedJson());
    }
  }

  private void tellLog(Header block, Log log, byte[] json) {
    News news = new News(json, turns.getOrDefault(block.hash(), News.NONE), News.NONE);
    for (HomeTopic topic : topics.of(block.number(), log)) {
      tell(topic, news);
    }
  }

  @Override
  public void onLost(String reason) {
    for (int i = 0; i < loops.size(); i++) {
      LoopTopics there = byLoop.get(i);
      hand(loops.get(i), () -> there.lose(OF_BLOCKS, reason));
    }
  }

  /**
   * A transaction waits for a block.
   *
   * @param hash its hash in quotes
   */
  public void onPending(String hash) {
    tell(Topic.of(Kind.PENDING), untimed(hash));
  }

  /**
   * A transaction waits for a block.
   *
   * @param json the whole transaction
   */
  public void onPendingWhole(String json) {
    tell(Topic.of(Kind.PENDING_WHOLE), untimed(json));
  }

  /**
   * The chain is served again, or nobody is at its head any more.
   *
   * @param syncing whether nobody is
   */
  public void onSyncing(boolean syncing) {
    hand(
        home,
        () -> {
          if (syncing != isSyncing) {
            isSyncing = syncing;
            tell(Topic.of(Kind.SYNCING), syncing(syncing));
          }
        });
  }

  private static News syncing(boolean syncing) {
    return untimed(syncing ? "{\"syncing\":true}" : "false");
  }

  private static News untimed(String json) {
    return new News(json.getBytes(StandardCharsets.UTF_8), News.NONE, News.NONE);
  }

  private void tell(Topic topic, News news) {
    HomeTopic present = topics.get(topic);
    if (present != null) {
      tell(present, news);
    }
  }

  private void tell(HomeTopic topic, News news) {
    for (int i = 0; i < loops.size(); i++) {
      if (topic.isOn(i)) {
        LoopTopics there = byLoop.get(i);
        hand(loops.get(i), () -> there.tell(topic.topic(), news));
      }
    }
  }

  /**
   * What is waited for now.
   *
   * @param most how many topics at the most
   */
  public CompletionStage<SubscriptionsView> list(int most) {
    CompletableFuture<SubscriptionsView> listed = new CompletableFuture<>();
    hand(home, () -> listed.complete(topics.view(most)));
    return listed;
  }
}
