package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HexQuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0x0, 0",
    "0x10, 16",
    "0xabcDEF, 11259375",
    "0X1, 1",
    "0x0000000000000000000001, 1",
    "0x7fffffffffffffff, 9223372036854775807",
    "0x8000000000000000, -1",
    "0xffffffffffffffff, -1",
    "0x10000000000000000, -1",
    "0x, -1",
    "0, -1",
    "'', -1",
    "0xg, -1",
    "12, -1",
    "-0x1, -1",
    "0x 1, -1"
  })
  void aQuantityIsANumberBelow2To63(String text, long expected) {
    byte[] bytes = ("\"" + text + "\"").getBytes(StandardCharsets.US_ASCII);
    assertEquals(expected, HexQuantity.parse(Unpooled.wrappedBuffer(bytes), 1, text.length()));
  }
}
