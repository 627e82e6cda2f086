package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestScannerTest {
  private final RequestScanner scanner = new RequestScanner(3, 64, new byte[16]);
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  private RequestFault scan(String text) {
    return scan(text.getBytes(StandardCharsets.UTF_8));
  }

  private RequestFault scan(byte[] bytes) {
    body = Unpooled.wrappedBuffer(bytes);
    scanner.reset();
    scanner.feed(body);
    return scanner.finish();
  }

  private String text(int start, int length) {
    return start < 0 ? "absent" : body.toString(start, length, StandardCharsets.UTF_8);
  }

  private String id(int call) {
    return text(scanner.call(call).idStart(), scanner.call(call).idLength());
  }

  private String method(int call) {
    return text(scanner.call(call).methodStart(), scanner.call(call).methodLength());
  }

  private String params(int call) {
    return text(scanner.call(call).paramsStart(), scanner.call(call).paramsLength());
  }

  private String parameter(int position) {
    CallSpans call = scanner.call(0);
    return text(call.parameterStart(position), call.parameterLength(position));
  }

  @Test
  void aCallsPartsAreFound() {
    assertEquals(
        RequestFault.NONE,
        scan(
            " {\"jsonrpc\":\"2.0\", \"id\" : 7"
                + " ,\"method\":\"eth_call\",\"params\":[{\"to\":\"0x1\"}, \"latest\" ]} "));
    assertEquals(1, scanner.size());
    assertFalse(scanner.isBatch());
    assertEquals("7", id(0));
    assertEquals("eth_call", method(0));
    assertEquals("[{\"to\":\"0x1\"}, \"latest\" ]", params(0));
    assertEquals("{\"to\":\"0x1\"}", parameter(0));
    assertEquals("\"latest\"", parameter(1));
    assertEquals("absent", parameter(2));
    assertEquals(2, scanner.call(0).parameterCount());
    assertTrue(scanner.call(0).isVersioned());
    assertEquals(RequestFault.NONE, scanner.call(0).fault());
    assertEquals(1, scanner.call(0).start());
    assertEquals(body.readableBytes() - 1, scanner.call(0).end());
  }

  @Test
  void theIdIsKeptByteForByte() {
    for (String id :
        new String[] {
          "9007199254740993", "-0", "1.50e+2", "null", "\"\"", "\"a\\u0062\\n\"", "\"\u00e9\""
        }) {
      assertEquals(RequestFault.NONE, scan("{\"id\":" + id + ",\"method\":\"m\"}"), id);
      assertEquals(id, id(0));
      assertFalse(scanner.call(0).isNotification());
    }
  }

  @Test
  void aCallWithoutIdIsANotification() {
    scan("{\"jsonrpc\":\"2.0\",\"method\":\"eth_blockNumber\"}");
    assertTrue(scanner.call(0).isNotification());
    assertEquals(-1, scanner.call(0).idStart());
  }

  @Test
  void aFaultyCallWithoutIdIsNoNotification() {
    scan("{\"jsonrpc\":\"2.0\"}");
    assertEquals(RequestFault.NO_METHOD, scanner.call(0).fault());
    assertFalse(scanner.call(0).isNotification());
  }

  @Test
  void escapedNamesAreTheirPlainNames() {
    scan("{\"\\u006dethod\":\"eth\\u005fcall\",\"\\u0069d\":1,\"p\\u0061rams\":[]}");
    assertEquals(RequestFault.NONE, scanner.call(0).fault());
    assertEquals("eth\\u005fcall", method(0));
    assertTrue(scanner.call(0).isMethodEscaped());
    assertEquals("1", id(0));
    assertEquals("[]", params(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"method\":\"a\",\"method\":\"b\",\"id\":1}",
        "{\"method\":\"a\",\"\\u006dethod\":\"b\",\"id\":1}",
        "{\"method\":\"a\",\"Method\":\"b\",\"id\":1}",
        "{\"METHOD\":\"a\",\"id\":1}",
        "{\"method\":\"a\",\"params\":[],\"param\u017f\":[1],\"id\":1}",
        "{\"method\":\"a\",\"params\":[],\"param\\u017f\":[1],\"id\":1}",
        "{\"method\":\"a\",\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":1}",
      })
  void aMemberThatNodesReadDifferentlyIsRefused(String text) {
    assertEquals(RequestFault.NONE, scan(text));
    assertEquals(RequestFault.AMBIGUOUS_MEMBER, scanner.call(0).fault());
    assertEquals("1", id(0));
  }

  @Test
  void aRepeatedIdIsNull() {
    scan("{\"id\":1,\"method\":\"a\",\"id\":2}");
    assertEquals(RequestFault.AMBIGUOUS_MEMBER, scanner.call(0).fault());
    assertEquals("absent", id(0));
  }

  @Test
  void whatIsNoCallKeepsAValidId() {
    assertFault(RequestFault.NO_METHOD, "5", "{\"id\":5}");
    assertFault(RequestFault.NO_METHOD, "5", "{\"id\":5,\"method\":\"\"}");
    assertFault(RequestFault.BAD_METHOD, "5", "{\"method\":1,\"id\":5}");
    assertFault(RequestFault.BAD_PARAMS, "5", "{\"method\":\"a\",\"params\":\"bar\",\"id\":5}");
    assertFault(RequestFault.BAD_VERSION, "5", "{\"method\":\"a\",\"jsonrpc\":\"2.1\",\"id\":5}");
    assertFault(RequestFault.BAD_VERSION, "5", "{\"method\":\"a\",\"jsonrpc\":2.0,\"id\":5}");
    assertFault(RequestFault.BAD_ID, "absent", "{\"method\":\"a\",\"id\":[5]}");
    assertFault(RequestFault.BAD_ID, "absent", "{\"method\":\"a\",\"id\":{}}");
    assertFault(RequestFault.BAD_ID, "absent", "{\"method\":\"a\",\"id\":true}");
  }

  private void assertFault(RequestFault fault, String id, String text) {
    assertEquals(RequestFault.NONE, scan(text), text);
    assertEquals(fault, scanner.call(0).fault(), text);
    assertEquals(id, id(0), text);
    assertEquals(-32600, fault.code());
  }

  @Test
  void nullParamsAndAMissingVersionPass() {
    scan("{\"method\":\"a\",\"params\":null,\"id\":1}");
    assertEquals(RequestFault.NONE, scanner.call(0).fault());
    assertEquals("absent", params(0));
    assertFalse(scanner.call(0).isVersioned());
  }

  @Test
  void membersInsideParamsAreNotTheCalls() {
    scan("{\"params\":{\"id\":9,\"method\":\"x\"},\"method\":\"a\",\"id\":1,\"o\":{\"id\":3}}");
    assertEquals(RequestFault.NONE, scanner.call(0).fault());
    assertEquals("a", method(0));
    assertEquals("1", id(0));
    assertFalse(scanner.call(0).isPositional());
    assertEquals(-1, scanner.call(0).parameterStart(0));
  }

  @Test
  void aBatchListsItsMembersWithTheirOwnFaults() {
    String one = "{\"id\":1,\"method\":\"a\",\"params\":[[1,2],3]}";
    assertEquals(RequestFault.NONE, scan("[" + one + ", 17 ,{\"method\":\"n\"}]"));
    assertTrue(scanner.isBatch());
    assertEquals(3, scanner.size());
    assertEquals(one, text(scanner.call(0).start(), scanner.call(0).length()));
    assertEquals("[1,2]", parameter(0));
    assertEquals("3", parameter(1));
    assertEquals(RequestFault.NOT_AN_OBJECT, scanner.call(1).fault());
    assertEquals("17", text(scanner.call(1).start(), scanner.call(1).length()));
    assertEquals(-1, scanner.call(1).idStart());
    assertTrue(scanner.call(2).isNotification());
  }

  @Test
  void batchesAreBounded() {
    assertEquals(RequestFault.EMPTY_BATCH, scan(" [ ] "));
    assertEquals(RequestFault.NONE, scan("[1,2,3]"));
    assertEquals(RequestFault.BATCH_TOO_LARGE, scan("[1,2,3,4]"));
    assertEquals(RequestFault.NOT_JSON, scan("[1,2,]"));
  }

  @Test
  void otherValuesAreNoCalls() {
    for (String text : new String[] {"1", "\"a\"", "true", "null", " -1.5e3 "}) {
      assertEquals(RequestFault.NOT_A_CALL, scan(text), text);
    }
  }

  @Test
  void depthIsBounded() {
    String params = "[".repeat(63) + "]".repeat(63);
    assertEquals(RequestFault.NONE, scan("{\"id\":1,\"method\":\"a\",\"params\":" + params + "}"));
    assertEquals(
        RequestFault.TOO_DEEP, scan("{\"id\":1,\"method\":\"a\",\"params\":[" + params + "]}"));
    assertEquals(RequestFault.TOO_DEEP, scan("[".repeat(1_000_000)));
  }

  @Test
  void aRefusedBodyEndsTheScan() {
    scanner.reset();
    assertFalse(scanner.feed(Unpooled.copiedBuffer("{\"id\":1,,", StandardCharsets.UTF_8)));
    assertEquals(RequestFault.NOT_JSON, scanner.finish());
  }
}
