package io.fairlead.gateway.verify;

import static io.fairlead.gateway.verify.Answers.read;
import static io.fairlead.gateway.verify.Answers.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.gateway.testing.RealTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers agree if they mean the same, and only then. */
final class ComparisonTest {
  private static final int CASES = 2000;

  private static boolean agree(@Nullable Shape shape, String one, String other) {
    return result(shape, one).agreesWith(result(shape, other));
  }

  static Stream<Arguments> pairs() {
    return Stream.of(
        Arguments.of("{\"a\":1,\"b\":[2,3]}", "{ \"b\" : [2, 3],\n\"a\":1 }", true),
        Arguments.of("\"0xAbCd\"", "\"0xabcd\"", true),
        Arguments.of("\"AbCd\"", "\"abcd\"", false),
        Arguments.of("\"a\\u0062\"", "\"ab\"", true),
        Arguments.of("[1,2]", "[2,1]", false),
        Arguments.of("[[1],2]", "[1,[2]]", false),
        Arguments.of("{\"a\":{\"b\":1}}", "{\"a\":1,\"b\":1}", false),
        Arguments.of("{\"a\":1}", "{\"a\":\"1\"}", false),
        Arguments.of("{\"a\":null}", "{}", true),
        Arguments.of("[null]", "[]", false),
        Arguments.of("{\"a\":[]}", "{}", false),
        Arguments.of("{\"a\":[]}", "{\"a\":{}}", false),
        Arguments.of("{\"a\":1}", "{\"a\":1,\"a\":2}", false),
        Arguments.of("\"0x00\"", "\"0x0\"", false),
        Arguments.of("true", "false", false),
        Arguments.of("1", "10", false));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void valuesAreComparedByWhatTheyMean(String one, String other, boolean same) {
    assertEquals(same, agree(null, one, other));
    assertEquals(same, agree(null, other, one));
  }

  @Test
  void noLeafOfAnyValueCanBeChangedUnnoticed() {
    long seed = RealTime.CLOCK.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      JsonNode value = value(random, 4);
      JsonNode same = shuffled(value, random);
      JsonNode other = changed(value.deepCopy(), random);
      String at = "seed " + seed + " case " + i + ": " + value + " and ";
      assertTrue(agree(null, value.toString(), same.toString()), at + same);
      assertEquals(
          value.equals(other), agree(null, value.toString(), other.toString()), at + other);
    }
  }

