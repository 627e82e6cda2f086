package io.fairlead.gateway.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads headers and logs as nodes write them.
 *
 * <p>What subscribers see keeps the node's bytes: a header of {@code newHeads} all of them, a block
 * those of its members that belong to a header, in their order; a log all of them. Whatever is not
 * JSON in UTF-8, names a member twice or lacks what a header or a log must have is refused with a
 * reason; nothing is thrown.
 *
 * <p>Thread-safety: safe, no state. Cost: one pass.
 */
public final class FeedJson {
  private static final int MOST_DEPTH = 64;
  private static final int MOST_TOPICS = 4;
  private static final int ADDRESS_DIGITS = 40;
  private static final int HASH_DIGITS = 64;
  private static final int BLOOM_DIGITS = 512;

  /** What a block has and its header has not. */
  private static final Set<String> NOT_OF_HEADER =
      Set.of("transactions", "uncles", "withdrawals", "size", "totalDifficulty");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private FeedJson() {}

  /**
   * Reads the header that a {@code newHeads} notification brings.
   *
   * @param json the object; passed on as it is and not to be changed any more
   */
  public static Parsed<Header> head(byte[] json) {
    return read(json, parser -> toHeader(parser, json, false));
  }

  /**
   * Reads the header of a block that {@code eth_getBlockByNumber} or {@code eth_getBlockByHash}
   * gives.
   *
   * @param json the object, or {@code null} which is refused
   */
  public static Parsed<Header> block(byte[] json) {
    return read(json, parser -> toHeader(parser, json, true));
  }

  /**
   * Reads what {@code eth_getLogs} gives for one block.
   *
   * @param json the array
   * @param blockHash the block's, in lower case; logs of another are refused
   */
  public static Parsed<List<Log>> logs(byte[] json, String blockHash) {
    return read(json, parser -> toLogs(parser, json, blockHash));
  }

  /** When a header says that its block was made, in seconds since 1970; -1 if it does not say. */
  public static long timestampSeconds(Header header) {
    Parsed<Long> said = read(header.json(), FeedJson::toTimestamp);
    return said instanceof Parsed.Good<Long> good ? good.value() : BlockPace.UNKNOWN;
  }

  /** Reads a value whose first token is there. */
  private interface Reading<T> {
    T read(JsonParser parser) throws IOException, UnfitException;
  }

  /** The text is JSON but not what it should be. */
  private static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1;

