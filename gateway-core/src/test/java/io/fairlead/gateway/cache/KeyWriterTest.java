package io.fairlead.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyWriterTest {
  private static final String UPPER = "0xABCDEF0123456789ABCDEF0123456789ABCDEF01";
  private static final String LOWER = "0xabcdef0123456789abcdef0123456789abcdef01";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[ \"0x1\" ,  \"latest\" ] | [\"0x1\",\"latest\"]",
        "[{\"to\":\"0x1\",\"data\":\"0x2\"},\"0x5\"] | [{\"data\":\"0x2\",\"to\":\"0x1\"},\"0x5\"]",
        "[{\"a\":{\"d\":1,\"c\":[true,null]},\"b\":2}] |"
            + " [{\"b\":2,\"a\":{\"c\":[true,null],\"d\":1}}]",
        "[\"\\u0030x1\",\"\\/\"] | [\"0x1\",\"/\"]",
        "[\"" + UPPER + "\",\"0x5\"] | [\"" + LOWER + "\",\"0x5\"]",
        "[{\"" + UPPER + "\":{}},\"0x5\"] | [{\"" + LOWER + "\":{}},\"0x5\"]",
        "[{\"to\":\"0x1\"}] | [{\"to\":\"0x1\"},\"latest\"]",
      })
  void spellingDoesNotMatter(String one, String other) {
    assertNotNull(Messages.key("eth_call", one));
    assertEquals(Messages.key("eth_call", one), Messages.key("eth_call", other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[\"0x01\"] | [\"0x1\"]",
        "[\"0xA\"] | [\"0xa\"]",
        "[\"0x1\",null] | [\"0x1\"]",
        "[\"0x1\",{}] | [\"0x1\"]",
        "[1] | [\"1\"]",
        "[1.0] | [1]",
        "[\"Latest\"] | [\"latest\"]",
        "[{\"data\":\"0x1\"}] | [{\"input\":\"0x1\"}]",
        "[[\"a\"],\"b\"] | [[\"a\",\"b\"]]",
        "[\"a\",\"b\"] | [\"a\\\",\\\"b\"]",
        "[\"a\",\"b\"] | [\"b\",\"a\"]",
        "[{\"a\":\"b\"}] | [\"a\",\"b\"]",
        "[{\"a\":{\"b\":1}}] | [{\"a\":{},\"b\":1}]",
        "[{\"a\":[1,2]}] | [{\"a\":[12]}]",
        "[\"0x1\",\"latest\"] | [\"0x1\",\"safe\"]",
      })
  void whatNodesMayTakeDifferentlyStaysDifferent(String one, String other) {
    assertNotNull(Messages.key("eth_feeHistory", one));
    assertNotEquals(Messages.key("eth_feeHistory", one), Messages.key("eth_feeHistory", other));
  }

  @Test
  void onlyLongHexadecimalStringsLoseTheirCase() {
    for (String kept :
        new String[] {"0X" + "AB".repeat(20), "AB".repeat(25), "0x" + "AB".repeat(19)}) {
      String other =
          kept.charAt(0) == '0' ? kept.replace("AB", "ab") : kept.toLowerCase(Locale.ROOT);
      assertNotEquals(
          Messages.key("eth_call", "[\"" + kept + "\"]"),
          Messages.key("eth_call", "[\"" + other + "\"]"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"to\":1,\"to\":2}]",
        "[{\"to\":1,\"x\":3,\"To\":2}]",
        "[{\"zz\":1,\"aa\":3,\"ZZ\":2}]",
        "[{\"\\u0074o\":1,\"to\":2}]",
        "[{\"paramſ\":1}]",
        "[\"\\ud800\"]",
        "[\"\\u00e9\"]",
        "{\"to\":1}",
      })
  void whatNodesReadByTheirOwnRulesHasNoKey(String params) {
    assertNull(Messages.key("eth_call", params));
  }

  @Test
  void absentAndEmptyParametersAreOneCall() {
    CallKey absent =
        new KeyWriter()
            .write(0, Messages.body("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_gasPrice\"}"));
    assertNotNull(absent);
    assertEquals(absent, Messages.key("eth_gasPrice", "[]"));
  }

  @Test
  void aCallWithoutItsVersionHasNoKey() {
    assertNull(new KeyWriter().write(0, Messages.body("{\"id\":1,\"method\":\"eth_gasPrice\"}")));
  }

  @Test
  void methodsAndChainsDoNotMix() {
    assertNotEquals(Messages.key("eth_getCode", "[]"), Messages.key("eth_getBalance", "[]"));
    assertNotEquals(
        new KeyWriter().write(1, Messages.call("eth_getCode", "[]")),
        new KeyWriter().write(2, Messages.call("eth_getCode", "[]")));
  }

  @Test
  void onlyABlockThatMayBeLeftOutIsPutIn() {
    assertNotEquals(
        Messages.key("eth_getBlockByNumber", "[]"),
        Messages.key("eth_getBlockByNumber", "[\"latest\"]"));
    assertNotEquals(
        Messages.key("eth_getBalance", "[]"), Messages.key("eth_getBalance", "[\"latest\"]"));
  }

  @Test
  void parametersBeyondTheLimitHaveNoKey() {
    String most = "x".repeat(KeyWriter.MAX_PARAMS_BYTES - 4);
    assertNotNull(Messages.key("eth_call", "[\"" + most + "\"]"));
    assertNull(Messages.key("eth_call", "[\"" + most + "x\"]"));
  }

  @Test
  void tooManyUnorderedMembersHaveNoKey() {
    assertNotNull(Messages.key("eth_call", members(KeyWriter.MAX_MEMBERS)));
    assertNull(Messages.key("eth_call", members(KeyWriter.MAX_MEMBERS + 1)));
  }

  private static String members(int count) {
    StringBuilder text = new StringBuilder("[{");
    for (int i = count; i > 0; i--) {
      text.append("\"k").append(i).append("\":0").append(i > 1 ? "," : "}]");
    }
    return text.toString();
  }

  @Test
  void movingWordsAreNoticed() {
    KeyWriter writer = new KeyWriter();
    writer.write(0, Messages.call("eth_call", "[{},\"pending\"]"));
    assertTrue(writer.sawPending());
    writer.write(
        0, Messages.call("eth_getLogs", "[{\"toBlock\":\"latest\",\"fromBlock\":\"0x1\"}]"));
    assertFalse(writer.sawPending());
    assertTrue(writer.sawLatest());
    assertTrue(writer.sawFromBlock());
    for (String tag : new String[] {"safe", "finalized", "earliest"}) {
      writer.write(0, Messages.call("eth_call", "[{},\"" + tag + "\"]"));
      assertTrue(writer.sawOtherTag(), tag);
      assertFalse(writer.sawLatest(), tag);
    }
    writer.write(
        0, Messages.call("eth_call", "[{},{\"blockHash\":\"0x" + "Aa".repeat(32) + "\"}]"));
    assertEquals("0x" + "aa".repeat(32), writer.blockHash());
    writer.write(0, Messages.call("eth_call", "[{}]"));
    assertTrue(writer.sawLatest());
    assertNull(writer.blockHash());
  }
}
