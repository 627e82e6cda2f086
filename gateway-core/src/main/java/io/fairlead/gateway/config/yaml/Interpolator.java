package io.fairlead.gateway.config.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces references in scalars: <code>${NAME}</code>, <code>${NAME:-default}</code> and <code>
 * ${file:PATH}</code>; <code>$${</code> stands for <code>${</code> itself.
 *
 * <p>What comes in is text and is never read as YAML or for further references. A default holds for
 * a variable that is unset or empty. A file is UTF-8 of at most {@value #MAX_FILE_BYTES} bytes;
 * line ends at its end are dropped. Everything that was looked up is remembered for the digest.
 */
public final class Interpolator {
  static final int MAX_FILE_BYTES = 1 << 20;

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?<body>(?:(?!\\$\\{)[^}])*)(?<end>\\}?)");
  private static final Pattern VARIABLE =
      Pattern.compile("(?<name>[A-Za-z_][A-Za-z0-9_]*)(?<fallback>:-.*)?", Pattern.DOTALL);
  private static final Pattern FILE = Pattern.compile("file:(?<path>.+)", Pattern.DOTALL);
  private static final Pattern LINE_ENDS_AT_END = Pattern.compile("[\\r\\n]+\\z");

  private final Map<String, String> environment;
  private final Path directory;
  private final SortedMap<String, String> lookups = new TreeMap<>();

  /**
   * Looks up in the given places.
   *
   * @param environment variables by name
   * @param directory what paths of files are relative to
   */
  public Interpolator(Map<String, String> environment, Path directory) {
    this.environment = environment;
    this.directory = directory;
  }

  /**
   * A scalar's text after all references were replaced.
   *
   * @param value the text
   * @param foreign whether a part of it came from elsewhere and so may be secret
   */
  record Text(String value, boolean foreign) {}

  /** Why a reference cannot be replaced; has no stack. */
  private static final class Unresolved extends Exception {
    private static final long serialVersionUID = 1L;

    Unresolved(String message) {
      super(message, null, false, false);
    }
  }

  /** Every reference that was looked up, with what it gave; holds secrets. */
  public SortedMap<String, String> lookups() {
    return lookups;
  }

  /** Replaces all references, or gives null after at least one finding. */
  @Nullable Text resolve(YamlNode.Scalar scalar, Reading at) {
    if (scalar.text().indexOf("${") < 0) {
      return new Text(scalar.text(), false);
    }
    Matcher m = REFERENCE.matcher(scalar.text());
    StringBuilder out = new StringBuilder();
    boolean foreign = false;
    boolean whole = true;
    for (int ordinal = 0; m.find(); ordinal++) {
      String body = m.group("body");
      String replacement = "${";
      if (body != null) {
        foreign = true;
        try {
          replacement = lookUp(body, "}".equals(m.group("end")));
        } catch (Unresolved e) {
          whole = false;
          at.report(place(scalar, ordinal), String.valueOf(e.getMessage()));
        }
      }
      m.appendReplacement(out, Matcher.quoteReplacement(replacement));
    }
    m.appendTail(out);
    return whole ? new Text(out.toString(), foreign) : null;
  }

  /** Where the n-th dollar-brace stands in the file; escapes in quotes may hide it. */
  private static Position place(YamlNode.Scalar scalar, int ordinal) {
    int found = -1;
    for (int i = 0; i <= ordinal; i++) {
      found = scalar.raw().indexOf("${", found + 1);
      if (found < 0) {
        return scalar.position();
      }
    }
    SourceText raw = new SourceText(scalar.raw());
    return scalar.position().plus(raw.position(scalar.raw().codePointCount(0, found)));
  }

  private String lookUp(String body, boolean closed) throws Unresolved {
    Matcher variable = VARIABLE.matcher(body);
    if (closed && variable.matches()) {
      return variable(variable.group("name"), variable.group("fallback"));
    }
    Matcher file = FILE.matcher(body);
    if (closed && file.matches()) {
      return file(file.group("path"));
    }
    throw new Unresolved(
        "a broken reference (expected: ${NAME}, ${NAME:-default} or ${file:PATH}; $${ for ${)");
  }

  private String variable(String name, @Nullable String fallback) throws Unresolved {
    String value = environment.get(name);
    lookups.put("env:" + name, value == null ? "-" : "+" + value);
    if (fallback != null && (value == null || value.isEmpty())) {
      return fallback.substring(2);
    }
    if (value == null) {
      throw new Unresolved(
          "${" + name + "} is not set (expected: a variable, or ${" + name + ":-default})");
    }
    return value;
  }

  private String file(String path) throws Unresolved {
    try {
      String content = content(directory.resolve(path), path);
      lookups.put("file:" + path, "+" + content);
      return LINE_ENDS_AT_END.matcher(content).replaceFirst("");
    } catch (Unresolved e) {
      lookups.put("file:" + path, "-");
      throw e;
    } catch (InvalidPathException e) {
      throw new Unresolved("${file:...} is not a path (expected: a file's path)");
    }
  }

  private static String content(Path path, String shown) throws Unresolved {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new Unresolved("the file " + shown + " is too large (expected: up to 1MiB)");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Unresolved("the file " + shown + " is not text (expected: UTF-8)");
    } catch (NoSuchFileException e) {
      throw new Unresolved("the file " + shown + " does not exist (expected: a file)");
    } catch (IOException e) {
      throw new Unresolved("the file " + shown + " cannot be read (expected: a readable file)");
    }
  }
}