  private static JsonNode value(Random random, int depth) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(depth == 0 ? 3 : 5)) {
      case 0 -> make.textNode("0x" + Integer.toHexString(random.nextInt(64)));
      case 1 -> make.numberNode(random.nextInt(8));
      case 2 -> make.booleanNode(random.nextBoolean());
      case 3 -> array(random, depth - 1);
      default -> object(random, depth - 1);
    };
  }

  private static ArrayNode array(Random random, int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      array.add(value(random, depth));
    }
    return array;
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set("k" + random.nextInt(5), value(random, depth));
    }
    return object;
  }

  private static JsonNode shuffled(JsonNode value, Random random) {
    if (value instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      Collections.shuffle(names, random);
      ObjectNode made = JsonNodeFactory.instance.objectNode();
      names.forEach(name -> made.set(name, shuffled(object.get(name), random)));
      return made;
    }
    return value;
  }

  /** Puts another value somewhere. */
  private static JsonNode changed(JsonNode value, Random random) {
    if (value.isEmpty() || random.nextInt(4) == 0) {
      return value(random, 2);
    }
    int at = random.nextInt(value.size());
    if (value instanceof ArrayNode array) {
      return array.set(at, changed(array.get(at), random));
    }
    ObjectNode object = (ObjectNode) value;
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return object.set(names.get(at), changed(object.get(names.get(at)), random));
  }

  @Test
  void clientsMayLeaveOutWhatNotAllGive() {
    String block = Answers.blocks().get(7);
    ObjectNode other = Answers.tree(block);
    ObjectNode members = (ObjectNode) other.get("result");
    members.put("size", "0x1").put("totalDifficulty", "0x1").put("author", "0x1");
    members.remove(List.of("blobGasUsed", "excessBlobGas", "withdrawals", "requestsHash", "nonce"));
    Reading full = read(Shape.BLOCK, block);
    assertTrue(full.agreesWith(read(Shape.BLOCK, other.toString())));
    members.put("blobGasUsed", "0x1");
    assertFalse(full.agreesWith(read(Shape.BLOCK, other.toString())), "both have it");
  }

  @Test
  void whatAllClientsGiveMustBeThereAndAlike() {
    for (String member :
        List.of("hash", "stateRoot", "transactions", "miner", "timestamp", "gasUsed")) {
      String block = Answers.blocks().get(7);
      ObjectNode other = Answers.tree(block);
      ((ObjectNode) other.get("result")).remove(member);
      assertFalse(read(Shape.BLOCK, block).agreesWith(read(Shape.BLOCK, other.toString())), member);
    }
  }

  @Test
  void transactionsAreComparedAcrossClients() {
    String one = "{\"hash\":\"0x1\",\"to\":null,\"r\":\"0x0a\",\"v\":\"0x0\",\"yParity\":\"0x0\",";
    String rest = "\"blockHash\":\"0xF\",\"value\":\"0x5\"}";
    String other = "{\"hash\":\"0x1\",\"r\":\"0xa\",\"v\":\"0x0\",\"chainId\":\"0x1\",";
    assertTrue(agree(Shape.TRANSACTION, one + rest, other + rest));
    String lie = "\"blockHash\":\"0xF\",\"value\":\"0x6\"}";
    assertFalse(agree(Shape.TRANSACTION, one + rest, other + lie));
    assertFalse(agree(Shape.TRANSACTION, one + rest, other.replace("0xa", "0xb") + rest));
  }

  @Test
  void pendingAndNullSayNothingYet() {
    assertEquals(Reading.Sort.NOTHING_YET, result(null, "null").sort());
    assertEquals(
        Reading.Sort.NOTHING_YET,
        result(Shape.TRANSACTION, "{\"hash\":\"0x1\",\"blockHash\":null}").sort());
    assertEquals(
        Reading.Sort.RESULT,
        result(Shape.TRANSACTION, "{\"hash\":\"0x1\",\"blockHash\":\"0x2\"}").sort());
  }

  @Test
  void errorsAgreeWhateverTheirWordsButNotWithOtherData() {
    String geth = error("3,\"message\":\"execution reverted: x\",\"data\":\"0x08C379a0\"");
    String parity = error("-32015,\"message\":\"VM\",\"data\":\"Reverted 0x08c379a0\"");
    String bare = error("-32000,\"message\":\"reverted\"");
    String other = error("3,\"message\":\"execution reverted: x\",\"data\":\"0x08c379a1\"");
    assertTrue(read((Shape) null, geth).agreesWith(read((Shape) null, parity)));
    assertTrue(read((Shape) null, geth).agreesWith(read((Shape) null, bare)));
    assertFalse(read((Shape) null, geth).agreesWith(read((Shape) null, other)));
    assertFalse(read((Shape) null, geth).agreesWith(result(null, "\"0x\"")));
  }

  private static String error(String codeAndMore) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":" + codeAndMore + "}}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"result\":1",
        "{\"id\":1}",
        "{\"result\":1,\"error\":{}}",
        "not json",
        "\"0x1\"",
        "{\"result\":\"\u0001\"}"
      })
  void whatIsNoAnswerCannotBeRead(String text) {
    assertEquals(Reading.Sort.UNREADABLE, read((Shape) null, text).sort());
  }

  @Test
  void nestingWithoutEndCannotBeReadEither() {
    String deep = "[".repeat(5000) + "]".repeat(5000);
    assertEquals(Reading.Sort.UNREADABLE, result(null, deep).sort());
  }

  @Test
  void wordsOfAReadingShowHardlyAnythingOfIt() {
    String secret = "0x" + "5ec4e7".repeat(20);
    String shown = result(null, "\"" + secret + "\"").toWords();
    assertTrue(shown.startsWith("0x5ec4e75ec4e7.. of 122 characters"), shown);
    assertFalse(result(null, "\"<b>key=1234567890\\n</b>\"").toWords().contains("key"));
    assertTrue(result(null, "{\"a\":\"<b>\"}").toWords().startsWith("an object"));
  }
}
