package io.fairlead.gateway.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Row 24 of what nodes answer: data that contradicts itself at HTTP 200. */
final class ReceiptsTest {
  private static final String EMPTY_BLOOM = "0x" + "0".repeat(512);

  private static Reading read(Consumer<JsonNode> change) {
    ObjectNode answer = Answers.tree(Answers.receipts());
    change.accept(answer.get("result"));
    return Answers.read(Shape.RECEIPT, answer.toString());
  }

  private static ObjectNode receiptWithLogs(JsonNode receipts, int from) {
    for (int i = from; i < receipts.size(); i++) {
      if (receipts.get(i).get("logs").size() > 0) {
        return (ObjectNode) receipts.get(i);
      }
    }
    throw new IllegalStateException("no logs");
  }

  @Test
  void realReceiptsFitTogether() {
    Reading reading = read(receipts -> {});
    assertTrue(reading.satisfies(Formula.LOGS_BLOOM));
    assertTrue(reading.satisfies(Formula.LOG_ORDER));
    assertNull(reading.absurdity());
    assertTrue(reading.blockNumber() > 0);
  }

  @Test
  void logsBesideAnEmptyBloomBreakIt() {
    Reading reading = read(all -> receiptWithLogs(all, 0).put("logsBloom", EMPTY_BLOOM));
    assertTrue(reading.breaks(Formula.LOGS_BLOOM));
    assertFalse(reading.satisfies(Formula.LOGS_BLOOM));
  }

  @Test
  void logsThatWereLeftOutBreakTheBloom() {
    assertTrue(read(all -> receiptWithLogs(all, 0).putArray("logs")).breaks(Formula.LOGS_BLOOM));
  }

  @Test
  void aChangedTopicOrAddressBreaksTheBloom() {
    String other = "0x" + "12".repeat(20);
    assertTrue(
        read(all -> ((ObjectNode) receiptWithLogs(all, 0).get("logs").get(0)).put("address", other))
            .breaks(Formula.LOGS_BLOOM));
  }

  @Test
  void logsNumberedAnewInEachTransactionBreakTheOrder() {
    Reading reading =
        read(
            all ->
                all.forEach(
                    receipt -> {
                      int i = 0;
                      for (JsonNode log : receipt.get("logs")) {
                        ((ObjectNode) log).put("logIndex", "0x" + Integer.toHexString(i++));
                      }
                    }));
    assertTrue(reading.breaks(Formula.LOG_ORDER));
    assertFalse(reading.satisfies(Formula.LOG_ORDER));
  }

  @Test
  void aLogOfAnotherTransactionThanItsReceiptCannotBe() {
    String other = "0x" + "ab".repeat(32);
    Reading reading =
        read(
            all ->
                ((ObjectNode) receiptWithLogs(all, 0).get("logs").get(0))
                    .put("transactionHash", other));
    assertNotNull(reading.absurdity());
  }

  @Test
  void aReceiptOfAnotherBlockThanAskedCannotBe() {
    String hash = Answers.tree(Answers.receipts()).get("result").get(0).get("blockHash").asText();
    Map<String, String> right = Map.of("blockHash", hash);
    Map<String, String> wrong = Map.of("blockHash", "0x" + "ab".repeat(32));
    assertNull(held(right).absurdity());
    assertNotNull(held(wrong).absurdity());
  }

  private static Reading held(Map<String, String> fixed) {
    Asked asked = new Asked(Shape.RECEIPT, fixed, Asked.Scope.HASH, -1);
    return Answers.read(asked, Answers.receipts(), Integer.MAX_VALUE);
  }

  @Test
  void nothingDependsOnHowAnAnswerIsCut() {
    Reading whole = read(receipts -> {});
    for (int bytes : new int[] {1, 7, 255, 256, 257, 4000}) {
      Reading cut = Answers.read(Answers.asked(Shape.RECEIPT), Answers.receipts(), bytes);
      assertTrue(whole.agreesWith(cut), bytes + " bytes");
      assertEquals(whole.toWords(), cut.toWords());
      assertTrue(cut.satisfies(Formula.LOGS_BLOOM));
    }
  }
}
