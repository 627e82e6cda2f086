package io.fairlead.gateway.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.call.CallMessage;
import io.fairlead.gateway.jsonrpc.Calls;
import io.fairlead.gateway.jsonrpc.method.MethodSpecs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogQueryTest {
  private static final MethodSpecs METHODS = MethodSpecs.evm();
  private static final long HEAD = 1000;

  private static @Nullable LogQuery query(String filter) {
    Calls call = Calls.of("eth_getLogs", "[" + filter + "]");
    CallMessage message =
        new CallMessage(call.body(), call.spans(), METHODS.find(call.body(), call.spans()), HEAD);
    return LogQuery.of(message, HEAD);
  }

  private static LogQuery known(String filter) {
    LogQuery query = query(filter);
    assertNotNull(query, filter);
    return query;
  }

  private static String part(LogQuery query, long from, long to) {
    ByteBuf call = query.toCall(UnpooledByteBufAllocator.DEFAULT, from, to, null);
    String text = call.toString(StandardCharsets.UTF_8);
    call.release();
    return text.substring(text.indexOf("params") + 9, text.length() - 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"blockHash\":\"0x12\"}",
        "{\"fromBlock\":\"0x10\",\"toBlock\":\"0x5\"}",
        "{\"fromBlock\":\"0x10\",\"toBlock\":\"finalized\"}",
        "{\"fromBlock\":\"pending\"}",
        "{\"fromBlock\":16}",
        "{\"fromBlock\":\"0x1\",\"fromBlock\":\"0x2\"}",
        "{\"from\\u0042lock\":\"0x1\"}",
        "\"0x1\"",
        "{\"fromBlock\":\"0x1\"},1",
      })
  void whatIsNotPlainIsAskedAsItIs(String filter) {
    assertNull(query(filter));
  }

  @Test
  void boundsAreNumbersTagsOrTheHead() {
    LogQuery query = known("{\"fromBlock\":\"0x64\"}");
    assertEquals(100, query.from());
    assertEquals(HEAD, query.to());
    assertEquals(0, known("{\"fromBlock\":\"earliest\",\"toBlock\":\"0x5\"}").from());
    assertEquals(1, known("{\"address\":\"0x1\"}").blocks());
    assertEquals(HEAD, known("{\"fromBlock\":\"0x1\",\"toBlock\":\"0xffffffff\"}").to());
  }

  @Test
  void outerBoundsKeepTheClientsWords() {
    LogQuery query = known("{\"toBlock\":\"latest\",\"topics\":[null],\"fromBlock\":\"0x064\"}");
    assertEquals(
        "{\"fromBlock\":\"0x064\",\"toBlock\":\"0x1f3\",\"topics\":[null]}", part(query, 100, 499));
    assertEquals(
        "{\"fromBlock\":\"0x1f4\",\"toBlock\":\"latest\",\"topics\":[null]}",
        part(query, 500, HEAD));
    assertEquals(-1, query.numberAt(HEAD));
    assertEquals(499, query.numberAt(499));
  }

  @Test
  void unknownMembersGoAlong() {
    LogQuery query = known("{\"fromBlock\":\"0x1\",\"more\":{\"a\":[1]},\"toBlock\":\"0x9\"}");
    assertEquals(
        "{\"fromBlock\":\"0x1\",\"toBlock\":\"0x2\",\"more\":{\"a\":[1]}}", part(query, 1, 2));
  }

  @Test
  void theFingerprintIsOfWhatIsAskedNotOfTheRange() {
    LogQuery one = known("{\"fromBlock\":\"0x1\",\"toBlock\":\"0x9\",\"address\":\"0xa\"}");
    LogQuery later = known("{\"fromBlock\":\"0x5\",\"toBlock\":\"0x8\",\"address\":\"0xa\"}");
    LogQuery other = known("{\"fromBlock\":\"0x1\",\"toBlock\":\"0x9\",\"address\":\"0xb\"}");
    assertEquals(one.fingerprint(), later.fingerprint());
    assertNotEquals(one.fingerprint(), other.fingerprint());
  }

  @Test
  void piecesOfAFilterCoverEachCombinationOnce() {
    LogQuery query =
        known(
            "{\"fromBlock\":\"0x1\",\"address\":[\"0xA\",\"0xb\",\"0xa\",\"0xc\"],"
                + "\"topics\":[[\"0x1\",\"0x2\",\"0x3\"],null,[null,\"0x9\"]]}");
    List<FilterLists.Slice> slices = query.lists().slices(2);
    assertNotNull(slices);
    Set<String> combinations = new HashSet<>();
    for (FilterLists.Slice slice : slices) {
      assertEquals("null", slice.values().get(2));
      assertEquals("[null,\"0x9\"]", slice.values().get(3));
      for (String address : elements(slice.values().get(0))) {
        for (String topic : elements(slice.values().get(1))) {
          assertTrue(combinations.add(address + topic), address + topic);
        }
      }
    }
    assertEquals(9, combinations.size());
    assertEquals(4, slices.size());
  }

  private static List<String> elements(String list) {
    List<String> found = List.of(list.substring(1, list.length() - 1).split(",", -1));
    assertTrue(found.size() <= 2, list);
    return found;
  }

  @Test
  void tooManyPiecesAreNone() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add("\"0x" + i + "\"");
    }
    LogQuery query = known("{\"fromBlock\":\"0x1\",\"address\":[" + String.join(",", many) + "]}");
    assertNull(query.lists().slices(3));
    assertNotNull(query.lists().slices(4));
  }
}