    UnfitException(String message) {
      super(message, null, false, false);
    }
  }

  private static <T> Parsed<T> read(byte[] json, Reading<T> reading) {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      if (parser.currentTokenLocation().getByteOffset() != leadingSpace(json)) {
        return new Parsed.Bad<>("text: another encoding (expected: UTF-8 without a mark)");
      }
      T value = reading.read(parser);
      if (parser.nextToken() != null) {
        return new Parsed.Bad<>("text: more than one value (expected: one)");
      }
      return new Parsed.Good<>(value);
    } catch (UnfitException e) {
      return new Parsed.Bad<>(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Parsed.Bad<>("text: not JSON (expected: an object or an array)");
    }
  }

  private static int leadingSpace(byte[] json) {
    int at = 0;
    while (at < json.length
        && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** The fields of a header while it is read. */
  private static final class Draft {
    private long number = -1;
    private String hash = "";
    private String parentHash = "";
    private String logsBloom = "";

    void take(String name, JsonParser at) throws IOException {
      if (at.currentToken() != JsonToken.VALUE_STRING) {
        return;
      }
      switch (name) {
        case "number" -> number = HexText.quantity(at.getText());
        case "hash" -> hash = at.getText();
        case "parentHash" -> parentHash = at.getText();
        case "logsBloom" -> logsBloom = at.getText();
        default -> {}
      }
    }

    Header toHeader(byte[] json) throws UnfitException {
      if (number < 0) {
        throw new UnfitException("number: none (expected: a quantity below 2^63)");
      }
      String bloom = HexText.isHex(logsBloom, BLOOM_DIGITS) ? logsBloom : null;
      return new Header(number, hash("hash", hash), hash("parentHash", parentHash), bloom, json);
    }
  }

  private static Header toHeader(JsonParser parser, byte[] json, boolean isBlock)
      throws IOException, UnfitException {
    require(parser.currentToken() == JsonToken.START_OBJECT, "text: no object (expected: a block)");
    Draft draft = new Draft();
    ByteArrayOutputStream kept = new ByteArrayOutputStream(isBlock ? 2048 : 0);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      int start = offset(parser);
      String name = parser.currentName();
      parser.nextToken();
      draft.take(name, parser);
      int end = end(parser);
      if (isBlock && !NOT_OF_HEADER.contains(name)) {
        kept.write(kept.size() == 0 ? '{' : ',');
        kept.write(json, start, end - start);
      }
    }
    kept.write('}');
    return draft.toHeader(isBlock ? kept.toByteArray() : json);
  }

  private static List<Log> toLogs(JsonParser parser, byte[] json, String blockHash)
      throws IOException, UnfitException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "text: no array (expected: logs)");
    List<Log> logs = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      logs.add(toLog(parser, json, blockHash));
    }
    return logs;
  }

  private static Log toLog(JsonParser parser, byte[] json, String blockHash)
      throws IOException, UnfitException {
    require(parser.currentToken() == JsonToken.START_OBJECT, "log: no object (expected: one)");
    int start = offset(parser);
    LogDraft draft = new LogDraft();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      draft.take(name, parser);
    }
    return draft.toLog(json, start, end(parser), blockHash);
  }

  /** The fields of a log while it is read. */
  private static final class LogDraft {
    private final List<String> topics = new ArrayList<>();
    private String address = "";
    private String blockHash = "";
    private int removedStart = -1;
    private int removedEnd = -1;

    void take(String name, JsonParser at) throws IOException, UnfitException {
      switch (name) {
        case "address" -> address = text(name, at);
        case "blockHash" -> blockHash = text(name, at);
        case "topics" -> takeTopics(at);
        case "removed" -> takeRemoved(at);
        default -> at.skipChildren();
      }
    }

    private void takeTopics(JsonParser at) throws IOException, UnfitException {
      require(at.currentToken() == JsonToken.START_ARRAY, "topics: no array (expected: one)");
      while (at.nextToken() != JsonToken.END_ARRAY) {
        topics.add(hash("topics", text("topics", at)));
        require(topics.size() <= MOST_TOPICS, "topics: many (expected: at most four)");
      }
    }

    private void takeRemoved(JsonParser at) throws IOException, UnfitException {
      require(at.currentToken() == JsonToken.VALUE_FALSE, "removed: not false (expected: false)");
      removedStart = offset(at);
      removedEnd = removedStart + "false".length();
    }

    Log toLog(byte[] json, int start, int end, String expectedHash) throws UnfitException {
      require(HexText.isHex(address, ADDRESS_DIGITS), "address: none (expected: 40 digits)");
      require(
          hash("blockHash", blockHash).equals(expectedHash),
          "blockHash: another's (expected: the block's that was asked for)");
      byte[] own = Arrays.copyOfRange(json, start, end);
      return removedStart < 0
          ? Log.withoutMark(HexText.lower(address), topics, own)
          : Log.withMark(
              HexText.lower(address), topics, own, removedStart - start, removedEnd - start);
    }
  }

  private static long toTimestamp(JsonParser parser) throws IOException {
    long found = BlockPace.UNKNOWN;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isIt = parser.currentName().equals("timestamp");
      if (parser.nextToken() == JsonToken.VALUE_STRING && isIt) {
        found = HexText.quantity(parser.getText());
      }
      parser.skipChildren();
    }
    return found;
  }

  private static String text(String name, JsonParser at) throws IOException, UnfitException {
    require(at.currentToken() == JsonToken.VALUE_STRING, name + ": no text (expected: hex)");
    return at.getText();
  }

  private static String hash(String name, String text) throws UnfitException {
    require(HexText.isHex(text, HASH_DIGITS), name + ": none (expected: 64 digits)");
    return HexText.lower(text);
  }

  private static int offset(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /** The index after a value. */
  private static int end(JsonParser parser) throws IOException {
    parser.skipChildren();
    parser.finishToken();
    return (int) parser.currentLocation().getByteOffset();
  }

  private static void require(boolean isMet, String otherwise) throws UnfitException {
    if (!isMet) {
      throw new UnfitException(otherwise);
    }
  }
}
