package io.fairlead.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PushedHeadTest {
  private static final Duration BLOCK = Duration.ofSeconds(12);
  private static final Duration HOUR = Duration.ofHours(1);

  private static Head head(long number) {
    return new Head(number, hash(number), hash(number - 1), number * 12);
  }

  private static String hash(long number) {
    return "0x" + String.format(Locale.ROOT, "%064x", number);
  }

  /** Pushes each block of a while to nodes, with the delays of a real network. */
  private static void push(World world, Duration duration, String... ids) {
    long blocks = duration.dividedBy(BLOCK);
    for (long i = 0; i < blocks; i++) {
      world.pass(BLOCK);
      long number = 1000 + world.time.nanoTime() / BLOCK.toNanos();
      for (String id : ids) {
        world.pass(Duration.ofMillis(37));
        world.prober.onPushedHead(id, head(number));
      }
    }
  }

  private static List<FakeNode.Call> since(World world, String id, Duration start, String method) {
    List<FakeNode.Call> calls = new ArrayList<>();
    for (FakeNode.Call call : world.node(id).calls) {
      if (call.atNanos() >= start.toNanos() && call.method().equals(method)) {
        calls.add(call);
      }
    }
    return calls;
  }

  private static Head told(World world) {
    return Objects.requireNonNull(world.heads.get("a"));
  }

  private static World world() {
    World world = World.withBlocksEvery(BLOCK);
    world.addLive("a", "aws", BLOCK);
    world.addLive("b", "gcp", BLOCK);
    return world.start();
  }

  @Test
  void whoPushesHeadsIsNotAskedForThem() {
    World world = world();
    push(world, Duration.ofMinutes(1), "a", "b");
    Duration start = Duration.ofNanos(world.time.nanoTime());

    push(world, HOUR, "a", "b");

    for (String id : List.of("a", "b")) {
      assertEquals(List.of(), since(world, id, start, Question.HEAD.method()), id);
    }
    assertTrue(world.worstLag <= 1, world.worstLag + " blocks");
  }

  @Test
  void whoPushesHeadsMustStillAnswerCallsNowAndThen() {
    World world = world();
    push(world, Duration.ofMinutes(1), "a", "b");
    Duration start = Duration.ofNanos(world.time.nanoTime());

    push(world, HOUR, "a", "b");

    int asked = since(world, "a", start, Question.LIVENESS.method()).size();
    assertTrue(asked >= 30 && asked <= 40, asked + " questions");
  }

  @Test
  void trafficSparesTheseQuestionsToo() {
    World world = world();
    push(world, Duration.ofMinutes(1), "a", "b");
    Duration start = Duration.ofNanos(world.time.nanoTime());

    for (int i = 0; i < 60; i++) {
      world.prober.onOrganicAnswer("a");
      push(world, Duration.ofMinutes(1), "a", "b");
    }

    assertEquals(List.of(), since(world, "a", start, Question.LIVENESS.method()));
  }

  @Test
  void whoStopsPushingIsAskedAgain() {
    World world = world();
    push(world, Duration.ofMinutes(10), "a", "b");
    Duration start = Duration.ofNanos(world.time.nanoTime());

    push(world, Duration.ofMinutes(2), "b");

    assertTrue(since(world, "a", start, Question.HEAD.method()).size() >= 5);
    assertTrue(world.lag("a") <= 1, world.lag("a") + " blocks");
  }

  @Test
  void pushedHeadsAreAgreedUponWithTheirHashes() {
    World world = world();

    push(world, Duration.ofMinutes(5), "a", "b");

    long newest = world.chainHead;
    assertEquals(1000 + world.time.nanoTime() / BLOCK.toNanos(), newest);
    assertEquals(head(newest), world.heads.get("a"));
  }

  @Test
  void aBlockThatReplacesAnotherAtItsHeightIsTold() {
    World world = world();
    push(world, Duration.ofMinutes(1), "a");
    Head before = told(world);
    Head other = new Head(before.number(), hash(77), before.parentHash(), 5);

    world.prober.onPushedHead("a", other);

    assertEquals(other, world.heads.get("a"));
  }

  @Test
  void aPushThatComesBehindANewerHeadIsPassedOver() {
    World world = world();
    push(world, Duration.ofMinutes(1), "a");
    Head newest = told(world);
    world.prober.onOrganicHead("a", newest.number() + 1);

    world.prober.onPushedHead("a", newest);
    assertEquals(newest.number() + 1, told(world).number());
    world.pass(BLOCK.multipliedBy(2));
    world.prober.onPushedHead("a", newest);

    assertEquals(newest.number(), told(world).number());
  }
}
