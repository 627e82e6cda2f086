package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.fairlead.gateway.config.ConfigResult.Loaded;
import io.fairlead.gateway.config.ConfigResult.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InterpolationTest {
  private static final Map<String, String> ENV =
      Map.of("KEY", "k1", "EMPTY", "", "WEIGHT", "7", "TRICK", "a, weight: 0 } ${KEY}");

  @TempDir Path dir;

  @Test
  void variablesAndDefaultsAreReplaced() {
    assertEquals("/k1/v", target("http://a.example/${KEY}/v"));
    assertEquals("/k1k1", target("http://a.example/${KEY}${KEY:-no}"));
    assertEquals("/dflt", target("http://a.example/${NONE:-dflt}"));
    assertEquals("/dflt", target("http://a.example/${EMPTY:-dflt}"));
    assertEquals("/", target("http://a.example/${EMPTY}"));
    assertEquals("/", target("http://a.example/${NONE:-}"));
    assertEquals("/a:-b", target("http://a.example/${NONE:-a:-b}"));
  }

  @Test
  void typedFieldsTakeReferencesWithOrWithoutQuotes() {
    String plain = "url: http://a\n        weight: ${WEIGHT}\n        vendor: ${WEIGHT}";
    assertEquals(7, upstream(plain).capacity().weight());
    assertEquals("7", upstream(plain).place().vendor().orElse(""));
    assertEquals(7, upstream("{ url: http://a, weight: \"${WEIGHT}\" }").capacity().weight());
  }

  @Test
  void referencesWithoutQuotesInBracesGetAHint() {
    assertEquals(
        List.of(
            "f.yaml:4:35: file: not YAML (expected ',' or '}', but got {; put ${...} in quotes"
                + " here)"),
        problems(file("{ url: http://a, weight: ${WEIGHT} }")));
  }

  @Test
  void whatComesInIsNeverReadAgain() {
    assertEquals(
        "a, weight: 0 } ${KEY}",
        header("\"${TRICK}\""),
        "neither keys nor further references come out of a value");
  }

  @Test
  void dollarDollarBraceStandsForItself() {
    assertEquals("${KEY} k1 $x $$", header("\"$${KEY} ${KEY} $x $$\""));
  }

  @Test
  void filesAreRelativeAndLoseLineEndsAtTheirEnd() throws IOException {
    Files.createDirectories(dir.resolve("secrets"));
    Files.writeString(dir.resolve("secrets/token"), "from-file\r\n\n");
    assertEquals("Bearer from-file", header("\"Bearer ${file:secrets/token}\""));
    assertEquals("from-file", header("\"${file:" + dir.resolve("secrets/token") + "}\""));
  }

  @Test
  void unsetVariablesAreRefusedExactlyWhereTheyStand() {
    assertEquals(
        List.of(
            "f.yaml:5:23: chains.eth.upstreams[0].url: ${NO_KEY} is not set (expected: a variable,"
                + " or ${NO_KEY:-default})",
            "f.yaml:5:40: chains.eth.upstreams[0].url: ${NO_KEY} is not set (expected: a variable,"
                + " or ${NO_KEY:-default})",
            "f.yaml:6:25: chains.eth.upstreams[0].vendor: ${NO} is not set (expected: a variable,"
                + " or ${NO:-default})"),
        problems(
            """
            chains:
              eth:
                upstreams:
                  -
                    url: http://a/${NO_KEY}/${KEY}/${NO_KEY}
                    vendor: "\\t$${x}${NO}"
            """));
  }

  @Test
  void positionsFollowTextOverSeveralLines() {
    assertEquals(
        List.of(
            "f.yaml:7:3: chains.eth.upstreams[0].headers.A: ${NO} is not set (expected: a variable,"
                + " or ${NO:-default})"),
        problems(
            """
            chains:
              eth:
                upstreams:
                  - url: http://a
                    headers:
                      A: "one
              ${NO}"
            """));
  }

  @Test
  void brokenReferencesAndFilesAreRefused() throws IOException {
    Files.write(dir.resolve("binary"), new byte[] {(byte) 0xff});
    Files.write(dir.resolve("large"), new byte[(1 << 20) + 1]);
    for (String broken :
        List.of("${", "${}", "${1A}", "${A-b}", "${A:-${KEY}}", "${file:}", "${ A}")) {
      assertEquals(
          "f.yaml:4:26: chains.eth.upstreams[0].url: a broken reference (expected: ${NAME},"
              + " ${NAME:-default} or ${file:PATH}; $${ for ${)",
          problems(file("{ url: \"http://a/" + broken + "\" }")).get(0),
          broken);
    }
    assertEquals("the file none does not exist (expected: a file)", fileProblem("none"));
    assertEquals("the file binary is not text (expected: UTF-8)", fileProblem("binary"));
    assertEquals("the file large is too large (expected: up to 1MiB)", fileProblem("large"));
    assertEquals("the file . cannot be read (expected: a readable file)", fileProblem("."));
  }

  @Test
  void valuesFromReferencesAreNotShown() {
    assertEquals(
        List.of("f.yaml:4:34: chains.eth.upstreams[0].weight: *** (expected: 0 to 10000)"),
        problems(file("{ url: http://a, weight: \"${KEY}\" }")));
  }

  private String fileProblem(String path) {
    String problem = problems(file("{ url: \"http://a/${file:" + path + "}\" }")).get(0);
    return problem.substring(problem.indexOf("the file"));
  }

  private String target(String url) {
    return upstream("{ url: \"" + url + "\" }").endpoint().url().target().reveal();
  }

  private String header(String value) {
    return upstream("{ url: http://a, headers: { H: " + value + " } }")
        .endpoint()
        .headers()
        .values()
        .iterator()
        .next()
        .reveal();
  }

  private UpstreamConfig upstream(String item) {
    ConfigResult result = ConfigLoader.parse(dir.resolve("f.yaml"), file(item), ENV);
    return assertInstanceOf(Loaded.class, result, result::toString)
        .config()
        .chains()
        .values()
        .iterator()
        .next()
        .upstreams()
        .get(0);
  }

  private static String file(String item) {
    return "chains:\n  eth:\n    upstreams:\n      - " + item + "\n";
  }

  private List<String> problems(String text) {
    ConfigResult result = ConfigLoader.parse(dir.resolve("f.yaml"), text, ENV);
    return assertInstanceOf(Refused.class, result, result::toString).problems().stream()
        .map(p -> p.toString().substring(dir.toString().length() + 1))
        .toList();
  }
}
