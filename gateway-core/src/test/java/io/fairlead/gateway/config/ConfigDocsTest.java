package io.fairlead.gateway.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fairlead.gateway.config.ConfigResult.Loaded;
import io.fairlead.gateway.config.ConfigResult.Refused;
import io.fairlead.gateway.config.yaml.ValueType.KeyDoc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Holds the documentation to the declarations. With {@code -Dupdate} it writes {@code
 * docs/fairlead.schema.json} and the table of keys in {@code docs/configuration.md} anew.
 */
final class ConfigDocsTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path SCHEMA = DOCS.resolve("fairlead.schema.json");
  private static final Path PAGE = DOCS.resolve("configuration.md");
  private static final Pattern TABLE =
      Pattern.compile(
          "(?<=<!-- keys: written by ConfigDocsTest -->\n).*?(?=<!-- /keys -->)", Pattern.DOTALL);
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void exampleLoadsAndFitsTheSchema() throws IOException {
    for (String name : List.of("example", "smallest")) {
      String text = sample(name);
      ConfigResult result = ConfigLoader.parse(PAGE, text, Map.of());
      assertInstanceOf(Loaded.class, result, result::toString);
      assertEquals("[]", schemaErrors(text), name);
    }
  }

  @Test
  void exampleNamesEveryKey() throws IOException {
    String example = sample("example");
    List<String> missing =
        FileKeys.FILE
            .keyDocs("")
            .map(KeyDoc::path)
            .map(path -> path.substring(path.lastIndexOf('.') + 1))
            .filter(key -> !Pattern.compile("\\b" + key + ":").matcher(example).find())
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void committedSchemaIsTheOneTheDeclarationsGive() throws IOException {
    String schema = schemaText();
    if (isUpdate()) {
      Files.writeString(SCHEMA, schema);
    }
    assertEquals(schema, Files.readString(SCHEMA), "write it anew with -Dupdate");
  }

  @Test
  void tableOfKeysIsTheOneTheDeclarationsGive() throws IOException {
    String page = Files.readString(PAGE);
    String expected = TABLE.matcher(page).replaceFirst(Matcher.quoteReplacement(table()));
    if (isUpdate()) {
      Files.writeString(PAGE, expected);
    }
    assertEquals(expected, Files.readString(PAGE), "write it anew with -Dupdate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "chains: {}",
        "chains: { a: { upstreams: [] } }",
        "chains: { a/b: { upstreams: [ { url: http://a } ] } }",
        "chains: { a: { upstreams: [ { id: x } ] } }",
        "chains: { a: { upstreams: [ { url: ftp://a } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, weight: 10001 } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, weight: \"7\" } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, cloud: \"a:b\" } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, labels: { asn: 16509 } } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, labels: { cloud: x } } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, kind: metal } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, headers: { Host: x } } ] } }",
        "chains: { a: { upstreams: [ { url: http://a, methods: { deny: [\"*_x\"] } } ] } }",
        "chains: { a: { family: solana, upstreams: [ { url: http://a } ] } }",
        "chains: { a: { chainId: 0, upstreams: [ { url: http://a } ] } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, lisen: {} }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, listen: { rpc: 8545 } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, listen: { loops: 0 } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, listen: { explainFrom: [\"a b\"] }"
            + " }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, routing: { bias: -1 } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, routing: { timeout: 10 } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, routing: { hedge: on } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, routing: { hedge: { after: 95 } }"
            + " }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, routing: { maxShare: { cloud: 0.4 }"
            + " } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, cache: { maxSize: 64MB } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, cache: }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, transactions: { outbox: true } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, limits: { body: 2GiB5 } }",
        "{ chains: { a: { upstreams: [ { url: http://a } ] } }, admin: { tokens: [ { name: a } ] }"
            + " }",
      })
  void invalidFilesAreRefusedByReaderAndSchemaAlike(String text) throws IOException {
    assertInstanceOf(Refused.class, ConfigLoader.parse(PAGE, text, Map.of()));
    assertNotEquals("[]", schemaErrors(text));
  }

  private static boolean isUpdate() {
    return System.getProperty("update") != null;
  }

  private static String sample(String name) throws IOException {
    Matcher m =
        Pattern.compile("```yaml " + name + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertEquals(true, m.find(), name);
    return m.group(1);
  }

  private static String schemaErrors(String yaml) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schemaText());
    Object tree =
        new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
    return schema.validate(JSON.valueToTree(tree)).toString();
  }

  private static String schemaText() throws JsonProcessingException {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Fairlead configuration");
    schema.putAll(FileKeys.FILE.schema());
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    String text = JSON.writer(printer).writeValueAsString(schema) + "\n";
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  private static String table() {
    Stream<String> head = Stream.of("| key | value | default | meaning |", "|---|---|---|---|");
    Stream<String> rows = FileKeys.FILE.keyDocs("").map(ConfigDocsTest::row);
    return Stream.concat(head, rows).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String row(KeyDoc key) {
    String absence =
        switch (key.absence()) {
          case "{}", "[]", "none" -> "";
          case "required" -> "required";
          default -> "`" + key.absence() + "`";
        };
    return Stream.of("`" + key.path() + "`", key.expected(), absence, key.doc())
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
