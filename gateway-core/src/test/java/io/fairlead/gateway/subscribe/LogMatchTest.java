package io.fairlead.gateway.subscribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.feed.Log;
import io.fairlead.gateway.jsonrpc.JsonMembers;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogMatchTest {
  private static final String A = "0x" + "a".repeat(40);
  private static final String B = "0x" + "b".repeat(40);
  private static final String T = "0x" + "1".repeat(64);
  private static final String U = "0x" + "2".repeat(64);

  private static LogMatch parse(String filter) {
    return LogMatch.parse(JsonMembers.ascii(filter));
  }

  private static boolean matches(String filter, String address, String... topics) {
    return parse(filter).matches(7, new Log(address, List.of(topics), "{}", "{}"));
  }

  @Test
  void anEmptyFilterMatchesEveryLog() {
    assertEquals(LogMatch.ALL, parse("{}"));
    assertEquals(LogMatch.ALL, parse("{\"address\":[],\"topics\":[]}"));
    assertEquals(
        LogMatch.ALL, parse("{\"address\":null,\"topics\":null,\"fromBlock\":\"latest\"}"));
    assertTrue(matches("{}", A));
  }

  @Test
  void anAddressMayBeOneOrAListInAnyLetterCase() {
    String upper = "0x" + "A".repeat(40);
    assertTrue(matches("{\"address\":\"" + upper + "\"}", A));
    assertTrue(matches("{\"address\":[\"" + B + "\",\"" + A + "\"]}", A));
    assertFalse(matches("{\"address\":\"" + B + "\"}", A));
    assertEquals(parse("{\"address\":\"" + A + "\"}"), parse("{\"address\":[\"" + upper + "\"]}"));
  }

  @Test
  void topicsMatchByPlaceWithNullForAny() {
    assertTrue(matches("{\"topics\":[\"" + T + "\"]}", A, T, U));
    assertFalse(matches("{\"topics\":[\"" + U + "\"]}", A, T, U));
    assertTrue(matches("{\"topics\":[null,\"" + U + "\"]}", A, T, U));
    assertTrue(matches("{\"topics\":[[\"" + U + "\",\"" + T + "\"]]}", A, T));
    assertTrue(matches("{\"topics\":[[],[\"" + U + "\"]]}", A, T, U));
    assertTrue(matches("{\"topics\":[[\"" + T + "\",null],\"" + U + "\"]}", A, U, U));
  }

  @Test
  void aLogWithFewerTopicsThanPlacesDoesNotMatch() {
    assertFalse(matches("{\"topics\":[null,null]}", A, T));
    assertFalse(matches("{\"topics\":[null]}", A));
  }

  @Test
  void boundsLeaveBlocksOut() {
    assertTrue(matches("{\"fromBlock\":\"0x7\",\"toBlock\":\"0x7\"}", A));
    assertFalse(matches("{\"fromBlock\":\"0x8\"}", A));
    assertFalse(matches("{\"toBlock\":\"0x6\"}", A));
  }

  @Test
  void whatIsNoFilterIsRefused() {
    for (String bad :
        List.of(
            "5",
            "{\"address\":5}",
            "{\"address\":[null]}",
            "{\"topics\":{}}",
            "{\"topics\":[\"0x1\"]}",
            "{\"topics\":[[[]]]}",
            "{\"fromBlock\":\"newest\"}",
            "{\"toBlock\":1}",
            "{\"blockHash\":\"" + T + "\"}")) {
      assertThrows(IllegalArgumentException.class, () -> parse(bad), bad);
    }
  }
}
