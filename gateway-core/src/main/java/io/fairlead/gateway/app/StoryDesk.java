package io.fairlead.gateway.app;

import io.fairlead.gateway.call.ActiveAnswer;
import io.fairlead.gateway.call.AnswerSink;
import io.fairlead.gateway.call.Call;
import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.call.ChainRuntime;
import io.fairlead.gateway.call.LoopContext;
import io.fairlead.gateway.config.ChainConfig;
import io.fairlead.gateway.config.FairleadConfig;
import io.fairlead.gateway.control.ChainSubscriptions;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.subscribe.ConnectionSubscriptions;
import io.fairlead.gateway.subscribe.Subscriber;
import io.fairlead.gateway.websocket.SubscribingFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * The stories of all chains, and what connections subscribe to.
 *
 * <p>Thread-safety: configured on the control thread; {@link #open}, {@link #counts} and {@link
 * #list} on any thread.
 */
final class StoryDesk implements SubscribingFactory {
  private final DataPlane data;
  private final ChainStory.Shared shared;
  private volatile Map<String, ChainStory> stories = Map.of();

  StoryDesk(DataPlane data, GatewayMetrics metrics, RandomGenerator random) {
    this.data = data;
    this.shared = new ChainStory.Shared(metrics, random);
  }

  /** Takes over a chain's configuration; what is told goes on. */
  void configure(
      ChainConfig chain, FairleadConfig config, ChainRuntime runtime, ChainControl control) {
    ChainStory story = stories.get(chain.name());
    if (story == null) {
      story = new ChainStory(control, chain, runtime, data.storyHome(chain.name()), shared);
      Map<String, ChainStory> next = new LinkedHashMap<>(stories);
      next.put(chain.name(), story);
      stories = Collections.unmodifiableMap(next);
      story.start();
    }
    story.configure(chain, config, runtime);
  }

  /** Ends the stories of chains that are no longer served. */
  void retain(Map<String, ChainConfig> chains) {
    Map<String, ChainStory> next = new LinkedHashMap<>();
    Map<String, ChainStory> present = stories;
    chains.keySet().forEach(name -> next.put(name, present.get(name)));
    present.forEach(
        (name, story) -> {
          if (!chains.containsKey(name)) {
            story.stop();
          }
        });
    stories = Collections.unmodifiableMap(next);
  }

  /** Looks which chains are served. Control thread only. */
  void tick(ChainFleet fleet) {
    stories.forEach((name, story) -> story.onServed(fleet.chain(name).router().table().isUsable()));
  }

  /** Listens to nobody any more. */
  void stop() {
    stories.values().forEach(ChainStory::stop);
  }

  @Override
  public Subscribing open(ChainRuntime chain, LoopContext loop, Subscriber subscriber) {
    ChainStory story = stories.get(chain.name());
    return story == null
        ? SubscribingFactory.NONE.open(chain, loop, subscriber)
        : new Opened(story.subscriptions().open(loop, subscriber));
  }

  /** The subscriptions of one connection. */
  private record Opened(ConnectionSubscriptions own) implements Subscribing {
    @Override
    public ActiveAnswer start(Call call, CallMessage message, AnswerSink sink) {
      return own.start(call, message, sink);
    }

    @Override
    public void close() {
      own.close();
    }
  }

  /** How many subscriptions there are, by chain and kind. */
  Map<String, Map<String, Long>> counts() {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    stories.forEach((name, story) -> counts.put(name, story.subscriptions().countByKind()));
    return counts;
  }

  /** What clients wait for. */
  CompletionStage<List<ChainSubscriptions>> list(int most) {
    CompletionStage<List<ChainSubscriptions>> all = CompletableFuture.completedFuture(List.of());
    for (ChainStory story : stories.values()) {
      all = all.thenCombine(story.list(most), StoryDesk::with);
    }
    return all;
  }

  private static List<ChainSubscriptions> with(
      List<ChainSubscriptions> before, ChainSubscriptions added) {
    List<ChainSubscriptions> after = new ArrayList<>(before);
    after.add(added);
    return after;
  }
}
