package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerScannerTest {
  private final AnswerScanner scanner = new AnswerScanner(new byte[16]);
  private String text = "";

  private AnswerKind scan(String answer) {
    text = answer;
    scanner.reset();
    scanner.feed(utf8(answer));
    return scanner.finish();
  }

  private static ByteBuf utf8(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
  }

  private String value() {
    return text.substring((int) scanner.valueStart(), (int) scanner.valueEnd());
  }

  private String id() {
    return text.substring((int) scanner.idStart(), (int) scanner.idEnd());
  }

  @Test
  void aResultIsKnownAtItsFirstByte() {
    scanner.reset();
    assertFalse(scanner.feed(utf8("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\": ")));
    assertEquals(AnswerKind.PENDING, scanner.kind());
    assertTrue(scanner.feed(utf8("{")));
    assertEquals(AnswerKind.RESULT, scanner.kind());
    assertTrue(scanner.feed(utf8("not looked at }  ")));
    scanner.finish();
    assertTrue(scanner.isComplete());
  }

  @Test
  void aResultBeforeItsIdIsWalked() {
    assertEquals(
        AnswerKind.RESULT, scan("{\"jsonrpc\":\"2.0\",\"result\":{\"id\":[7,\"}\"]},\"id\":42}"));
    assertEquals("{\"id\":[7,\"}\"]}", value());
    assertEquals("42", id());
    assertTrue(scanner.isComplete());
  }

  @Test
  void aCutResultIsNotComplete() {
    assertEquals(AnswerKind.RESULT, scan("{\"id\":1,\"result\":\"0x12"));
    assertFalse(scanner.isComplete());
    assertEquals(AnswerKind.RESULT, scan("{\"result\":\"0x12\""));
    assertFalse(scanner.isComplete());
    assertEquals(AnswerKind.RESULT, scan("{\"result\":\"0x12\"}}"));
    assertFalse(scanner.isComplete());
  }

  @Test
  void anErrorsPartsAreKept() {
    assertEquals(
        AnswerKind.ERROR,
        scan(
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"a"
                + " \\\"b\\\"\",\"data\":{\"message\":\"inner\",\"code\":1}}}"));
    assertEquals(-32000, scanner.errorCode());
    assertEquals("a \\\"b\\\"", scanner.errorMessage());
    assertEquals("{\"message\":\"inner\",\"code\":1}", scanner.data().toText());
    assertEquals("null", id());
    assertTrue(scanner.isComplete());
  }

  @Test
  void errorPartsMayComeInAnyOrderAndShape() {
    scan("{\"error\":{\"data\":\"0x\",\"message\":\"m\",\"code\":\"-32005\"},\"id\":1}");
    assertEquals(-32005, scanner.errorCode());
    assertEquals("m", scanner.errorMessage());
    scan("{\"error\":\"Unauthorized\"}");
    assertEquals(AnswerKind.ERROR, scanner.kind());
    assertEquals("Unauthorized", scanner.errorMessage());
    assertEquals(AnswerScanner.NO_CODE, scanner.errorCode());
    scan("{\"error\":{\"code\":1.5}}");
    assertEquals(AnswerScanner.NO_CODE, scanner.errorCode());
    scan("{\"error\":{\"code\":99999999999999999999}}");
    assertEquals(AnswerScanner.NO_CODE, scanner.errorCode());
  }

  @Test
  void aLargeErrorIsDecidedBeforeItsEnd() {
    scanner.reset();
    String head =
        "{\"id\":1,\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x";
    assertFalse(scanner.feed(utf8(head)));
    assertTrue(scanner.feed(utf8("0".repeat(AnswerScanner.DATA_KEPT_BYTES))));
    assertEquals(AnswerKind.ERROR, scanner.kind());
    scanner.feed(utf8("0".repeat(100_000) + "\"}}"));
    assertEquals(AnswerKind.ERROR, scanner.finish());
    assertTrue(scanner.isComplete());
    assertEquals(scanner.scanned() - 1, scanner.valueEnd());
  }

  @Test
  void aLongMessageIsKeptInPart() {
    scan("{\"error\":{\"message\":\"" + "x".repeat(2_000) + "\",\"code\":1}}");
    assertEquals("x".repeat(AnswerScanner.MESSAGE_KEPT_BYTES - 1), scanner.errorMessage());
    assertEquals(1, scanner.errorCode());
  }

  @Test
  void nullIsNoErrorAndNoResultBesideAnError() {
    assertEquals(AnswerKind.RESULT, scan("{\"id\":1,\"error\":null,\"result\":\"0x1\"}"));
    assertEquals(AnswerKind.RESULT, scan("{\"result\":\"0x1\",\"error\":null,\"id\":1}"));
    assertEquals("\"0x1\"", value());
    assertEquals(
        AnswerKind.ERROR,
        scan("{\"result\":null,\"error\":{\"code\":-5,\"message\":\"No such\"},\"id\":1}"));
    assertEquals("{\"code\":-5,\"message\":\"No such\"}", value());
    assertEquals(AnswerKind.RESULT, scan("{\"id\":1,\"result\":null}"));
    assertTrue(scanner.isNullResult());
    assertTrue(scanner.isComplete());
    assertEquals("null", value());
    assertEquals(AnswerKind.RESULT, scan("{\"id\":1,\"result\":null,\"error\":null}"));
    assertTrue(scanner.isNullResult());
  }

  @Test
  void whatIsNoAnswerIsTold() {
    assertEquals(AnswerKind.NOT_JSON, scan(""));
    assertEquals(AnswerKind.NOT_JSON, scan("  \n"));
    assertEquals(AnswerKind.NOT_JSON, scan("<html><body>502 Bad Gateway</body></html>"));
    assertEquals(AnswerKind.NOT_JSON, scan("<!DOCTYPE html>"));
    assertEquals(AnswerKind.NOT_JSON, scan("error code: 1015"));
    assertEquals(AnswerKind.NOT_JSON, scan("\"ok\""));
    assertEquals(AnswerKind.NOT_JSON, scan("{'id':1}"));
    assertEquals(AnswerKind.NOT_AN_ANSWER, scan("[{\"id\":1,\"result\":1}]"));
    assertEquals(AnswerKind.NOT_AN_ANSWER, scan("{}"));
    assertEquals(AnswerKind.NOT_AN_ANSWER, scan("{\"id\":1}"));
    assertEquals(AnswerKind.NOT_AN_ANSWER, scan("{\"message\":\"Too Many Requests\"}"));
    assertEquals("Too Many Requests", scanner.errorMessage());
    assertEquals(AnswerKind.TRUNCATED, scan("{\"jsonrpc\":\"2.0\",\"id\":1,"));
    assertEquals(AnswerKind.TRUNCATED, scan("{\"id\":1,\"error\":{\"code\":-32000,\"mess"));
    assertEquals(AnswerKind.TRUNCATED, scan("{\"id\":1,\"result\":null"));
  }

  @Test
  void textBeyondAsciiIsNotExamined() {
    scanner.reset();
    scanner.feed(
        Unpooled.copiedBuffer(
            "{\"result\":\"\u00e9\u00ff\",\"id\":1}", StandardCharsets.ISO_8859_1));
    assertEquals(AnswerKind.RESULT, scanner.finish());
    assertTrue(scanner.isComplete());
  }

  @Test
  void deepTracesPass() {
    String trace = "{\"calls\":[".repeat(2_000) + "]}".repeat(2_000);
    assertEquals(AnswerKind.RESULT, scan("{\"result\":" + trace + ",\"id\":1}"));
    assertTrue(scanner.isComplete());
    assertEquals(trace, value());
  }

  @Test
  void resultsOfOneAnswerDoNotReachTheNext() {
    scan("{\"id\":1,\"error\":{\"code\":3,\"message\":\"m\",\"data\":\"0x\"}}");
    scan("{\"id\":1,\"error\":{}}");
    assertEquals(AnswerKind.ERROR, scanner.kind());
    assertEquals("", scanner.errorMessage());
    assertEquals(AnswerScanner.NO_CODE, scanner.errorCode());
  }
}
