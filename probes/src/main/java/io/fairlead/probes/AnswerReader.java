package io.fairlead.probes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fairlead.probes.Answer.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an answer token by token, without a tree.
 *
 * <p>Failure: never throws; whatever is not one whole JSON-RPC answer to our call is {@link
 * Answer.Rubbish}.
 */
final class AnswerReader {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int MOST_FIELDS = 64;
  private static final int LONGEST_SCALAR = 128;

  private AnswerReader() {}

  static Answer read(byte[] body) {
    try (JsonParser parser = FACTORY.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Answer.Rubbish("not a JSON object");
      }
      Answer answer = new Envelope().read(parser);
      return parser.nextToken() == null ? answer : new Answer.Rubbish("text after the answer");
    } catch (IOException e) {
      return new Answer.Rubbish("not JSON");
    }
  }

  /** The fields of the answer's outer object. */
  private static final class Envelope {
    private boolean isOurs;
    private Answer.@Nullable Result result;
    private Answer.@Nullable Refusal error;

    Answer read(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "id" -> isOurs = token.isScalarValue() && Question.ID.equals(parser.getText());
          case "result" -> result = readResult(parser);
          case "error" -> error = token == JsonToken.VALUE_NULL ? null : readError(parser);
          default -> {}
        }
        parser.skipChildren();
      }
      return toAnswer();
    }

    private Answer toAnswer() {
      if (error != null) {
        return error;
      }
      if (result == null) {
        return new Answer.Rubbish("neither result nor error");
      }
      return isOurs ? result : new Answer.Rubbish("another call's answer");
    }
  }

  private static Answer.Refusal readError(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return new Answer.Refusal(0);
    }
    Map<String, String> fields = new HashMap<>();
    readFields(parser, "", fields);
    return new Answer.Refusal(Quantity.parseSigned(fields.get("code")));
  }

  private static Answer.Result readResult(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return new Answer.Result(Kind.NULL, null, Map.of());
    }
    if (token.isScalarValue()) {
      return new Answer.Result(Kind.SCALAR, scalar(parser), Map.of());
    }
    if (token == JsonToken.START_ARRAY) {
      parser.skipChildren();
      return new Answer.Result(Kind.ARRAY, null, Map.of());
    }
    Map<String, String> fields = new HashMap<>();
    readFields(parser, "", fields);
    return new Answer.Result(Kind.OBJECT, null, fields);
  }

  /** Reads an object's scalars, and those of the objects in it one level down; ends at its end. */
  private static void readFields(JsonParser parser, String prefix, Map<String, String> into)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = prefix + parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT && prefix.isEmpty()) {
        into.putIfAbsent(name, "");
        readFields(parser, name + ".", into);
      } else if (token.isScalarValue() && into.size() < MOST_FIELDS) {
        into.put(name, scalar(parser));
      } else {
        parser.skipChildren();
      }
    }
  }

  private static String scalar(JsonParser parser) throws IOException {
    String text = parser.getText();
    return text.length() <= LONGEST_SCALAR ? text : "";
  }
}
