package io.fairlead.gateway.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is promised of the story, over many chains with many faults in virtual time. */
class StorySimulationTest {
  private static final int SEEDS = Integer.getInteger("fairlead.feed.seeds", 1000);
  private static final long FIRST = Long.getLong("fairlead.feed.first", 1);

  @Test
  void everySubscriberHearsTheChainOnceAndInOrderWhateverHappens() {
    int removals = 0;
    int lifeChecks = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        World world = new World(seed);
        removals += world.run();
        lifeChecks += world.lifeChecks;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertTrue(lifeChecks > SEEDS, "hardly a seed had a time without faults");
    assertTrue(removals > SEEDS, "hardly a seed had a reorganisation that was told");
  }

  /** One seed. */
  private static final class World {
    private static final long MILLI = 1_000_000;
    private static final int STEPS = 60;

    private final Random random;
    private final ManualScheduler time = new ManualScheduler();
    private final TrueChain chain;
    private final FakeBlockSource source;
    private final Crowd crowd = new Crowd();
    private final ChainFeed feed;
    private final List<FakeNode> nodes = new ArrayList<>();
    private final long blockMillis;
    private final LogInterest interest;
    private final ArrayDeque<Header> recentHeads = new ArrayDeque<>();
    private int lifeChecks;

    World(long seed) {
      random = new Random(seed);
      chain = new TrueChain(random);
      source = new FakeBlockSource(chain, time, random);
      interest = random.nextBoolean() ? LogInterest.ANY : LogInterest.in(Set.of(TrueChain.ADDRESS));
      blockMillis = new long[] {250, 1000, 2000, 12_000}[random.nextInt(4)];
      FeedSettings settings =
          FeedSettings.of(Set.of("node2", "node3"), Duration.ofMillis(blockMillis));
      feed = new ChainFeed(crowd, source, time, settings);
      int count = 3 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        nodes.add(
            new FakeNode(
                FakeNode.upstream("node" + i, i, "cloud" + i % 3), chain, feed, time, random));
      }
    }

    int run() {
      feed.setInterest(interest);
      step(false);
      feed.goLive(null);
      crowd.join();
      for (int i = 0; i < STEPS; i++) {
        step(true);
      }
      calm();
      crowd.check(chain, interest);
      return crowd.removals();
    }

    private void step(boolean isFaulty) {
      List<Header> news = grow(isFaulty);
      nodes.forEach(node -> node.onNews(news));
      if (isFaulty && random.nextInt(3) == 0) {
        harm();
      }
      if (random.nextInt(10) == 0) {
        crowd.join();
      }
      pass();
      checkLife();
    }

    /** What was the head long ago, and nothing was amiss since, has been told. */
    private void checkLife() {
      if (!source.isHealthy() || nodes.get(0).isLagging()) {
        recentHeads.clear();
      }
      recentHeads.addLast(chain.head());
      int enough = 6 + (int) (4_000 / blockMillis);
      if (recentHeads.size() > enough) {
        Header old = recentHeads.removeFirst();
        if (feed.head() != null && chain.isCanonical(old)) {
          assertTrue(crowd.hasHeard(old), () -> old + " is not told " + enough + " blocks later");
          lifeChecks++;
        }
      }
    }

    private List<Header> grow(boolean isFaulty) {
      Header before = chain.head();
      if (isFaulty && random.nextInt(8) == 0) {
        recentHeads.clear();
        chain.reorganise(1 + random.nextInt(5), random.nextInt(4) > 0);
      } else if (isFaulty && random.nextInt(12) == 0) {
        recentHeads.clear();
        chain.flipBack();
      } else {
        chain.extend();
      }
      long from = Math.max(0, Math.min(before.number(), chain.head().number()) - 1);
      return chain.canonicalFrom(from);
    }

    private void pass() {
      int polls = 1 + random.nextInt(2);
      for (int i = 0; i < polls; i++) {
        time.advanceNanos(blockMillis * MILLI / polls);
        nodes.forEach(FakeNode::onPoll);
      }
    }

    private void harm() {
      switch (random.nextInt(8)) {
        case 0 -> outage();
        case 1 -> source.slow(1 + random.nextInt(5000));
        case 2 -> source.showOtherBranch(chain.abandoned());
        case 3, 4 -> source.heal();
        default -> {
          FakeNode node = nodes.get(random.nextInt(nodes.size()));
          FakeNode.Manner[] manners = FakeNode.Manner.values();
          FakeNode.Manner manner = manners[random.nextInt(manners.length)];
          boolean isLast = node == nodes.get(0);
          node.behave(isLast && manner.isFault() ? FakeNode.Manner.HONEST : manner);
          node.lag(random.nextInt(4) == 0 ? random.nextLong(4 * blockMillis) : random.nextInt(300));
        }
      }
    }

    private void outage() {
      source.fail(random.nextBoolean() ? 1 : random.nextDouble() / 2);
      time.schedule(source::heal, random.nextLong(15_000) * MILLI);
    }

    private void calm() {
      source.heal();
      for (FakeNode node : nodes) {
        node.behave(FakeNode.Manner.HONEST);
        node.lag(20);
      }
      for (int i = 0; i < 5; i++) {
        step(false);
      }
      time.advance(Duration.ofSeconds(30));
      assertEquals(chain.head(), feed.head(), "the story ends at the true head");
    }
  }

  /** All who listen. */
  private static final class Crowd implements FeedListener {
    private final List<Audience> all = new ArrayList<>();

    void join() {
      all.add(new Audience());
    }

    /** Whether the one who was there first heard a block, or began behind it. */
    boolean hasHeard(Header block) {
      List<Header> heard = all.get(0).blocks();
      return heard.isEmpty()
          || block.number() < heard.get(0).number()
          || heard.stream().anyMatch(one -> one.hash().equals(block.hash()));
    }

    int removals() {
      return all.get(0).removals();
    }

    void check(TrueChain chain, LogInterest interest) {
      for (Audience one : all) {
        assertEquals(List.of(), one.losses());
        if (!one.blocks().isEmpty()) {
          List<Header> expected = chain.canonicalFrom(one.blocks().get(0).number());
          assertEquals(expected.toString(), one.blocks().toString());
          assertEquals(logs(chain, expected, interest), one.logs());
        }
      }
    }

    private static List<String> logs(TrueChain chain, List<Header> blocks, LogInterest interest) {
      List<String> logs = new ArrayList<>();
      for (Header block : blocks) {
        List<Log> own = Objects.requireNonNull(chain.logsOf(block.hash(), interest));
        own.forEach(log -> logs.add(new String(log.json(), StandardCharsets.UTF_8)));
      }
      return logs;
    }

    @Override
    public void onBlock(Header block) {
      all.forEach(one -> one.onBlock(block));
    }

    @Override
    public void onLogs(Header block, List<Log> logs) {
      all.forEach(one -> one.onLogs(block, logs));
    }

    @Override
    public void onRemoved(Header block, List<Log> logs) {
      all.forEach(one -> one.onRemoved(block, logs));
    }

    @Override
    public void onLost(String reason) {
      all.forEach(one -> one.onLost(reason));
    }
  }
}
