package io.fairlead.gateway.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.call.CallHandler;
import io.fairlead.gateway.call.CallScene;
import io.fairlead.gateway.client.Client;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What several upstreams say of one transaction or account, and how long each is waited for. */
final class VotesTest {
  private static final String POOR =
      "\"error\":{\"code\":-32000,\"message\":\"insufficient funds for gas * price + value\"}";
  private static final String PENDING = "['0x000000000000000000000000000000000000000a','pending']";

  private final Client client = new Client(Client.NOTHING);
  private final CallScene scene =
      new CallScene(
          new TransactionHandler(
              CallHandler.UPSTREAMS,
              new TransactionHandler.Means(
                  new TransactionRules(3, false, Set.of()),
                  null,
                  () -> Instant.EPOCH,
                  TransactionObserver.NONE)),
          "one",
          "two",
          "three");
  private final CallScene.Node one = scene.node("one");
  private final CallScene.Node two = scene.node("two");
  private final CallScene.Node three = scene.node("three");

  private static void says(CallScene.Node node, Duration latency, @Nullable String member) {
    node.latency = latency;
    node.answers = call -> member;
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private CallScene.Told send() {
    String raw = HexFormat.of().formatHex(Signed.gift(Signed.ACCOUNT, 1, 7));
    return scene.call(client, "eth_sendRawTransaction", "['0x" + raw + "']");
  }

  private static String text(CallScene.Told told) {
    return String.valueOf(told.text());
  }

  @Test
  void oneAcceptanceOutvotesRejectionsThatComeBefore() {
    says(one, millis(5), POOR);
    says(two, millis(10), POOR);
    says(three, millis(900), "\"result\":\"0xabc\"");
    CallScene.Told told = send();
    scene.pass(millis(890));
    assertNull(told.text());
    scene.pass(millis(20));
    assertTrue(text(told).contains("0xabc"), told.text());
  }

  @Test
  void aRejectionWaitsForOthersNoLongerThanItsGrace() {
    says(one, millis(5), POOR);
    says(two, millis(5), null);
    says(three, millis(5), null);
    CallScene.Told told = send();
    scene.pass(millis(990));
    assertNull(told.text());
    scene.pass(millis(30));
    assertTrue(text(told).contains("insufficient funds"), told.text());
  }

  @Test
  void anAcceptanceWaitsForNobody() {
    says(one, millis(5), null);
    says(two, millis(20), "\"result\":\"0xabc\"");
    says(three, millis(800), POOR);
    CallScene.Told told = send();
    scene.pass(millis(21));
    assertTrue(text(told).contains("0xabc"), told.text());
  }

  @Test
  void thePendingCountIsTheHighestOfThoseWhoTakeNoMoreThanTwiceTheFirstsTime() {
    says(one, millis(200), "\"result\":\"0x5\"");
    says(two, millis(390), "\"result\":\"0x11\"");
    says(three, millis(420), "\"result\":\"0x12\"");
    CallScene.Told told = scene.call(client, "eth_getTransactionCount", PENDING);
    scene.pass(millis(380));
    assertNull(told.text());
    scene.pass(millis(35));
    assertTrue(text(told).contains("\"0x11\""), told.text());
    assertEquals(1, three.count("eth_getTransactionCount"));
  }

  @Test
  void thePendingCountWaitsHalfASecondAtTheMost() {
    says(one, millis(700), "\"result\":\"0x5\"");
    says(two, millis(1_100), "\"result\":\"0x11\"");
    says(three, millis(1_300), "\"result\":\"0x12\"");
    CallScene.Told told = scene.call(client, "eth_getTransactionCount", PENDING);
    scene.pass(millis(1_190));
    assertNull(told.text());
    scene.pass(millis(30));
    assertTrue(text(told).contains("\"0x11\""), told.text());
  }

  @Test
  void aPendingCountIsNotDelayedOnceAllHaveAnswered() {
    says(one, millis(5), "\"result\":\"0x5\"");
    says(two, millis(6), "\"result\":\"0x11\"");
    says(three, millis(7), POOR);
    CallScene.Told told = scene.call(client, "eth_getTransactionCount", PENDING);
    scene.pass(millis(8));
    assertTrue(text(told).contains("\"0x11\""), told.text());
  }
}
