package io.fairlead.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.ManualScheduler;
import io.fairlead.routing.Upstream;
import io.fairlead.routing.UpstreamSpec;
import io.fairlead.routing.budget.Budget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UpstreamSocketTest {
  private static final RpcQuestion CHAIN_ID =
      new RpcQuestion("eth_getBlockByNumber", "[\"latest\",false]", 2_000_000_000L);

  private final ManualScheduler time = new ManualScheduler();
  private final VirtualNode node = new VirtualNode("a", time);
  private final List<String> heard = new ArrayList<>();
  private final UpstreamSocket socket = newSocket(node, new Budget(0, 1, time));

  private UpstreamSocket newSocket(VirtualNode at, Budget budget) {
    Upstream upstream =
        new Upstream("eth", 0, new UpstreamSpec(at.id, List.of(), 100, 0, Integer.MAX_VALUE));
    return new UpstreamSocket(
        upstream,
        at,
        new UpstreamSocket.World(
            time, new SplittableRandom(20261121), budget, StreamObserver.NONE));
  }

  private RpcReply toHeard() {
    return new RpcReply() {
      @Override
      public void onResult(String json) {
        heard.add(json);
      }

      @Override
      public void onFailure(RpcFailure failure) {
        heard.add(failure.kind() + " " + failure.text());
      }
    };
  }

  private SubscriptionListener subscriber(String name) {
    return new SubscriptionListener() {
      @Override
      public void onSubscribed() {
        heard.add(name + " on");
      }

      @Override
      public void onNotified(String json) {
        heard.add(name + " " + Long.decode(json.replaceAll(".*\"number\":\"(\\w+)\".*", "$1")));
      }

      @Override
      public void onInterrupted(String reason) {
        heard.add(name + " off: " + reason);
      }

      @Override
      public void onRefused(RpcFailure failure) {
        heard.add(name + " refused: " + failure.text());
      }
    };
  }

  private void pass(long millis) {
    time.advance(Duration.ofMillis(millis));
  }

  private void connect() {
    socket.open();
    pass(100);
  }

  @Test
  void questionsAreAnsweredEachWithItsOwnAnswer() {
    connect();
    node.onBlock(7);
    socket.ask(CHAIN_ID, toHeard());
    socket.ask(new RpcQuestion("no_such", "[]", 1_000_000_000L), toHeard());
    pass(100);

    assertEquals(List.of(VirtualNode.block(7, ""), "UNKNOWN_METHOD eth/a: error -32601"), heard);
  }

  @Test
  void anUnansweredQuestionFailsWhenItsTimeIsUp() {
    connect();
    node.isFrozen = true;
    socket.ask(CHAIN_ID, toHeard());

    pass(1_999);
    assertTrue(heard.isEmpty());
    pass(1);

    assertEquals(List.of("TIMEOUT eth/a: eth_getBlockByNumber unanswered"), heard);
  }

  @Test
  void questionsFailWithTheConnectionAndWithoutOne() {
    socket.ask(CHAIN_ID, toHeard());
    assertEquals(List.of("DISCONNECTED eth/a: no WebSocket connection"), heard);
    connect();
    heard.clear();
    node.isFrozen = true;
    socket.ask(CHAIN_ID, toHeard());
    node.reset();
    pass(1);

    assertEquals(List.of("DISCONNECTED eth/a: reset"), heard);
  }

  @Test
  void noMoreQuestionsWaitThanTheBound() {
    connect();
    node.isFrozen = true;
    for (int i = 0; i < OpenCalls.MOST; i++) {
      socket.ask(CHAIN_ID, toHeard());
    }
    assertTrue(heard.isEmpty());

    socket.ask(CHAIN_ID, toHeard());

    assertEquals(List.of("DISCONNECTED eth/a: 1024 calls wait"), heard);
  }

  @Test
  void subscriptionsAreMadeAnewAfterAReset() {
    socket.subscribe("[\"newHeads\"]", subscriber("x"));
    socket.subscribe("[\"newHeads\"]", subscriber("y"));
    connect();
    node.onBlock(1);
    pass(100);
    node.reset();
    pass(1_000);
    node.onBlock(2);
    pass(100);

    assertEquals(
        List.of(
            "x on",
            "y on",
            "x 1",
            "y 1",
            "x off: eth/a: reset",
            "y off: eth/a: reset",
            "x on",
            "y on",
            "x 2",
            "y 2"),
        heard);
  }

  @Test
  void whatIsToldBeforeTheAnswerToTheSubscriptionIsNotLost() {
    node.notifiesEarly = true;
    node.onBlock(5);
    connect();

    socket.subscribe("[\"newHeads\"]", subscriber("x"));
    pass(100);

    assertEquals(List.of("x on", "x 5"), heard);
  }

  @Test
  void unknownSubscriptionsAreNotHeard() {
    connect();
    socket.subscribe("[\"newHeads\"]", subscriber("x"));
    pass(100);

    node.tell(VirtualNode.note("0xdead", VirtualNode.block(1, "")));
    pass(100);

    assertEquals(List.of("x on"), heard);
    assertTrue(socket.isOpen());
  }

  @Test
  void anEndedSubscriptionIsEndedAtTheUpstreamToo() {
    connect();
    SocketSubscription one = socket.subscribe("[\"newHeads\"]", subscriber("x"));
    pass(100);
    SocketSubscription early = socket.subscribe("[\"newHeads\"]", subscriber("y"));
    one.unsubscribe();
    early.unsubscribe();
    pass(100);

    assertEquals(0, node.open("newHeads"));
    node.onBlock(1);
    pass(100);
    assertEquals(List.of("x on"), heard);
  }

  @Test
  void aRefusedSubscriptionIsSaidToBe() {
    node.hasSubscriptions = false;
    connect();

    socket.subscribe("[\"newHeads\"]", subscriber("x"));
    pass(100);

    assertEquals(List.of("x refused: eth/a: error -32601"), heard);
  }

  @Test
  void rubbishEndsTheConnection() {
    connect();
    for (String rubbish : List.of("", "x", "[]", "1", "{\"id\":1", "{}{}")) {
      assertTrue(socket.isOpen(), rubbish);
      node.tell(rubbish);
      pass(11);
      assertFalse(socket.isOpen(), rubbish);
      pass(60_000);
    }
  }

  @Test
  void triesComeLaterAndLaterUpToHalfAMinute() {
    node.isReachable = false;
    socket.open();
    pass(600_000);

    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < node.connectsNanos.size(); i++) {
      gaps.add((node.connectsNanos.get(i) - node.connectsNanos.get(i - 1)) / 1_000_000 - 10);
    }
    long whole = 500;
    for (long gap : gaps) {
      assertTrue(gap >= whole / 2 && gap <= whole, gap + " of " + whole);
      whole = Math.min(30_000, 2 * whole);
    }
    assertTrue(gaps.size() > 20, gaps.toString());
  }

  @Test
  void aStableConnectionForgivesEarlierFailures() {
    node.isReachable = false;
    socket.open();
    pass(120_000);
    node.isReachable = true;
    pass(60_000);
    assertTrue(socket.isOpen());

    node.reset();
    pass(600);

    assertTrue(socket.isOpen());
  }

  @Test
  void oneThatFlapsIsTriedEverMoreRarely() {
    connect();
    for (int i = 0; i < 600; i++) {
      if (socket.isOpen()) {
        node.reset();
      }
      pass(1_000);
    }

    assertTrue(node.connectsNanos.size() < 40, node.connectsNanos.size() + " connections");
  }

  @Test
  void retryAfterIsWaitedUpToFiveMinutes() {
    node.isReachable = false;
    node.retryAfterSeconds = 60;
    socket.open();
    pass(59_000);
    assertEquals(1, node.connectsNanos.size());
    pass(2_000);
    assertEquals(2, node.connectsNanos.size());
    node.retryAfterSeconds = 100_000;
    pass(60_000 + 301_000);

    assertEquals(4, node.connectsNanos.size());
  }

  @Test
  void reconnectsOfManyKeepWithinTheBudget() {
    Budget budget = new Budget(0, 1, time);
    List<VirtualNode> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      VirtualNode one = new VirtualNode("n" + i, time);
      one.isReachable = false;
      many.add(one);
      newSocket(one, budget).open();
    }
    pass(60_000);

    int tries = many.stream().mapToInt(one -> one.connectsNanos.size()).sum();
    assertTrue(tries <= 100 + 10 + 60, tries + " tries");
    assertTrue(tries > 100 + 20, tries + " tries");
  }

  @Test
  void aPeerThatVanishesIsGivenUpWithinHalfAMinute() {
    socket.subscribe("[\"newHeads\"]", subscriber("x"));
    connect();
    node.isFrozen = true;

    pass(14_000);
    assertTrue(socket.isOpen());
    pass(17_000);

    assertTrue(heard.contains("x off: eth/a: no answer to a ping"), heard.toString());
  }

  @Test
  void aQuietPeerThatAnswersPingsIsKept() {
    connect();

    pass(3_600_000);

    assertEquals(1, node.connectsNanos.size());
    assertTrue(socket.isOpen());
  }

  @Test
  void aSubscriptionThatIsNeverAnsweredMeansANewConnection() {
    connect();
    node.isFrozen = true;
    socket.subscribe("[\"newHeads\"]", subscriber("x"));

    pass(10_100);

    assertEquals(List.of("x off: eth/a: eth_subscribe unanswered"), heard);
  }

  @Test
  void afterTheCloseNothingIsHeardOrTried() {
    socket.subscribe("[\"newHeads\"]", subscriber("x"));
    connect();
    socket.close();
    node.onBlock(1);
    pass(600_000);

    assertEquals(List.of("x on"), heard);
    assertEquals(1, node.connectsNanos.size());
    assertEquals(0, time.pending());
  }
}
