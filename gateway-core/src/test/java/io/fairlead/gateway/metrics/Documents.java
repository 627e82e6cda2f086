package io.fairlead.gateway.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads documents of the repository. */
final class Documents {
  private Documents() {}

  static String read(String name) throws IOException {
    Path module = Path.of("").toAbsolutePath();
    return Files.readString(module.resolveSibling("docs").resolve(name));
  }
}
