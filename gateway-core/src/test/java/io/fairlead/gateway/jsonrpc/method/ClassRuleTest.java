package io.fairlead.gateway.jsonrpc.method;

import static io.fairlead.routing.MethodClass.LOGS;
import static io.fairlead.routing.MethodClass.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.routing.MethodClass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassRuleTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();
  private static final String HASH = "0x" + "ab".repeat(32);
  private static final long HEAD = 0x1000;
  private static final int NARROW = 10;

  private static MethodClass classOf(String params, long head) {
    Calls call = Calls.of("eth_getLogs", params.replace("HASH", HASH).replace('\'', '"'));
    MethodSpec spec = METHODS.find(call.body(), call.spans());
    return spec.methodClass(call.body(), call.spans(), head);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{}]",
        "[{'address':'0xa','topics':[]}]",
        "[{'blockHash':'HASH'}]",
        "[{'blockHash':'HASH','fromBlock':null}]",
        "[{'fromBlock':'0x10','toBlock':'0x10'}]",
        "[{'fromBlock':'0x10','toBlock':'0x19'}]",
        "[ { 'toBlock' : '0x19' , 'fromBlock' : '0x10' } ]",
        "[{'fromBlock':'0x00010','toBlock':'0X19'}]",
        "[{'fromBlock':'0x20','toBlock':'0x10'}]",
        "[{'fromBlock':'latest','toBlock':'0x10'}]",
        "[{'fromBlock':'latest'}]",
        "[{'fromBlock':'latest','toBlock':'pending'}]",
        "[{'fromBlock':null,'toBlock':null}]",
        "[{'fromBlock':'finalized','toBlock':'finalized'}]",
        "[{'fromBlock':'0xff7'}]",
        "[{'fromBlock':'0xff7','toBlock':'latest'}]",
        "[{'fromBlock':'0xff7','toBlock':'finalized'}]",
        "[{'fromBlock':'0xff7','toBlock':'0xffffffffff'}]",
        "[{'fromBlock':'0x2000'}]",
        "[{'fromBlock':'0x1','fromBlock':'0x18','toBlock':'0x19'}]",
        "[{'topics':[['fromBlock','0x0'],{'fromBlock':'0x0'}],'fromBlock':'0x18','toBlock':'0x19'}]",
        "[{'a':{'toBlock':'0x999','b':[{}]},'fromBlock':'0x18','toBlock':'0x19'},'more']"
      })
  void aFewBlocksAreARead(String params) {
    assertEquals(READ, classOf(params, HEAD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'fromBlock':'0x10','toBlock':'0x1a'}]",
        "[{'fromBlock':'earliest','toBlock':'latest'}]",
        "[{'fromBlock':'earliest'}]",
        "[{'fromBlock':'0x0'}]",
        "[{'fromBlock':'0xff6'}]",
        "[{'fromBlock':'0xff6','toBlock':'safe'}]",
        "[{'fromBlock':'finalized'}]",
        "[{'fromBlock':'safe','toBlock':'latest'}]",
        "[{'fromBlock':'finalized','toBlock':'safe'}]",
        "[{'fromBlock':'finalized','toBlock':'0x10'}]",
        "[{'fromBlock':'0x0','toBlock':'0x7fffffffffffffff'}]",
        "[{'fromBlock':'0x0','toBlock':'0xffffffffffffffffffff'}]",
        "[{'fromBlock':'0xffffffffffffffffffff'}]",
        "[{'fromBlock':'0x'}]",
        "[{'fromBlock':'0xzz'}]",
        "[{'fromBlock':'16'}]",
        "[{'fromBlock':16,'toBlock':17}]",
        "[{'fromBlock':'','toBlock':'0x1'}]",
        "[{'fromBlock':'LATEST'}]",
        "[{'fromBlock':true}]",
        "[{'fromBlock':{'a':'0x1'}}]",
        "[{'from\\u0042lock':'0x1'}]",
        "[{'blockHash':null,'fromBlock':'0x1'}]",
        "[]",
        "['0x1']",
        "[null]",
        "[[{'fromBlock':'0x1','toBlock':'0x1'}]]",
        "{'fromBlock':'0x1','toBlock':'0x1'}",
        "null"
      })
  void manyBlocksAndWhatCannotBeToldAreLogs(String params) {
    assertEquals(LOGS, classOf(params, HEAD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[{'fromBlock':'0xff7'}]", "[{'fromBlock':'0x0','toBlock':'latest'}]"})
  void upToAHeadThatIsNotKnownIsLogs(String params) {
    assertEquals(LOGS, classOf(params, -1));
  }

  @Test
  void theVerdictGoesByTheHeavierClass() {
    Calls call = Calls.of("eth_getLogs", "[{}]");
    assertEquals(LOGS, METHODS.find(call.body(), call.spans()).methodClass());
  }

  @Test
  void otherMethodsHaveOneClass() {
    Calls call = Calls.of("eth_getBalance", "[{\"fromBlock\":\"0x1\"}]");
    MethodSpec spec = METHODS.find(call.body(), call.spans());
    assertEquals(READ, spec.methodClass(call.body(), call.spans(), HEAD));
  }

  /** Numbers, tags and order at random, against the definition. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theSpanDecides(long seed) {
    Random random = new Random(seed);
    for (int k = 0; k < 5_000; k++) {
      long head = random.nextInt(10) == 0 ? -1 : random.nextInt(60);
      long from = random.nextInt(4) == 0 ? -1 : random.nextInt(60);
      long to = random.nextInt(4) == 0 ? -1 : random.nextInt(60);
      String params = "[" + filter(from, to, random) + "]";
      boolean isNarrow = from < 0 || span(from, to, head) <= NARROW;
      assertEquals(
          isNarrow ? READ : LOGS, classOf(params, head), "seed " + seed + ", " + head + params);
    }
  }

  private static long span(long from, long to, long head) {
    long last = to < 0 ? Long.MAX_VALUE - 100 : to;
    return Math.min(last, head < 0 ? last : head) - from + 1;
  }

  private static ObjectNode filter(long from, long to, Random random) {
    List<String> keys = new ArrayList<>(List.of("fromBlock", "toBlock", "address", "topics"));
    Collections.shuffle(keys, random);
    ObjectNode filter = new ObjectMapper().createObjectNode();
    for (String key : keys) {
      switch (key) {
        case "fromBlock" -> put(filter, key, from);
        case "toBlock" -> put(filter, key, to);
        case "address" -> filter.putArray(key).add("0x" + "0f".repeat(20)).add("toBlock");
        default -> filter.putArray(key).addNull().addArray().add("fromBlock\"").add("0x1");
      }
    }
    return filter;
  }

  private static void put(ObjectNode filter, String key, long block) {
    if (block >= 0) {
      filter.put(key, "0x" + Long.toHexString(block));
    }
  }

  @Test
  void aRuleThatCannotBeReadIsRefused() {
    for (String text :
        List.of("heavy", "read<=10", "read<=10<logs", "read<=0<logs@0", "read<=1<logs@9")) {
      assertThrows(IllegalArgumentException.class, () -> ClassRule.parse(text), text);
    }
  }
}
