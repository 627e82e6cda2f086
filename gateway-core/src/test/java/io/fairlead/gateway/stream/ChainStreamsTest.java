package io.fairlead.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.routing.control.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChainStreamsTest {
  private static final Duration BLOCK = Duration.ofSeconds(12);
  private static final int ENOUGH = 20_000;
  private static final int TOO_FEW = 1_000;

  private static StreamScene scene() {
    return new StreamScene(BLOCK);
  }

  @Test
  void pushesAreHeardWithoutClientsWhenADayOfThemFitsTheBudget() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(ENOUGH);

    scene.mine(2);

    assertEquals(102L, scene.toldNumbers.get("a"));
    assertEquals(102L, scene.toldNumbers.get("b"));
    assertEquals(6, scene.seen);
  }

  @Test
  void nobodyIsHeardWithoutClientsWhenADayOfPushesDoesNotFit() {
    StreamScene scene = scene().with("a", "aws/1").polled("b", "gcp/1").start(TOO_FEW);

    scene.mine(2);

    assertTrue(scene.live.isEmpty());
    assertTrue(scene.node("a").connectsNanos.isEmpty());
    assertEquals(0, scene.node("b").polls);
  }

  @Test
  void nobodyIsPolledWithoutClients() {
    StreamScene scene = scene().polled("a", "aws/1").polled("b", "gcp/1").start(ENOUGH);

    scene.mine(3);

    assertEquals(0, scene.node("a").polls + scene.node("b").polls);
  }

  @Test
  void clientsGetTwoFailureDomainsEvenIfOneOfThemMustBePolled() {
    StreamScene scene =
        scene()
            .with("a", "aws/1")
            .with("b", "aws/1")
            .with("c", "aws/2")
            .polled("d", "gcp/1")
            .start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);

    scene.mine(2);

    assertTrue(scene.live.contains("d"));
    assertTrue(scene.live.contains("a") || scene.live.contains("b") || scene.live.contains("c"));
  }

  @Test
  void atMostThreeSourcesServeClients() {
    StreamScene scene = scene();
    for (int i = 0; i < 8; i++) {
      scene.with("n" + i, "cloud" + i + "/1");
    }
    scene.start(TOO_FEW).streams.want(StreamScene.HEADS);

    scene.mine(3);

    assertEquals(3, scene.live.size());
    assertEquals(3, scene.nodes.values().stream().filter(VirtualNode::isConnected).count());
  }

  @Test
  void polledUpstreamsTellEveryBlockToClients() {
    StreamScene scene = scene().polled("a", "aws/1").polled("b", "gcp/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.pass(Duration.ofSeconds(1));

    scene.mine(5);
    scene.pass(Duration.ofSeconds(2));

    assertEquals(105L, scene.toldNumbers.get("a"));
    assertEquals(105L, scene.toldNumbers.get("b"));
    assertTrue(scene.node("a").polls <= 5 * 6);
  }

  @Test
  void everythingEndsWithTheLastClient() {
    StreamScene scene = scene().with("a", "aws/1").polled("b", "gcp/1").start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);
    assertEquals(Set.of("a", "b"), Set.copyOf(scene.live));

    scene.streams.want(StreamWants.NOTHING);
    scene.pass(Duration.ofSeconds(1));

    assertTrue(scene.live.isEmpty());
    assertFalse(scene.node("a").isConnected());
    int polls = scene.node("b").polls;
    scene.mine(2);
    assertEquals(polls, scene.node("b").polls);
  }

  @Test
  void aSilentSourceGoesAfterThreeBlockTimesAndAnotherTakesItsPlace() {
    StreamScene scene =
        scene().with("a", "aws/1").with("b", "aws/1").polled("c", "gcp/1").start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(2);
    String deaf = scene.live.contains("a") ? "a" : "b";
    String other = deaf.equals("a") ? "b" : "a";
    assertEquals(Set.of(deaf, "c"), Set.copyOf(scene.live));

    scene.mine(2, deaf);
    assertTrue(scene.live.contains(deaf));
    scene.mine(1, deaf);
    scene.pass(Duration.ofSeconds(1));

    assertEquals(List.of("-" + deaf, "+" + other), scene.last(2));
    assertEquals(1, scene.silent);
    assertEquals(scene.number(), scene.toldNumbers.get(other));
  }

  @Test
  void aSilentSourceIsTriedAgainLaterAndLater() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);

    scene.mine(100, "a");

    // It answers when it is asked for its head and never tells another one.
    assertTrue(scene.silent >= 3 && scene.silent <= 12);
    assertEquals(scene.number(), scene.toldNumbers.get("b"));
  }

  @Test
  void aChainThatStandsStillSilencesNobody() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(2);

    scene.pass(Duration.ofMinutes(30));

    assertEquals(0, scene.silent);
    assertEquals(Set.of("a", "b"), Set.copyOf(scene.live));
  }

  @Test
  void whenAllSourcesFallAsleepOthersAreLookedAt() {
    StreamScene scene =
        scene().with("a", "aws/1").with("b", "gcp/1").polled("c", "azure/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(2);
    assertEquals(0, scene.node("c").polls);

    scene.mine(5, "a", "b");
    scene.pass(Duration.ofSeconds(2));

    assertEquals(scene.number(), scene.toldNumbers.get("c"));
    assertTrue(scene.story.containsAll(List.of("-a", "-b")), scene.story.toString());
    scene.mine(20, "a", "b");
    scene.pass(Duration.ofSeconds(2));
    assertEquals(scene.number(), scene.toldNumbers.get("c"));
    assertFalse(scene.story.contains("-c"));
  }

  @Test
  void anEjectedSourceIsGoneAtOnce() {
    StreamScene scene =
        scene().with("a", "aws/1").with("b", "gcp/1").with("c", "azure/1").start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);

    scene.eject("a");
    scene.pass(Duration.ofMillis(250));

    assertEquals(Set.of("b", "c"), Set.copyOf(scene.live));
    assertFalse(scene.node("a").isConnected());
  }

  @Test
  void whenAllAreEjectedTheyAreHeardRatherThanNobody() {
    StreamScene scene = scene().with("a", "aws/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);

    scene.eject("a");
    scene.pass(Duration.ofSeconds(1));

    assertEquals(List.of("a"), List.copyOf(scene.live));
  }

  @Test
  void anUpstreamOnAnotherChainIsNeverHeard() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);

    scene.setIdentity("a", Identity.WRONG_CHAIN);
    scene.pass(Duration.ofMillis(250));

    assertEquals(List.of("b"), List.copyOf(scene.live));
    assertFalse(scene.node("a").isConnected());
  }

  @Test
  void aDrainedSourceStaysUntilItsSuccessorHasTold() {
    StreamScene scene =
        scene().with("a", "aws/1").polled("b", "gcp/1").with("c", "aws/1").start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);
    String drained = scene.live.contains("a") ? "a" : "c";
    String successor = drained.equals("a") ? "c" : "a";

    scene.drain(drained);
    scene.pass(Duration.ofSeconds(1));

    assertEquals(List.of("+" + successor, "-" + drained), scene.last(2));
    assertFalse(scene.node(drained).isConnected());
  }

  @Test
  void aDrainWaitsTenSecondsForASuccessorAtTheMost() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);
    scene.node("b").isFrozen = true;
    scene.node("b").answersHttp = false;
    scene.node("b").reset();

    scene.drain("a");
    scene.pass(Duration.ofSeconds(9));
    assertTrue(scene.live.contains("a"));
    scene.pass(Duration.ofSeconds(2));

    assertFalse(scene.live.contains("a"));
  }

  @Test
  void aDisconnectedSourceIsGoneAtOnceAndReplaced() {
    StreamScene scene =
        scene().with("a", "aws/1").with("b", "gcp/1").with("c", "gcp/2").start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);
    scene.node("a").isReachable = false;
    scene.node("a").answersHttp = false;

    scene.node("a").reset();
    assertFalse(scene.live.contains("a"));
    scene.pass(Duration.ofSeconds(1));

    assertEquals(Set.of("b", "c"), Set.copyOf(scene.live));
  }

  @Test
  void anUpstreamWhoseWebSocketFailsIsPolled() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(TOO_FEW);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);
    scene.node("a").isReachable = false;

    scene.node("a").reset();
    scene.mine(2);
    assertTrue(scene.live.contains("a"));
    assertTrue(scene.node("a").polls > 0);
    scene.node("a").isReachable = true;
    scene.mine(4);

    assertTrue(scene.node("a").isConnected());
    int polls = scene.node("a").polls;
    scene.mine(2);
    assertEquals(polls, scene.node("a").polls);
  }

  @Test
  void anUpstreamThatOffersNoSubscriptionsIsPolled() {
    StreamScene scene = scene().with("a", "aws/1").start(ENOUGH);
    scene.node("a").hasSubscriptions = false;
    scene.streams.want(StreamScene.HEADS);

    scene.mine(3);

    assertTrue(scene.toldNumbers.getOrDefault("a", -1L) >= scene.number() - 1);
    assertTrue(scene.node("a").polls > 0);
  }

  @Test
  void aDroppedUpstreamIsGoneAtOnce() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);

    scene.remove("a");

    assertEquals(List.of("-a"), scene.last(1));
    assertFalse(scene.node("a").isConnected());
  }

  @Test
  void aReloadThatChangesNothingMovesNothing() {
    StreamScene scene = scene().with("a", "aws/1").with("b", "gcp/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);

    scene.configure(ENOUGH);
    scene.mine(1);

    assertEquals(1, scene.node("a").connectsNanos.size());
    assertEquals(Set.of("+a", "+b"), Set.copyOf(scene.story));
  }

  @Test
  void sourcesThatServeAreNotChangedForOthers() {
    StreamScene scene = scene();
    for (int i = 0; i < 6; i++) {
      scene.with("n" + i, "cloud" + i + "/1");
    }
    scene.start(TOO_FEW).streams.want(StreamScene.HEADS);

    scene.mine(200);

    assertEquals(3, scene.story.size());
  }

  @Test
  void aCommunityNodeIsHeardWhenNobodyElseStandsElsewhere() {
    StreamScene scene = scene().with("home", "home/1").with("a", "aws/1").with("b", "gcp/1");
    scene.community.add("home");
    scene.with("c", "azure/1").start(TOO_FEW).streams.want(StreamScene.HEADS);

    scene.mine(1);

    assertEquals(Set.of("a", "b", "c"), Set.copyOf(scene.live));
  }

  @Test
  void theEndTellsThatAllAreGone() {
    StreamScene scene = scene().with("a", "aws/1").polled("b", "gcp/1").start(ENOUGH);
    scene.streams.want(StreamScene.HEADS);
    scene.mine(1);

    scene.streams.close();

    assertTrue(scene.live.isEmpty());
    scene.pass(Duration.ofMinutes(1));
    assertEquals(0, scene.time.pending());
  }
}
