package io.fairlead.gateway.config;

import io.fairlead.gateway.config.yaml.Findings;
import io.fairlead.gateway.config.yaml.Interpolator;
import io.fairlead.gateway.config.yaml.Position;
import io.fairlead.gateway.config.yaml.TextFile;
import io.fairlead.gateway.config.yaml.YamlReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads a configuration from a file, and finds all that is wrong with it in one go.
 *
 * <p>Thread-safety: safe; it keeps nothing. Failure: none is thrown; a file that cannot be read is
 * a problem like any other.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Loads a file.
   *
   * @param file the file; paths in it are relative to its folder
   * @param environment variables for <code>${NAME}</code>
   * @return the configuration, or what is wrong
   */
  public static ConfigResult load(Path file, Map<String, String> environment) {
    TextFile read = TextFile.read(file, "a configuration file");
    return read instanceof TextFile.Text text
        ? parse(file, text.value(), environment)
        : refused(file, (TextFile.Unreadable) read);
  }

  /**
   * Reads a text as if it stood in a file.
   *
   * @param file the name for messages; paths in the text are relative to its folder
   * @param text the text
   * @param environment variables for <code>${NAME}</code>
   * @return the configuration, or what is wrong
   */
  public static ConfigResult parse(Path file, String text, Map<String, String> environment) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    Interpolator interpolator = new Interpolator(environment, folder);
    Findings findings = new Findings();
    FairleadConfig config = YamlReader.read(text, FileKeys.FILE, interpolator, findings);
    String digest = digest(text, interpolator.lookups());
    if (config == null || !findings.isEmpty()) {
      List<Problem> problems =
          findings.sorted().stream().map(f -> problem(file, f.position(), f.message())).toList();
      return new ConfigResult.Refused(problems, digest);
    }
    List<Problem> warnings =
        findings.warnings().stream()
            .map(f -> problem(file, f.position(), "warning: " + f.message()))
            .toList();
    return new ConfigResult.Loaded(config.in(folder), warnings, digest);
  }

  private static ConfigResult refused(Path file, TextFile.Unreadable why) {
    Problem problem = problem(file, why.position(), why.message());
    return new ConfigResult.Refused(List.of(problem), digest(why.message(), Map.of()));
  }

  private static Problem problem(Path file, Position position, String message) {
    return new Problem(file.toString(), position.line(), position.column(), message);
  }

  private static String digest(String text, Map<String, String> lookups) {
    MessageDigest sha = sha256();
    update(sha, text);
    lookups.forEach(
        (name, value) -> {
          update(sha, name);
          update(sha, value);
        });
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void update(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    sha.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
