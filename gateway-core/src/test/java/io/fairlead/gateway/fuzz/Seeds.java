package io.fairlead.gateway.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that a target begins with: the files of its folder, where Jazzer looks as well. */
final class Seeds {
  private Seeds() {}

  /** The inputs of a method of {@link JazzerFuzz}, by the names of their files. */
  static List<byte[]> of(String target) {
    URL folder = Seeds.class.getResource("JazzerFuzzInputs/" + target);
    if (folder == null) {
      throw new IllegalArgumentException("target: " + target + " (expected: one with inputs)");
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().map(Seeds::bytes).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a resource has an address", e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
