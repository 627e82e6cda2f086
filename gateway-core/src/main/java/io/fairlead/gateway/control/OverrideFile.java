package io.fairlead.gateway.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.gateway.control.OperatorOverride.Term;
import io.fairlead.routing.control.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code overrides.json} in the state folder: whole at every instant, whatever crashes.
 *
 * <p>A write goes to a file beside it, is forced to the disk, renamed over the old one, and the
 * folder is forced too; a reader sees the old document or the new one. A file that cannot be
 * understood is moved aside to {@code overrides.json.corrupt-N}, never overwritten.
 *
 * <p>Thread-safety: one caller at a time.
 */
final class OverrideFile {
  static final String NAME = "overrides.json";

  private static final int FORMAT_VERSION = 1;
  private static final Logger log = LoggerFactory.getLogger(OverrideFile.class);
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Path dir;
  private final Path file;

  OverrideFile(Path dir) {
    this.dir = dir;
    this.file = dir.resolve(NAME);
  }

  /**
   * What the file said.
   *
   * @param nextNumber the number of the next override's id
   * @param overrides in the order in which they were made
   * @param problem why the file was moved aside and nothing could be taken over
   */
  record Content(long nextNumber, List<OperatorOverride> overrides, Optional<String> problem) {}

  /** Reads the file; an absent one says nothing. */
  Content read() throws IOException {
    try {
      return toContent(JSON.readTree(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return new Content(1, List.of(), Optional.empty());
    } catch (JsonProcessingException e) {
      return moveAside("not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | DateTimeException e) {
      return moveAside(String.valueOf(e.getMessage()), e);
    }
  }

  /** Puts a new document in the place of the old one. */
  void write(long nextNumber, List<OperatorOverride> overrides) throws IOException {
    Files.createDirectories(dir);
    ObjectNode document = JSON.createObjectNode().put("version", FORMAT_VERSION);
    document.put("nextNumber", nextNumber);
    document.set(
        "overrides",
        JSON.createArrayNode().addAll(overrides.stream().map(OverrideFile::toJson).toList()));
    Path temporary = dir.resolve(NAME + ".tmp");
    writeForced(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder();
  }

  private static void writeForced(Path path, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** Makes the rename itself durable, where the file system lets a folder be forced. */
  private void forceFolder() {
    try (FileChannel folder = FileChannel.open(dir, StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      log.debug("{} cannot be forced to the disk", dir, e);
    }
  }

  private Content moveAside(String why, Exception cause) throws IOException {
    Path aside = freeName();
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
    String problem =
        file + ": " + why + "; kept as " + aside.getFileName() + ", no override taken over";
    log.error("{}", problem);
    log.debug("why {} could not be understood", aside, cause);
    return new Content(1, List.of(), Optional.of(problem));
  }

  private Path freeName() {
    int number = 1;
    while (Files.exists(dir.resolve(NAME + ".corrupt-" + number))) {
      number++;
    }
    return dir.resolve(NAME + ".corrupt-" + number);
  }

  private static Content toContent(JsonNode document) {
    JsonNode version = required(document, "version");
    if (version.asInt(-1) != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "version: " + version + " (expected: " + FORMAT_VERSION + ")");
    }
    JsonNode entries = required(document, "overrides");
    List<OperatorOverride> overrides = new ArrayList<>();
    for (JsonNode entry : entries) {
      overrides.add(toOverride(entry));
    }
    return new Content(required(document, "nextNumber").asLong(), overrides, Optional.empty());
  }

  private static ObjectNode toJson(OperatorOverride override) {
    ObjectNode json = JSON.createObjectNode().put("id", override.id());
    json.put("target", override.target().toString()).put("chain", override.target().chain());
    if (override.action() instanceof Action.Weight weight) {
      json.put("kind", "weight").put("weight", weight.value());
    } else {
      json.put("kind", "drain");
    }
    json.put("author", override.by().author()).put("reason", override.by().reason());
    json.put("createdAt", override.term().createdAt().toString());
    override.term().expiresAt().ifPresent(at -> json.put("expiresAt", at.toString()));
    return json;
  }

  private static OperatorOverride toOverride(JsonNode json) {
    return new OperatorOverride(
        text(json, "id"),
        Target.parse(text(json, "target")).withChain(text(json, "chain")),
        toAction(json),
        new Signature(text(json, "author"), text(json, "reason")),
        new Term(
            Instant.parse(text(json, "createdAt")),
            optionalText(json, "expiresAt").map(Instant::parse)));
  }

  private static Action toAction(JsonNode json) {
    String kind = text(json, "kind");
    return switch (kind) {
      case "drain" -> new Action.Drain();
      case "weight" -> new Action.Weight(required(json, "weight").asInt(-1));
      default ->
          throw new IllegalArgumentException("kind: '" + kind + "' (expected: weight or drain)");
    };
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = required(json, field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + ": " + value + " (expected: text)");
    }
    return value.textValue();
  }

  private static Optional<String> optionalText(JsonNode json, String field) {
    return json.has(field) ? Optional.of(text(json, field)) : Optional.empty();
  }

  private static JsonNode required(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null) {
      throw new IllegalArgumentException(field + ": absent (expected: a value)");
    }
    return value;
  }
}
