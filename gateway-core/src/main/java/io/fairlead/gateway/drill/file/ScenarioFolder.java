package io.fairlead.gateway.drill.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Folders of scenario files. */
public final class ScenarioFolder {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private ScenarioFolder() {}

  /**
   * Replaces folders by the scenario files in them.
   *
   * @param paths files and folders
   * @return files; those of a folder by name, S2 before S10
   */
  public static List<Path> expand(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        files.addAll(in(path));
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static List<Path> in(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted(Comparator.comparing(ScenarioFolder::key))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(Path file) {
    Matcher number = NUMBER.matcher(String.valueOf(file.getFileName()).replace(".yaml", ""));
    return number.replaceAll(n -> "0".repeat(Math.max(0, 6 - n.group().length())) + n.group());
  }
}
