package io.fairlead.gateway.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeHintTest {
  /** Asked for were 100,000 blocks from block 16 (0x10) on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "query returned more than 10000 results. Try with this block range [0x10, 0x11f]. | 272 |"
            + " -1",
        "query returned more than 10000 results | 50000 | -1",
        "eth_getLogs is limited to a 10,000 range | 10000 | 10000",
        "exceed maximum block range: 5000 | 5000 | 5000",
        "range is too large, max is 1k blocks | 1000 | 1000",
        "block range is too wide | 50000 | -1",
        "ranges over 10000 blocks are not supported on freetier | 10000 | 10000",
        "maximum 2048 blocks distance | 2048 | 2048",
        "range 16 - 100015 exceeds limit of 10000 | 10000 | 10000",
        "up to a 10 block range. Based on your parameters, this block range should work: [0x10,"
            + " 0x19] | 10 | 10",
        "Log response size exceeded. up to a 2K block range. this block range should work: [0x10,"
            + " 0x1f] | 16 | -1",
        "query exceeds max results 20000, retry with the range 16-1015 | 1000 | -1",
        "Query timeout exceeded. Consider reducing your block range. | 50000 | -1",
        "block range limit exceeded | 50000 | -1",
        "Try with this block range [0x20, 0x2f] | 50000 | -1",
        "exceeds limit of 500000 | 50000 | 500000",
      })
  void whatTheWordsSayIsAskedNext(String message, long narrower, long told) {
    RangeHint hint =
        RangeHint.of("{\"code\":-32005,\"message\":\"" + message + "\",\"data\":null}");
    assertEquals(narrower, hint.narrower(16, 100_000), hint.toString());
    assertEquals(told, hint.toldBlocks(), hint.toString());
  }

  @ParameterizedTest
  @CsvSource({"0x10, 0x1f, 16", "0x11, 0x1f, 50"})
  void aRangeInTheDataCountsIfItBeginsWhereWeDo(String from, String to, long narrower) {
    RangeHint hint =
        RangeHint.of(
            "{\"code\":-32005,\"data\":{\"from\":\""
                + from
                + "\",\"limit\":10000,\"to\":\""
                + to
                + "\"},\"message\":\"query returned more than 10000 results\"}");
    assertEquals(narrower, hint.narrower(16, 100));
  }
}
