package io.fairlead.gateway.subscribe;

import static io.fairlead.gateway.subscribe.SubscribeScene.block;
import static io.fairlead.gateway.subscribe.SubscribeScene.log;
import static io.fairlead.gateway.subscribe.SubscribeScene.notification;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.client.HeadTag;
import io.fairlead.gateway.feed.LogInterest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SubscriptionsTest {
  private static final String HEADS = "[\"newHeads\"]";
  private static final String CONTRACT_1 = "0x0000000000000000000000000000000000000001";

  private final SubscribeScene scene = new SubscribeScene();

  private static List<String> notifications(SubscribeScene.Connection connection) {
    return connection.received.stream().filter(text -> text.contains("eth_subscription")).toList();
  }

  @Test
  void allWhoWaitForTheSameAreToldTheSameBytes() {
    List<SubscribeScene.Connection> connections = new ArrayList<>();
    String id = "";
    for (int i = 0; i < 1300; i++) {
      SubscribeScene.Connection connection = scene.connect(i % 2);
      id = connection.subscribe(HEADS);
      connections.add(connection);
    }
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.subscriptions.onBlock(block(2, "aa"));
    scene.settle();
    List<String> expected =
        List.of(notification(id, "{\"n\":\"1aa\"}"), notification(id, "{\"n\":\"2aa\"}"));
    for (SubscribeScene.Connection connection : connections) {
      assertEquals(expected, notifications(connection));
    }
    assertEquals(2600, scene.sends.get());
  }

  @Test
  void othersOnTheLoopHaveTheirTurnBetweenTwoPartsOfAFanOut() {
    for (int i = 0; i < LoopTopics.SENDS_A_TURN + 88; i++) {
      scene.connect(1).subscribe(HEADS);
    }
    AtomicInteger sentBefore = new AtomicInteger();
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.subscriptions.onBlock(block(2, "aa"));
    scene.execute(1, () -> sentBefore.set(scene.sends.get()));
    scene.settle();
    assertEquals(LoopTopics.SENDS_A_TURN, sentBefore.get());
    assertEquals(2 * (LoopTopics.SENDS_A_TURN + 88), scene.sends.get());
  }

  @Test
  void nobodyWantsAllLogsAnyMoreWhenWhoDidHasLeft() {
    SubscribeScene.Connection all = scene.connect(1);
    SubscribeScene.Connection one = scene.connect(0);
    all.subscribe("[\"logs\",{}]");
    one.subscribe("[\"logs\",{\"address\":\"" + CONTRACT_1 + "\"}]");
    all.leave();
    scene.settle();
    assertEquals(
        LogInterest.in(Set.of(CONTRACT_1)), scene.wanted.get(scene.wanted.size() - 1).logs());
  }

  @Test
  void nothingIsToldBeforeTheAnswer() {
    SubscribeScene.Connection connection = scene.connect(1);
    connection.begin("eth_subscribe", HEADS);
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.settle();
    scene.subscriptions.onBlock(block(2, "aa"));
    scene.settle();
    assertTrue(connection.received.get(0).contains("\"id\":7"), connection.received.toString());
    assertEquals(2, connection.received.size());
    assertTrue(connection.received.get(1).contains("2aa"));
  }

  @Test
  void aSecondSubscriptionToTheSameHasAnIdOfItsOwn() {
    SubscribeScene.Connection connection = scene.connect(0);
    String first = connection.subscribe(HEADS);
    String second = connection.subscribe(HEADS);
    assertNotEquals(first, second);
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.settle();
    assertEquals(
        List.of(notification(first, "{\"n\":\"1aa\"}"), notification(second, "{\"n\":\"1aa\"}")),
        notifications(connection));
    connection.ask("eth_unsubscribe", "[\"" + first + "\"]");
    assertEquals(first, connection.subscribe(HEADS));
  }

  @Test
  void whoHasUnsubscribedIsToldNothingMore() {
    SubscribeScene.Connection gone = scene.connect(0);
    SubscribeScene.Connection other = scene.connect(0);
    String id = gone.subscribe(HEADS);
    other.subscribe(HEADS);
    assertEquals(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":true}",
        gone.ask("eth_unsubscribe", "[\"" + id + "\"]"));
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.settle();
    assertTrue(notifications(gone).isEmpty());
    assertEquals(1, notifications(other).size());
  }

  @Test
  void nobodyEndsTheSubscriptionOfAnother() {
    SubscribeScene.Connection owner = scene.connect(0);
    SubscribeScene.Connection stranger = scene.connect(1);
    String id = owner.subscribe(HEADS);
    assertEquals(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32000,\"message\":\"subscription not"
            + " found\"}}",
        stranger.ask("eth_unsubscribe", "[\"" + id + "\"]"));
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.settle();
    assertEquals(1, notifications(owner).size());
  }

  @Test
  void logsGoToThoseWhoseFilterTheyMatch() {
    SubscribeScene.Connection one = scene.connect(0);
    SubscribeScene.Connection all = scene.connect(1);
    String ofOne = one.subscribe("[\"logs\",{\"address\":\"" + CONTRACT_1 + "\"}]");
    assertEquals(LogInterest.in(Set.of(CONTRACT_1)), scene.wanted.get(0).logs());
    String ofAll = all.subscribe("[\"logs\",{}]");
    assertEquals(LogInterest.ANY, scene.wanted.get(1).logs());
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.subscriptions.onLogs(block(1, "aa"), List.of(log(1, "a"), log(2, "b")));
    scene.settle();
    assertEquals(
        List.of(notification(ofOne, "{\"log\":\"a\",\"removed\":false}")), notifications(one));
    assertEquals(
        List.of(
            notification(ofAll, "{\"log\":\"a\",\"removed\":false}"),
            notification(ofAll, "{\"log\":\"b\",\"removed\":false}")),
        notifications(all));
  }

  @Test
  void logsOfABlockFromBeforeTheSubscriptionAreNotTold() {
    SubscribeScene.Connection before = scene.connect(0);
    SubscribeScene.Connection after = scene.connect(0);
    before.subscribe("[\"logs\",{}]");
    scene.subscriptions.onBlock(block(1, "aa"));
    after.subscribe("[\"logs\",{}]");
    scene.subscriptions.onLogs(block(1, "aa"), List.of(log(1, "a")));
    scene.subscriptions.onRemoved(block(1, "aa"), List.of(log(1, "a")));
    scene.settle();
    assertEquals(2, notifications(before).size());
    assertTrue(notifications(after).isEmpty());
  }

  @Test
  void removedLogsAreToldNewestFirst() {
    SubscribeScene.Connection connection = scene.connect(1);
    String id = connection.subscribe("[\"logs\",{}]");
    scene.subscriptions.onBlock(block(1, "aa"));
    scene.subscriptions.onLogs(block(1, "aa"), List.of(log(1, "a"), log(1, "b")));
    scene.subscriptions.onRemoved(block(1, "aa"), List.of(log(1, "a"), log(1, "b")));
    scene.settle();
    assertEquals(
        List.of(
            notification(id, "{\"log\":\"a\",\"removed\":false}"),
            notification(id, "{\"log\":\"b\",\"removed\":false}"),
            notification(id, "{\"log\":\"b\",\"removed\":true}"),
            notification(id, "{\"log\":\"a\",\"removed\":true}")),
        notifications(connection));
  }

  @Test
  void aHeadThatWasToldIsAClientsFloor() {
    SubscribeScene.Connection connection = scene.connect(1);
    connection.subscribe(HEADS);
    scene.subscriptions.onBlock(block(41, "aa"));
    scene.settle();
    assertEquals(41, connection.client.floor(HeadTag.LATEST));
  }

  @Test
  void whoAsksForWhatOthersHaveChangesNothingThatIsWanted() {
    SubscribeScene.Connection first = scene.connect(0);
    first.subscribe(HEADS);
    first.subscribe("[\"logs\",{\"address\":\"" + CONTRACT_1 + "\"}]");
    List<Wanted> before = List.copyOf(scene.wanted);
    for (int loop = 0; loop < 2; loop++) {
      SubscribeScene.Connection other = scene.connect(loop);
      other.subscribe(HEADS);
      other.subscribe("[\"logs\",{\"address\":\"" + CONTRACT_1 + "\"}]");
      other.leave();
    }
    scene.settle();
    assertEquals(before, scene.wanted);
  }

  @Test
  void nothingIsWantedAnyMoreWhenTheLastHasLeft() {
    SubscribeScene.Connection first = scene.connect(0);
    SubscribeScene.Connection second = scene.connect(1);
    first.subscribe("[\"logs\",{\"address\":\"" + CONTRACT_1 + "\"}]");
    second.subscribe(HEADS);
    second.subscribe("[\"newPendingTransactions\"]");
    second.subscribe("[\"newPendingTransactions\",true]");
    first.leave();
    second.leave();
    scene.settle();
    assertEquals(Wanted.NOTHING, scene.wanted.get(scene.wanted.size() - 1));
  }

  @Test
  void aConnectionThatLeftWhileItSubscribedLeavesNothingBehind() {
    SubscribeScene.Connection connection = scene.connect(1);
    connection.begin("eth_subscribe", HEADS);
    connection.leave();
    scene.settle();
    assertEquals(Wanted.NOTHING, scene.wanted.get(scene.wanted.size() - 1));
    assertTrue(connection.received.isEmpty(), connection.received.toString());
  }

  @Test
  void aGapEndsTheConnectionsThatWaitForBlocks() {
    SubscribeScene.Connection heads = scene.connect(0);
    SubscribeScene.Connection pending = scene.connect(1);
    heads.subscribe(HEADS);
    pending.subscribe("[\"newPendingTransactions\"]");
    scene.subscriptions.onLost("2000 blocks are missing");
    scene.settle();
    assertTrue(heads.received.contains("lost: 2000 blocks are missing"));
    assertFalse(pending.received.contains("lost: 2000 blocks are missing"));
  }

  @Test
  void syncingIsToldAtOnceAndWhenItChanges() {
    SubscribeScene.Connection first = scene.connect(0);
    String id = first.subscribe("[\"syncing\"]");
    scene.connect(0).subscribe("[\"syncing\"]");
    scene.subscriptions.onSyncing(true);
    scene.subscriptions.onSyncing(true);
    scene.settle();
    assertEquals(
        List.of(notification(id, "false"), notification(id, "{\"syncing\":true}")),
        notifications(first));
  }

  @Test
  void pendingTransactionsAreToldByHashOrWhole() {
    SubscribeScene.Connection connection = scene.connect(1);
    String hashes = connection.subscribe("[\"newPendingTransactions\"]");
    String whole = connection.subscribe("[\"newPendingTransactions\",true]");
    scene.subscriptions.onPending("\"0x12\"");
    scene.subscriptions.onPendingWhole("{\"hash\":\"0x12\"}");
    scene.settle();
    assertEquals(
        List.of(notification(hashes, "\"0x12\""), notification(whole, "{\"hash\":\"0x12\"}")),
        notifications(connection));
  }

  @Test
  void whatCannotBeReadIsRefusedInTheWordsOfNodes() {
    SubscribeScene.Connection connection = scene.connect(0);
    assertRefused(connection, "[]", -32602, "expected subscription name as first argument");
    assertRefused(connection, "[5]", -32602, "expected subscription name as first argument");
    assertRefused(connection, "[\"foo\"]", -32601, "no \\\"foo\\\" subscription in eth namespace");
    assertRefused(connection, "[\"logs\"]", -32602, "missing value for required argument 1");
    assertRefused(connection, "[\"logs\",5]", -32602, "invalid argument 1");
    assertRefused(connection, "[\"logs\",{\"address\":\"0x1\"}]", -32602, "invalid address");
    assertRefused(connection, "[\"logs\",{\"topics\":\"0x1\"}]", -32602, "invalid topics");
    assertRefused(
        connection, "[\"logs\",{\"topics\":[null,null,null,null,null]}]", -32602, "topics");
    assertRefused(
        connection, "[\"logs\",{\"fromBlock\":\"0x5\",\"toBlock\":\"0x1\"}]", -32602, "range");
    assertRefused(connection, "[\"newPendingTransactions\",7]", -32602, "expected a bool");
    assertEquals(0, scene.wanted.size());
  }

  private static void assertRefused(
      SubscribeScene.Connection connection, String params, int code, String text) {
    String answer = connection.ask("eth_subscribe", params);
    assertTrue(answer.contains("\"code\":" + code) && answer.contains(text), answer);
  }

  @Test
  void oneConnectionHasABoundedNumberOfSubscriptions() {
    SubscribeScene.Connection connection = scene.connect(0);
    for (int i = 0; i < ConnectionSubscriptions.MOST; i++) {
      connection.subscribe(HEADS);
    }
    assertRefused(connection, HEADS, -32005, "too many subscriptions");
    assertTrue(scene.connect(0).subscribe(HEADS).startsWith("0x"));
  }

  @Test
  void topicsAreListedByHowManyWait() throws Exception {
    scene.connect(0).subscribe("[\"logs\",{\"address\":\"" + CONTRACT_1 + "\"}]");
    scene.connect(0).subscribe(HEADS);
    scene.connect(1).subscribe(HEADS);
    var listed = scene.subscriptions.list(10).toCompletableFuture();
    scene.settle();
    assertEquals(2L, scene.subscriptions.countByKind().get("newHeads"));
    assertEquals(
        new SubscriptionsView(
            3,
            2,
            List.of(
                new SubscriptionsView.OfTopic("newHeads", "", 2),
                new SubscriptionsView.OfTopic("logs", "address " + CONTRACT_1, 1))),
        listed.get(1, TimeUnit.SECONDS));
  }
}
