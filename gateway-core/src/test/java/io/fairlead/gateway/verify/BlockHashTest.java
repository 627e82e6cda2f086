package io.fairlead.gateway.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A block's hash follows from its header, whatever the fork. */
final class BlockHashTest {
  private static final Set<String> COMPANY =
      Set.of("size", "totalDifficulty", "transactions", "uncles", "withdrawals");

  static List<String> blocks() {
    return Answers.blocks();
  }

  private static Reading read(String answer) {
    return Answers.read(Shape.BLOCK, answer);
  }

  @Test
  void theBlocksAreOfManyForks() {
    Set<Integer> forkFields = new HashSet<>();
    blocks().forEach(block -> forkFields.add(read(block).forkFields()));
    assertEquals(Set.of(0, 1, 2, 5, 6), forkFields);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void theHashOfARealBlockIsThatOfItsFields(String answer) {
    Reading reading = read(answer);
    assertTrue(reading.satisfies(Formula.BLOCK_HASH));
    assertFalse(reading.breaks(Formula.BLOCK_HASH));
    assertEquals(
        Long.decode(Answers.tree(answer).get("result").get("number").asText()),
        reading.blockNumber());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void noFieldOfTheHeaderCanBeChangedUnnoticed(String answer) {
    ObjectNode block = (ObjectNode) Answers.tree(answer).get("result");
    Set<String> fields = new HashSet<>();
    block.fieldNames().forEachRemaining(fields::add);
    fields.removeAll(COMPANY);
    assertTrue(fields.size() >= 16, fields::toString);
    for (String field : fields) {
      ObjectNode changed = Answers.tree(answer);
      String value = block.get(field).asText();
      char last = value.charAt(value.length() - 1);
      String other =
          value.length() == 2
              ? "0x01"
              : value.substring(0, value.length() - 1) + (last == '0' ? '1' : '0');
      ((ObjectNode) changed.get("result")).put(field, other);
      Reading reading = read(changed.toString());
      assertTrue(reading.breaks(Formula.BLOCK_HASH), field);
      assertFalse(reading.satisfies(Formula.BLOCK_HASH), field);
    }
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void aBlockWithAFieldThatNobodyKnowsSaysNothing(String answer) {
    ObjectNode more = Answers.tree(answer);
    ((ObjectNode) more.get("result")).put("gasUsed", "0x1").put("l1BlockNumber", "0x1");
    Reading reading = read(more.toString());
    assertFalse(reading.breaks(Formula.BLOCK_HASH));
    assertFalse(reading.satisfies(Formula.BLOCK_HASH));
    ObjectNode vain = Answers.tree(answer);
    ((ObjectNode) vain.get("result")).putNull("l1BlockNumber");
    assertTrue(read(vain.toString()).satisfies(Formula.BLOCK_HASH), "null is as good as absent");
  }

  @Test
  void whoLeavesOutTheNewestFieldsIsNoLiarOnceTheyAreKnown() {
    String prague = blocks().get(blocks().size() - 1);
    ObjectNode old = Answers.tree(prague);
    ((ObjectNode) old.get("result")).remove("requestsHash");
    Reading shorter = read(old.toString());
    assertTrue(shorter.breaks(Formula.BLOCK_HASH));
    Formulas formulas = new Formulas(0);
    assertFalse(formulas.isBrokenBy(Formula.BLOCK_HASH, shorter), "nothing is known");
    formulas.learn(read(blocks().get(2)));
    assertTrue(formulas.isBrokenBy(Formula.BLOCK_HASH, shorter), "no fork is known");
    formulas.learn(read(prague));
    assertFalse(formulas.isBrokenBy(Formula.BLOCK_HASH, shorter), "a fork explains it");
    ObjectNode lie = Answers.tree(prague);
    ((ObjectNode) lie.get("result")).put("gasUsed", "0x1");
    assertTrue(
        formulas.isBrokenBy(Formula.BLOCK_HASH, read(lie.toString())), "no fork explains it");
  }

  @Test
  void aFormulaIsLearntFromThoseWhoAreBelievedAndForgottenWhenItFails() {
    Reading good = read(blocks().get(3));
    Formulas formulas = new Formulas(0);
    assertFalse(formulas.holds(Formula.BLOCK_HASH));
    assertTrue(formulas.isLearning(Formula.BLOCK_HASH));
    formulas.learn(good);
    assertTrue(formulas.holds(Formula.BLOCK_HASH));
    assertFalse(formulas.holds(Formula.LOGS_BLOOM));
    formulas.unlearn(Formula.BLOCK_HASH);
    assertFalse(formulas.holds(Formula.BLOCK_HASH));
    assertTrue(new Formulas(1).holds(Formula.BLOCK_HASH), "mainnet is known");
  }

  @Test
  void aChainWhereItNeverHoldsIsNotExaminedForEver() {
    ObjectNode other = Answers.tree(blocks().get(3));
    ((ObjectNode) other.get("result")).put("gasUsed", "0x1");
    Reading foreign = read(other.toString());
    Formulas formulas = new Formulas(42_161);
    int examined = 0;
    while (formulas.isLearning(Formula.BLOCK_HASH)) {
      formulas.learn(foreign);
      examined++;
      assertTrue(examined < 100);
    }
    assertFalse(formulas.isBrokenBy(Formula.BLOCK_HASH, foreign));
  }
}
