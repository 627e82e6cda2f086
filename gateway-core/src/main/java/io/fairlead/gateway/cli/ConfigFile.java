package io.fairlead.gateway.cli;

import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code -c FILE} of the commands that read a configuration. */
public final class ConfigFile {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "The configuration file.")
  private Path path = Path.of("");

  /** As a command's mixin. */
  public ConfigFile() {}

  /**
   * The file.
   *
   * @return as the user wrote it
   */
  public Path path() {
    return path;
  }

  /**
   * Loads the file with this process's environment.
   *
   * @return the configuration, or what is wrong
   */
  public ConfigResult load() {
    return ConfigLoader.load(path, System.getenv());
  }
}
