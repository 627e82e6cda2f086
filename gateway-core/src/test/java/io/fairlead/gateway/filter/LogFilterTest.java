package io.fairlead.gateway.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.jsonrpc.JsonMembers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogFilterTest {
  private static final BlockRef START = block(10, "a");

  private static BlockRef block(long number, String fork) {
    return new BlockRef(number, fork + number, fork + (number - 1));
  }

  private static ToldLog log(long block, String fork, int index) {
    return new ToldLog(
        block, fork + block, "0x" + index, "{\"n\":\"" + fork + block + "." + index + "\"}");
  }

  private static LogFilter filter() {
    LogFilter.Criteria criteria = LogFilter.Criteria.of(JsonMembers.ascii("{}"));
    assertNotNull(criteria);
    return new LogFilter(criteria, START, 0);
  }

  @Test
  void logsOfBlocksThatLeftTheChainAreTakenBackBeforeNewOnesAreTold() {
    LogFilter filter = filter();
    filter.onTold(START, List.of(log(11, "a", 0)), block(11, "a"));
    filter.onTold(block(11, "a"), List.of(log(12, "a", 0)), block(12, "a"));
    assertEquals(
        List.of("{\"n\":\"a12.0\",\"removed\":true}", "{\"n\":\"b12.0\"}", "{\"n\":\"b13.0\"}"),
        filter.changes(block(11, "a"), List.of(log(12, "b", 0), log(13, "b", 0))));
  }

  @Test
  void whatIsInTheChainStillIsNotToldAgain() {
    LogFilter filter = filter();
    filter.onTold(START, List.of(log(11, "a", 0), log(12, "a", 0)), block(12, "a"));
    assertEquals(
        List.of("{\"n\":\"a12.0\",\"removed\":true}", "{\"n\":\"b12.0\"}"),
        filter.changes(START, List.of(log(11, "a", 0), log(12, "b", 0))));
  }

  @Test
  void whatIsForgottenIsNeverToldAgain() {
    LogFilter filter = filter();
    String data = "x".repeat(1000);
    BlockRef before = START;
    for (int number = 11; number < 80; number++) {
      ToldLog log = new ToldLog(number, "a" + number, "0x0", "{\"d\":\"" + data + "\"}");
      filter.onTold(before, List.of(log), block(number, "a"));
      before = block(number, "a");
    }
    BlockRef oldest = filter.position().stations().getFirst();
    assertTrue(oldest.number() > 40, oldest.toString());
    List<ToldLog> all =
        IntStream.range((int) oldest.number() + 1, 80)
            .mapToObj(n -> new ToldLog(n, "a" + n, "0x0", "{}"))
            .toList();
    assertEquals(List.of(), filter.changes(oldest, all));
  }

  @Test
  void stationsAreBounded() {
    LogFilter filter = filter();
    for (int number = 11; number < 1000; number++) {
      filter.onTold(block(number - 1, "a"), List.of(), block(number, "a"));
    }
    assertEquals(ChainPosition.MOST_BLOCKS, filter.position().stations().size());
    assertEquals(block(999, "a"), filter.position().block());
  }

  @Test
  void removedIsSaidInTheLogsOwnWords() {
    ToldLog log = new ToldLog(1, "h", "0x0", "{\"removed\": false,\"data\":\"0x\"}");
    assertEquals("{\"removed\":true,\"data\":\"0x\"}", log.toRemoved());
  }
}
