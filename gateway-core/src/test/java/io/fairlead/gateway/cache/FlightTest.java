package io.fairlead.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.cache.FlightScene.Asked;
import io.fairlead.gateway.cache.FlightScene.Client;
import io.fairlead.gateway.call.CallOutcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that ask the same at the same time, on two event loops. */
final class FlightTest {
  private static final String NAMED = "[\"0x1\",\"0x10\"]";
  private static final String NEWEST = "[\"0x1\",\"latest\"]";
  private static final String BALANCE = "eth_getBalance";

  private final FlightScene scene = new FlightScene(64 << 20);

  @AfterEach
  void close() {
    scene.close();
    assertEquals(0, scene.store.copyingBytes());
  }

  private Asked asked(int index) {
    return scene.asked.get(index);
  }

  private static String answer(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  @Test
  void aThousandIdenticalCallsOnAllLoopsMakeOneUpstreamCall() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      clients.add(scene.ask(i % 2, "\"c" + i + "\"", BALANCE, NAMED));
    }
    assertEquals(1, scene.asked.size());
    asked(0).answer("\"0x7\"");
    for (int i = 0; i < 1000; i++) {
      assertEquals(answer("\"c" + i + "\"", "\"0x7\""), clients.get(i).answer);
      assertEquals(i == 0 ? "miss" : "coalesced", clients.get(i).cache);
    }
  }

  @Test
  void whatWasKeptAnswersTheNextCallWithItsOwnId() {
    scene.ask(0, "1", BALANCE, NAMED);
    asked(0).answer("\"0x7\"");
    Client next = scene.ask(1, "\"\\u0041\"", BALANCE, " [ \"0x1\" , \"0x10\" ] ");
    assertEquals(answer("\"\\u0041\"", "\"0x7\""), next.answer);
    assertEquals("hit", next.cache);
    assertEquals(1, scene.asked.size());
  }

  @Test
  void othersAskForThemselves() {
    scene.ask(0, "1", BALANCE, NAMED);
    scene.ask(0, "1", BALANCE, "[\"0x2\",\"0x10\"]");
    scene.ask(0, "1", "eth_getCode", NAMED);
    assertEquals(3, scene.asked.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"eth_newBlockFilter", "eth_sendRawTransaction", "evm_mine", "eth_submitWork"})
  void writesAndFiltersAreNeverShared(String method) {
    scene.ask(0, "1", method, "[\"0x1\"]");
    Client other = scene.ask(0, "2", method, "[\"0x1\"]");
    assertEquals(2, scene.asked.size());
    asked(1).answer("\"0x2\"");
    assertEquals("bypass", other.cache);
  }

  @Test
  void thePendingBlockIsNeverShared() {
    scene.ask(0, "1", "eth_getTransactionCount", "[\"0x1\",\"pending\"]");
    scene.ask(0, "2", "eth_getTransactionCount", "[\"0x1\",\"pending\"]");
    assertEquals(2, scene.asked.size());
  }

  @Test
  void whoMustSeeItsOwnWritesAsksByItself() {
    scene.ask(0, "1", BALANCE, NEWEST);
    scene.ask(0, "2", BALANCE, NAMED);
    scene.mayShare = false;
    scene.ask(0, "3", BALANCE, NEWEST);
    assertEquals(3, scene.asked.size());
    scene.ask(0, "4", BALANCE, NAMED);
    assertEquals(3, scene.asked.size());
  }

  @Test
  void anErrorIsSharedButNotKept() {
    scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    asked(0).answer(CallOutcome.CLIENT_ERROR, "{\"code\":3}");
    assertEquals(answer("2", "{\"code\":3}"), follower.answer);
    scene.ask(1, "3", BALANCE, NAMED);
    assertEquals(2, scene.asked.size());
  }

  @Test
  void nullIsSharedButNotKept() {
    scene.ask(0, "1", "eth_getTransactionReceipt", "[\"0x1\"]");
    Client follower = scene.ask(1, "2", "eth_getTransactionReceipt", "[\"0x1\"]");
    asked(0).answer("null");
    assertEquals(answer("2", "null"), follower.answer);
    scene.ask(1, "3", "eth_getTransactionReceipt", "[\"0x1\"]");
    assertEquals(2, scene.asked.size());
  }

  @Test
  void theLeadersLeavingLosesNobody() {
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    leader.leave();
    assertFalse(asked(0).abandoned);
    asked(0).answer("\"0x7\"");
    assertEquals(answer("2", "\"0x7\""), follower.answer);
    assertNull(leader.answer);
  }

  @Test
  void aFollowersLeavingEndsNothing() {
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    Client other = scene.ask(1, "3", BALANCE, NAMED);
    follower.leave();
    asked(0).answer("\"0x7\"");
    assertEquals(answer("1", "\"0x7\""), leader.answer);
    assertEquals(answer("3", "\"0x7\""), other.answer);
    assertNull(follower.answer);
  }

  @Test
  void aQuestionThatNobodyWaitsForIsGivenUp() {
    scene.ask(0, "1", BALANCE, NAMED).leave();
    assertTrue(asked(0).abandoned);
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    leader.leave();
    assertFalse(asked(1).abandoned);
    follower.leave();
    assertTrue(asked(1).abandoned);
    assertTrue(scene.cache.flights().isEmpty());
  }

  @Test
  void theLeadersTimeIsNotItsFollowers() {
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    scene.passTime(FlightScene.TIMEOUT_NANOS / 2);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    Client other = scene.ask(0, "3", BALANCE, NAMED);
    asked(0).answer(CallOutcome.TIMED_OUT, "{}");
    assertEquals(answer("1", "{}"), leader.answer);
    assertNull(follower.answer);
    assertEquals(2, scene.asked.size());
    asked(1).answer("\"0x7\"");
    assertEquals(answer("2", "\"0x7\""), follower.answer);
    assertEquals(answer("3", "\"0x7\""), other.answer);
  }

  @Test
  void aFollowerEndsWithItsOwnTime() {
    scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    scene.passTime(FlightScene.TIMEOUT_NANOS - 1);
    scene.settle();
    assertNull(follower.answer);
    scene.passTime(1);
    assertTrue(follower.awaitAnswer().contains("\"id\":2,\"error\":{\"code\":-32003"));
  }

  @Test
  void whoKnowsOfANewerBlockDoesNotFollowWhoDoesNot() {
    scene.floor.set(100);
    scene.ask(0, "1", BALANCE, NEWEST);
    scene.ask(1, "2", BALANCE, NEWEST);
    assertEquals(1, scene.asked.size());
    scene.floor.set(101);
    scene.ask(1, "3", BALANCE, NEWEST);
    assertEquals(2, scene.asked.size());
    Client late = scene.ask(0, "4", BALANCE, NEWEST);
    assertEquals(2, scene.asked.size());
    asked(1).answer("\"0x8\"");
    assertEquals(answer("4", "\"0x8\""), late.answer);
  }

  @Test
  void aBlockByItsHeightIsTheSameForAll() {
    scene.floor.set(100);
    scene.ask(0, "1", BALANCE, NAMED);
    scene.floor.set(101);
    scene.ask(1, "2", BALANCE, NAMED);
    assertEquals(1, scene.asked.size());
  }

  @Test
  void nobodyFollowsAQuestionOfBeforeAWrite() {
    scene.ask(0, "1", BALANCE, NEWEST);
    scene.ask(0, "2", "eth_sendRawTransaction", "[\"0x1\"]");
    asked(1).answer("\"0x2\"");
    Client after = scene.ask(1, "3", BALANCE, NEWEST);
    assertEquals(3, scene.asked.size());
    asked(0).answer("\"0xold\"");
    assertNull(after.answer);
    asked(2).answer("\"0xnew\"");
    assertEquals(answer("3", "\"0xnew\""), after.answer);
    assertEquals(answer("4", "\"0xnew\""), scene.ask(0, "4", BALANCE, NEWEST).answer);
  }

  @Test
  void actingOnTheNodesChainForgetsTheChain() {
    scene.ask(0, "1", BALANCE, NAMED);
    asked(0).answer("\"0x7\"");
    scene.ask(0, "2", "evm_mine", "[]");
    asked(1).answer("\"0x0\"");
    scene.ask(0, "3", BALANCE, NAMED);
    assertEquals(3, scene.asked.size());
  }

  @Test
  void aLongAnswerIsSharedWhenItIsWhole() {
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "\"long\"", BALANCE, NAMED);
    String half = "5".repeat(300_000);
    asked(0).begin("\"" + half);
    Client late = scene.ask(0, "3", BALANCE, NAMED);
    asked(0).goOn(half + "\"");
    assertNull(follower.answer);
    asked(0).finish();
    String result = "\"" + half + half + "\"";
    assertEquals(answer("1", result), leader.answer);
    assertEquals(answer("\"long\"", result), follower.awaitAnswer());
    assertEquals(answer("3", result), late.awaitAnswer());
    Client hit = scene.ask(1, "4", BALANCE, NAMED);
    assertEquals(answer("4", result), hit.awaitAnswer());
    assertEquals("hit", hit.cache);
    assertEquals(1, scene.asked.size());
  }

  @Test
  void anAnswerTooLongToShareIsAskedForByEach() {
    scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    asked(0).begin("\"" + "5".repeat(scene.store.largestBytes() - 100));
    assertEquals(1, scene.asked.size());
    asked(0).goOn("6".repeat(200_000));
    assertEquals(2, scene.asked.size());
    assertEquals(0, scene.store.copyingBytes());
    asked(1).answer("\"0x7\"");
    assertEquals(answer("2", "\"0x7\""), follower.answer);
    asked(0).finish();
  }

  @Test
  void aLongAnswerThatBreaksOffIsAskedForAgain() {
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    asked(0).begin("\"" + "5".repeat(300_000));
    asked(0).breakOff();
    assertTrue(leader.broken);
    assertEquals(2, scene.asked.size());
    asked(1).answer("\"0x7\"");
    assertEquals(answer("2", "\"0x7\""), follower.answer);
  }

  @Test
  void aSlowLeaderHoldsNobodyUp() {
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    asked(0).begin("\"" + "5".repeat(300_000));
    leader.setReading(false);
    assertFalse(asked(0).reading);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    scene.settle();
    assertTrue(asked(0).reading);
    follower.leave();
    assertFalse(asked(0).reading);
    leader.setReading(true);
    assertTrue(asked(0).reading);
    asked(0).finish();
  }

  @Test
  void aLeaderThatLeavesInTheMiddleIsReadOnForTheOthers() {
    Client leader = scene.ask(0, "1", BALANCE, NAMED);
    Client follower = scene.ask(1, "2", BALANCE, NAMED);
    asked(0).begin("\"" + "5".repeat(300_000));
    leader.setReading(false);
    leader.leave();
    assertFalse(asked(0).abandoned);
    assertTrue(asked(0).reading);
    asked(0).goOn("\"");
    asked(0).finish();
    assertEquals(answer("2", "\"" + "5".repeat(300_000) + "\""), follower.awaitAnswer());
  }

  @Test
  void aReaderOfALongHitIsNotPushed() {
    scene.ask(0, "1", BALANCE, NAMED);
    asked(0).begin("\"" + "5".repeat(300_000) + "\"");
    asked(0).finish();
    assertEquals(0, scene.store.copyingBytes());
    Client reader = scene.ask(1, "2", BALANCE, NAMED);
    assertEquals(answer("2", "\"" + "5".repeat(300_000) + "\""), reader.awaitAnswer());
  }
}
