package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON and what is not, case by case. */
class JsonTextTest {
  private final RequestScanner scanner = new RequestScanner(1_000, 64, new byte[16]);

  private RequestFault scan(byte[] text) {
    scanner.reset();
    scanner.feed(Unpooled.wrappedBuffer(text));
    return scanner.finish();
  }

  /** The fault of a call with the text as its only parameter. */
  private RequestFault scanParameter(String text) {
    return scan(
        ("{\"id\":1,\"method\":\"m\",\"params\":[" + text + "]}").getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-0",
        "-1",
        "10",
        "0.5",
        "1e5",
        "1E+5",
        "1e-05",
        "-0.0e0",
        "123456789012345678901234567890",
        "1.7976931348623157e309",
        "true",
        "false",
        "null",
        "\"\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0000\"",
        "\"\\uD83D\\uDE00\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\u007f\"",
        "\"\u00e9\u20ac\ud83d\ude00\"",
        "[]",
        "{}",
        "[[],{}]",
        "{\"\":0}",
        "{\"a\":1,\"a\":2}",
        " [ 1 , 2 ] ",
        "\t\r\n 1"
      })
  void isJson(String text) {
    assertEquals(RequestFault.NONE, scanParameter(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "-",
        "1e",
        "1e+",
        "0x1",
        "1 2",
        "Infinity",
        "NaN",
        "-Infinity",
        "0e",
        "1.e1",
        "1eE2",
        "--1",
        "1a",
        "tru",
        "truee",
        "True",
        "nul",
        "nulll",
        "undefined",
        "'a'",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\U0041\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u0000\"",
        "\"\u001f\"",
        "[",
        "]",
        "[1",
        "1]",
        "[1,]",
        "[,1]",
        "[,]",
        "[1 2]",
        "{",
        "}",
        "{]",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\"::1}",
        "{\"a\":1 \"b\":2}",
        "{null:1}",
        "1//a",
        "/* */1",
        "1,",
        ",",
        ":",
        "\u00a0",
        "\u2028",
        "\u000b",
        "\u0000",
        "\\u0031",
        "\"a\"b",
        "@"
      })
  void isNotJson(String text) {
    assertEquals(RequestFault.NOT_JSON, scanParameter(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0af",
        "c1bf",
        "c2",
        "c241",
        "e08080",
        "e09fbf",
        "e282",
        "e28241",
        "eda080",
        "edbfbf",
        "f0808080",
        "f08fbfbf",
        "f0908d",
        "f4908080",
        "f5808080",
        "f8888080",
        "ff",
        "fe",
        "c3a9c3"
      })
  void bytesThatAreNoUtf8AreNotJson(String hex) {
    byte[] bytes = ("\"" + "?".repeat(hex.length() / 2) + "\"").getBytes(StandardCharsets.UTF_8);
    System.arraycopy(HexFormat.of().parseHex(hex), 0, bytes, 1, hex.length() / 2);
    assertEquals(RequestFault.NOT_JSON, scan(bytes), hex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"})
  void theEdgesOfUtf8AreText(String hex) {
    byte[] bytes = ("\"" + "?".repeat(hex.length() / 2) + "\"").getBytes(StandardCharsets.UTF_8);
    System.arraycopy(HexFormat.of().parseHex(hex), 0, bytes, 1, hex.length() / 2);
    assertEquals(RequestFault.NOT_A_CALL, scan(bytes), hex);
  }

  @Test
  void nothingIsNotJson() {
    assertEquals(RequestFault.NOT_JSON, scan(new byte[0]));
    assertEquals(RequestFault.NOT_JSON, scan(new byte[] {' ', '\n'}));
    assertEquals(RequestFault.NOT_JSON, scan(new byte[] {0}));
  }

  @Test
  void otherEncodingsAndByteOrderMarksAreNotJson() {
    String call = "{\"id\":1,\"method\":\"m\"}";
    assertEquals(RequestFault.NOT_JSON, scan(("\ufeff" + call).getBytes(StandardCharsets.UTF_8)));
    assertEquals(RequestFault.NOT_JSON, scan(call.getBytes(StandardCharsets.UTF_16LE)));
    assertEquals(RequestFault.NOT_JSON, scan(call.getBytes(StandardCharsets.UTF_16)));
  }

  @Test
  void whatFollowsABodyIsNotJson() {
    for (String rest : new String[] {"x", "{}", "]", "\u0000", ",", "1"}) {
      String text = "{\"id\":1,\"method\":\"m\"}" + rest;
      assertEquals(RequestFault.NOT_JSON, scan(text.getBytes(StandardCharsets.UTF_8)), text);
    }
  }

  @Test
  void hugeNumbersAndStringsPass() {
    assertEquals(RequestFault.NONE, scanParameter("9".repeat(100_000)));
    assertEquals(
        RequestFault.NONE, scanParameter("-1." + "0".repeat(100_000) + "e" + "1".repeat(9_999)));
    assertEquals(RequestFault.NONE, scanParameter("\"" + "f".repeat(1_000_000) + "\""));
  }
}
