package io.fairlead.gateway.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a body holds according to Jackson, in the scanner's words.
 *
 * <p>Deliberate differences of the scanner from Jackson: of bytes, Jackson takes encoded surrogates
 * and some overlong forms for text; here they are decoded strictly before Jackson sees them. And
 * Jackson refuses escapes of lone surrogates in names, though not in values; the grammar allows
 * both, nodes take both, and so does the scanner, so they are hidden from Jackson.
 *
 * @param fault of the whole body
 * @param batch whether it is an array
 * @param calls what its calls are described by, in order
 */
record JacksonView(RequestFault fault, boolean batch, List<String> calls) {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(100_000)
                  .maxNestingDepth(100_000)
                  .build())
          .build();
  private static final int MAX_DEPTH = 64;
  private static final Pattern SURROGATE = Pattern.compile("\\\\u[dD][89a-fA-F]");

  static JacksonView of(byte[] body, int maxBatch) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return new Reader(new String(body, StandardCharsets.ISO_8859_1), body, maxBatch).readPrefix();
    }
    return new Reader(text, body, maxBatch).read();
  }

  /** A call in words, the same for Jackson and for the scanner. */
  static String describe(RequestFault fault, int[] call, int[] id, int[] method, int[] params) {
    return fault
        + " call "
        + span(call)
        + " id "
        + span(id)
        + " method "
        + span(method)
        + " params "
        + span(params);
  }

  private static String span(int[] span) {
    return span[0] + "-" + span[1];
  }

  private record Value(JsonToken token, int start, int end, String text) {
    int[] span() {
      return new int[] {start, end};
    }
  }

  private static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class Reader {
    private static final int[] ABSENT = {-1, -1};
    private final String text;
    private final byte[] body;
    private final int maxBatch;
    private final List<String> calls = new ArrayList<>();
    private boolean batch;
    private int depth;

    Reader(String text, byte[] body, int maxBatch) {
      this.text = SURROGATE.matcher(text).replaceAll("\\\\ue0");
      this.body = body;
      this.maxBatch = maxBatch;
    }

    /** The bytes are no UTF-8: the body is not JSON, unless a limit ends the scan before. */
    JacksonView readPrefix() {
      int valid = validPrefix();
      String before = new String(body, 0, valid, StandardCharsets.UTF_8);
      JacksonView view = new Reader(before, body, maxBatch).read();
      boolean limit =
          view.fault == RequestFault.TOO_DEEP || view.fault == RequestFault.BATCH_TOO_LARGE;
      return limit ? view : new JacksonView(RequestFault.NOT_JSON, false, List.of());
    }

    private int validPrefix() {
      ByteBuffer in = ByteBuffer.wrap(body);
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(in, java.nio.CharBuffer.allocate(body.length), true);
      return in.position();
    }

    JacksonView read() {
      try (JsonParser parser = JSON.createParser(text)) {
        JsonToken first = parser.nextToken();
        if (first == null) {
          return refused(RequestFault.NOT_JSON);
        }
        RequestFault fault = RequestFault.NONE;
        if (first == JsonToken.START_OBJECT) {
          call(parser);
        } else if (first == JsonToken.START_ARRAY) {
          batch = true;
          batch(parser);
          fault = calls.isEmpty() ? RequestFault.EMPTY_BATCH : fault;
        } else {
          value(parser);
          fault = RequestFault.NOT_A_CALL;
        }
        return parser.nextToken() == null
            ? new JacksonView(fault, batch, calls)
            : refused(RequestFault.NOT_JSON);
      } catch (TooDeep e) {
        return refused(RequestFault.TOO_DEEP);
      } catch (TooMany e) {
        return refused(RequestFault.BATCH_TOO_LARGE);
      } catch (JsonProcessingException e) {
        return refused(RequestFault.NOT_JSON);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static JacksonView refused(RequestFault fault) {
      return new JacksonView(fault, false, List.of());
    }

    private void batch(JsonParser parser) throws IOException {
      deeper();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (calls.size() == maxBatch) {
          throw new TooMany();
        }
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          call(parser);
        } else {
          Value value = value(parser);
          calls.add(describe(RequestFault.NOT_AN_OBJECT, value.span(), ABSENT, ABSENT, ABSENT));
        }
      }
      depth--;
    }

    private void call(JsonParser parser) throws IOException {
      int start = start(parser);
      CallView call = new CallView();
      deeper();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        call.add(name, value(parser));
      }
      depth--;
      calls.add(call.describe(new int[] {start, end(parser)}));
    }

    private Value value(JsonParser parser) throws IOException {
      JsonToken token = parser.currentToken();
      int start = start(parser);
      String content = "";
      if (token.isStructStart()) {
        walk(parser);
      } else {
        content = parser.getText();
      }
      return new Value(token, start, end(parser), content);
    }

    private void walk(JsonParser parser) throws IOException {
      int base = depth;
      deeper();
      while (depth > base) {
        JsonToken token = parser.nextToken();
        if (token.isStructStart()) {
          deeper();
        } else if (token.isStructEnd()) {
          depth--;
        } else {
          parser.getText();
        }
      }
    }

    private void deeper() {
      depth++;
      if (depth > MAX_DEPTH) {
        throw new TooDeep();
      }
    }

    private int start(JsonParser parser) {
      return bytes((int) parser.currentTokenLocation().getCharOffset());
    }

    private int end(JsonParser parser) {
      return bytes((int) parser.currentLocation().getCharOffset());
    }

    private int bytes(int chars) {
      return text.substring(0, chars).getBytes(StandardCharsets.UTF_8).length;
    }
  }

  private static final class CallView {
    private static final int[] ABSENT = {-1, -1};
    private static final Set<String> NAMES = Set.of("id", "method", "params", "jsonrpc");
    private final Set<String> seen = new HashSet<>();
    private RequestFault fault = RequestFault.NONE;
    private int[] id = ABSENT;
    private int[] method = ABSENT;
    private int[] params = ABSENT;
    private boolean named;

    void add(String name, Value value) {
      String folded = name.replace('\u017f', 's').toLowerCase(Locale.ROOT);
      if (!NAMES.contains(folded)) {
        return;
      }
      if (!seen.add(folded) || !NAMES.contains(name)) {
        refuse(RequestFault.AMBIGUOUS_MEMBER);
        id = folded.equals("id") ? ABSENT : id;
        return;
      }
      switch (name) {
        case "id" -> id(value);
        case "method" -> method(value);
        case "params" -> params(value);
        default -> {
          if (value.token != JsonToken.VALUE_STRING || !value.text.equals("2.0")) {
            refuse(RequestFault.BAD_VERSION);
          }
        }
      }
    }

    private void id(Value value) {
      if (value.token == JsonToken.VALUE_STRING
          || value.token == JsonToken.VALUE_NULL
          || value.token.isNumeric()) {
        id = value.span();
      } else {
        refuse(RequestFault.BAD_ID);
      }
    }

    private void method(Value value) {
      if (value.token == JsonToken.VALUE_STRING) {
        method = new int[] {value.start + 1, value.end - 1};
        named = !value.text.isEmpty();
      } else {
        refuse(RequestFault.BAD_METHOD);
      }
    }

    private void params(Value value) {
      if (value.token.isStructStart()) {
        params = value.span();
      } else if (value.token != JsonToken.VALUE_NULL) {
        refuse(RequestFault.BAD_PARAMS);
      }
    }

    private void refuse(@Nullable RequestFault why) {
      if (fault == RequestFault.NONE && why != null) {
        fault = why;
      }
    }

    String describe(int[] span) {
      if (!named) {
        refuse(RequestFault.NO_METHOD);
      }
      return JacksonView.describe(fault, span, id, method, params);
    }
  }
}
