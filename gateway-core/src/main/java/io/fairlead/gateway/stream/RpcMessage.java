package io.fairlead.gateway.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC message of an upstream: an answer or a notification, its result as it is written.
 *
 * <p>Members may come in any order; unknown ones are passed over, but the text must be whole JSON.
 */
final class RpcMessage {
  /** Stands for an id that is none of ours. */
  static final long NO_ID = -1;

  /** The code of an error by which nodes say that they know no such method. */
  static final int METHOD_NOT_FOUND = -32601;

  private static final int MOST_DEPTH = 64;
  private static final int LONGEST_TEXT = 16 << 20;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final byte[] text;
  private final JsonParser parser;
  private long id = NO_ID;
  private @Nullable String result;
  private boolean hasError;
  private int errorCode;
  private @Nullable String subscription;

  private RpcMessage(byte[] text, JsonParser parser) {
    this.text = text;
    this.parser = parser;
  }

  /**
   * Reads a message.
   *
   * @param text JSON in UTF-8
   * @return the message, or null if the text is no JSON object
   */
  static @Nullable RpcMessage read(byte[] text) {
    try (JsonParser parser = JSON.createParser(text)) {
      RpcMessage message = new RpcMessage(text, parser);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      message.readMembers();
      return parser.nextToken() == null ? message : null;
    } catch (IOException e) {
      // What is no JSON is told as such; the parser's words would repeat it.
      return null;
    }
  }

  private void readMembers() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "id" -> id = value == JsonToken.VALUE_NUMBER_INT ? smallNumber() : NO_ID;
        case "result" -> result = raw();
        case "error" -> readError(value);
        case "params" -> readParams(value);
        default -> parser.skipChildren();
      }
    }
  }

  private long smallNumber() throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? NO_ID
        : parser.getLongValue();
  }

  private void readError(JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      hasError |= value != JsonToken.VALUE_NULL;
      parser.skipChildren();
      return;
    }
    hasError = true;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isCode = parser.currentName().equals("code");
      if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && isCode) {
        errorCode = (int) smallNumber();
      }
      parser.skipChildren();
    }
  }

  private void readParams(JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken member = parser.nextToken();
      if (name.equals("subscription") && member == JsonToken.VALUE_STRING) {
        subscription = parser.getText();
      } else if (name.equals("result")) {
        result = raw();
      } else {
        parser.skipChildren();
      }
    }
  }

  /** The present value as it is written. */
  private String raw() throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(text, start, end - start, StandardCharsets.UTF_8).strip();
  }

  /** Whose answer it is, {@link #NO_ID} if it is none of ours. */
  long id() {
    return id;
  }

  /** The result of an answer or a notification, null if there is none or an error beside it. */
  @Nullable String result() {
    return hasError ? null : result;
  }

  /** Whether it is an answer with an error. */
  boolean hasError() {
    return hasError;
  }

  /** The error's code, 0 if it has none. */
  int errorCode() {
    return errorCode;
  }

  /** The subscription that it notifies of, null if it is no notification. */
  @Nullable String subscription() {
    return subscription;
  }
}
