package io.fairlead.gateway.demo.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Compares an answer with the planned call, ids and results by their bytes.
 *
 * <p>It has a parser of its own rather than the gateway's, so that a fault there does not hide
 * here.
 */
final class AnswerJudge {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int SHOWN = 160;

  private AnswerJudge() {}

  /** What one answer object holds, as JSON. */
  private record Answer(@Nullable String id, @Nullable String result, @Nullable String error) {}

  static Outcome judge(PlannedCall call, int status, byte[] body) {
    if (status != 200) {
      return Outcome.failed("HTTP " + status + ' ' + shown(body));
    }
    try (JsonParser parser = JSON.createParser(body)) {
      Outcome outcome =
          call.isBatch()
              ? judgeBatch(call, parser, body)
              : judgeItem(call.items().get(0), parser.nextToken(), parser, body);
      boolean isWhole = !outcome.isRight() || parser.nextToken() == null;
      return isWhole ? outcome : Outcome.wrong("more than one answer: " + shown(body));
    } catch (JsonProcessingException notJson) {
      return Outcome.wrong("not JSON: " + shown(body));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Outcome judgeBatch(PlannedCall call, JsonParser parser, byte[] body)
      throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      return Outcome.failed("no array for a batch: " + shown(body));
    }
    for (Iterator<PlannedCall.Item> items = call.items().iterator(); items.hasNext(); ) {
      Outcome outcome = judgeItem(items.next(), parser.nextToken(), parser, body);
      if (!outcome.isRight()) {
        return outcome;
      }
    }
    return parser.nextToken() == JsonToken.END_ARRAY
        ? Outcome.RIGHT
        : Outcome.wrong("too many answers for a batch: " + shown(body));
  }

  private static Outcome judgeItem(
      PlannedCall.Item item, @Nullable JsonToken token, JsonParser parser, byte[] body)
      throws IOException {
    if (token != JsonToken.START_OBJECT) {
      return Outcome.wrong("no object: " + shown(body));
    }
    Answer answer = read(parser, body);
    if (answer.error() != null) {
      return Outcome.failed(shown(answer.error()));
    }
    if (!item.id().equals(answer.id())) {
      return Outcome.wrong("id: " + answer.id() + " (expected: " + item.id() + ')');
    }
    if (answer.result() == null || !item.isRight().test(answer.result())) {
      return Outcome.wrong("result: " + shown(String.valueOf(answer.result())));
    }
    return Outcome.RIGHT;
  }

  private static Answer read(JsonParser parser, byte[] body) throws IOException {
    String id = null;
    String result = null;
    String error = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      String value = rawValue(parser, body);
      switch (name) {
        case "id" -> id = value;
        case "result" -> result = value;
        case "error" -> error = value;
        default -> {}
      }
    }
    return new Answer(id, result, error);
  }

  private static String rawValue(JsonParser parser, byte[] body) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(body, start, end - start, StandardCharsets.UTF_8);
  }

  private static String shown(byte[] body) {
    return shown(new String(body, StandardCharsets.UTF_8));
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
