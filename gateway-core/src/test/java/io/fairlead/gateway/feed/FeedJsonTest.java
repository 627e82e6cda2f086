package io.fairlead.gateway.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedJsonTest {
  private static final String HASH = "0x" + "1f".repeat(32);
  private static final String PARENT = "0x" + "2e".repeat(32);
  private static final String BLOOM = "0x" + "00".repeat(256);
  private static final String TOPIC = "0x" + "Cd".repeat(32);
  private static final String ADDRESS = "0x" + "Ab".repeat(20);

  private static final String HEAD =
      "{ \"parentHash\":\""
          + PARENT
          + "\",\n \"number\" : \"0x10\",\"hash\":\""
          + HASH
          + "\",\"logsBloom\":\""
          + BLOOM
          + "\",\"extra\":[1.50, {\"\\u0061\":null}],\"timestamp\":\"0x64\" }";

  private static final String LOG =
      "{\"address\":\""
          + ADDRESS
          + "\",\"topics\":[\""
          + TOPIC
          + "\"],\"data\":\"0x\",\"blockHash\":\""
          + HASH
          + "\", \"removed\" : false,\"logIndex\":\"0x0\"}";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static <T> T good(Parsed<T> parsed) {
    if (parsed instanceof Parsed.Good<T> good) {
      return good.value();
    }
    throw new AssertionError(parsed.toString());
  }

  private static String bad(Parsed<?> parsed) {
    return assertInstanceOf(Parsed.Bad.class, parsed, parsed::toString).reason();
  }

  @Test
  void aPushedHeaderIsPassedOnByteForByte() {
    byte[] json = bytes(HEAD);
    Header header = good(FeedJson.head(json));
    assertArrayEquals(bytes(HEAD), header.json());
    assertEquals(16, header.number());
    assertEquals(HASH, header.hash());
    assertEquals(PARENT, header.parentHash());
    assertEquals(BLOOM, header.logsBloom());
    assertEquals(100, FeedJson.timestampSeconds(header));
  }

  @Test
  void aBlockIsShownWithoutWhatIsNotOfItsHeader() {
    String block =
        "{\"transactions\":[\"0x1\",{\"hash\":\"0x2\"}],\"number\":\"0x10\" ,\"uncles\":[], "
            + "\"hash\" : \""
            + HASH
            + "\",\"size\":\"0x1\",\"parentHash\":\""
            + PARENT
            + "\",\"withdrawals\":[{\"index\":\"0x1\"}],\"nonce\":\"\\u0030\" ,\"gasUsed\":12 ,"
            + "\"totalDifficulty\":\"0x0\"}";
    Header header = good(FeedJson.block(bytes(block)));
    assertEquals(
        "{\"number\":\"0x10\",\"hash\" : \""
            + HASH
            + "\",\"parentHash\":\""
            + PARENT
            + "\",\"nonce\":\"\\u0030\",\"gasUsed\":12}",
        text(header.json()));
    assertNull(header.logsBloom());
    assertEquals(BlockPace.UNKNOWN, FeedJson.timestampSeconds(header));
  }

  @Test
  void hashesAreComparedInSmallLetters() {
    String upper = HEAD.replace(HASH, "0x" + "1F".repeat(32));
    assertEquals(HASH, good(FeedJson.head(bytes(upper))).hash());
  }

  @Test
  void noBlockIsNoHeader() {
    assertEquals("text: no object (expected: a block)", bad(FeedJson.block(bytes("null"))));
    assertEquals("text: no object (expected: a block)", bad(FeedJson.head(bytes("[]"))));
    String pending = HEAD.replace("\"" + HASH + "\"", "null");
    assertEquals("hash: none (expected: 64 digits)", bad(FeedJson.head(bytes(pending))));
  }

  @Test
  void aHeaderLacksNothingThatLinksIt() {
    for (String name : List.of("number", "hash", "parentHash")) {
      bad(FeedJson.head(bytes(HEAD.replace("\"" + name + "\"", "\"other\""))));
    }
    bad(FeedJson.head(bytes(HEAD.replace("0x10", "0x8000000000000000"))));
    bad(FeedJson.head(bytes(HEAD.replace("0x10", "16"))));
    bad(FeedJson.head(bytes(HEAD.replace("\"0x10\"", "16"))));
    bad(FeedJson.head(bytes(HEAD.replace(PARENT, PARENT + "0"))));
  }

  @Test
  void aBloomOfAnotherShapeIsNone() {
    assertNull(good(FeedJson.head(bytes(HEAD.replace(BLOOM, "0x0")))).logsBloom());
  }

  @Test
  void aMemberNamedTwiceIsRefused() {
    String twice = HEAD.replace("\"extra\"", "\"hash\":\"" + PARENT + "\",\"extra\"");
    bad(FeedJson.head(bytes(twice)));
    bad(FeedJson.head(bytes(HEAD.replace("\"extra\"", "\"\\u0068ash\""))));
  }

  @Test
  void onlyOneTextInUtf8IsRead() {
    bad(FeedJson.head(bytes(HEAD + "{}")));
    bad(FeedJson.head(bytes("\ufeff" + HEAD)));
    for (String name : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32")) {
      bad(FeedJson.head(HEAD.getBytes(Charset.forName(name))));
    }
    bad(FeedJson.head(new byte[0]));
    assertEquals(
        "text: not JSON (expected: an object or an array)", bad(FeedJson.head(bytes("{"))));
    assertEquals(16, good(FeedJson.head(bytes("\r\n\t " + HEAD))).number());
    bad(FeedJson.head(bytes("{".repeat(100_000))));
    bad(FeedJson.logs(bytes("[".repeat(100_000)), HASH));
  }

  @Test
  void whatIsNestedDeeplyIsRefused() {
    String nested = HEAD.replace("1.50", "[".repeat(60) + "]".repeat(60));
    assertEquals(16, good(FeedJson.head(bytes(nested))).number());
    bad(FeedJson.head(bytes(HEAD.replace("1.50", "[".repeat(63) + "]".repeat(63)))));
  }

  @Test
  void whatElseALogSaysIsPassedOver() {
    String topics = ("\"" + TOPIC + "\",").repeat(3) + "\"" + TOPIC + "\"";
    String more = LOG.replace("\"" + TOPIC + "\"", topics);
    more = more.replace("\"data\"", "\"more\":{\"address\":\"0x1\",\"topics\":[[]]},\"data\"");
    Log log = good(FeedJson.logs(bytes("[" + more + "]"), HASH)).get(0);
    assertEquals(4, log.topics().size());
    assertEquals("0x" + "ab".repeat(20), log.address());
    assertEquals(more, text(log.json()));
  }

  @Test
  void aLogIsToldAsItCameAndRemovedWithItsMark() {
    List<Log> logs = good(FeedJson.logs(bytes("[ " + LOG + ",\n" + LOG + "]"), HASH));
    assertEquals(2, logs.size());
    for (Log log : logs) {
      assertEquals(LOG, text(log.json()));
      assertEquals(LOG.replace("false", "true"), text(log.removedJson()));
      assertEquals("0x" + "ab".repeat(20), log.address());
      assertEquals(List.of("0x" + "cd".repeat(32)), log.topics());
    }
  }

  @Test
  void aLogWithoutMarkGetsOneWhenItIsRemoved() {
    String unmarked = LOG.replace(", \"removed\" : false", "");
    Log log = good(FeedJson.logs(bytes("[" + unmarked + "]"), HASH)).get(0);
    assertEquals(unmarked, text(log.json()));
    assertEquals("0x" + "ab".repeat(20), log.address());
    String marked = unmarked.substring(0, unmarked.length() - 1) + ",\"removed\":true}";
    assertEquals(marked, text(log.removedJson()));
  }

  @Test
  void logsOfAnotherBlockAreRefused() {
    bad(FeedJson.logs(bytes("[" + LOG + "]"), PARENT));
    bad(FeedJson.logs(bytes("[" + LOG.replace("blockHash", "block") + "]"), HASH));
  }

  @Test
  void logsThatAreNotAsTheyShouldBeAreRefused() {
    bad(FeedJson.logs(bytes("null"), HASH));
    bad(FeedJson.logs(bytes("[1]"), HASH));
    bad(FeedJson.logs(bytes("[" + LOG), HASH));
    bad(FeedJson.logs(bytes("[" + LOG.replace("false", "true") + "]"), HASH));
    bad(FeedJson.logs(bytes("[" + LOG.replace(ADDRESS, "0x12") + "]"), HASH));
    String many = ("\"" + TOPIC + "\",").repeat(4) + "\"" + TOPIC + "\"";
    bad(FeedJson.logs(bytes("[" + LOG.replace("\"" + TOPIC + "\"", many) + "]"), HASH));
    bad(FeedJson.logs(bytes("[" + LOG.replace("\"" + TOPIC + "\"", "null") + "]"), HASH));
    bad(FeedJson.logs(bytes("[" + LOG.replace("[\"" + TOPIC + "\"]", "null") + "]"), HASH));
  }

  @Test
  void whateverComesThereIsAnAnswerAndNoException() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      boolean isLogs = random.nextBoolean();
      byte[] json = bytes(isLogs ? "[" + LOG + "," + LOG + "]" : HEAD);
      byte[] hurt = hurt(json, random);
      try {
        assertNotNull(FeedJson.head(hurt.clone()));
        assertNotNull(FeedJson.block(hurt.clone()));
        assertNotNull(FeedJson.logs(hurt.clone(), HASH));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text(hurt), e);
      }
    }
  }

  /** Cuts, repeats and changes bytes. */
  private static byte[] hurt(byte[] json, Random random) {
    StringBuilder text = new StringBuilder(new String(json, StandardCharsets.ISO_8859_1));
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && text.length() > 0; i++) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(20));
      switch (random.nextInt(5)) {
        case 0 -> text.setLength(at);
        case 1 -> text.delete(at, end);
        case 2 -> text.insert(at, text.substring(at, end));
        case 3 -> text.setCharAt(at, (char) random.nextInt(256));
        default -> text.insert(at, "{}[]\",:\\ufn0x".charAt(random.nextInt(13)));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
