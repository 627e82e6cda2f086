package io.fairlead.gateway.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a gateway is told besides its configuration.
 *
 * @param configFile where the configuration came from and is read again on a reload; empty for one
 *     made in memory, which cannot be reloaded from a file
 * @param environment what the file's {@code ${NAME}} stand for
 */
public record GatewayOptions(Optional<Path> configFile, Map<String, String> environment) {
  /** Copies the map. */
  public GatewayOptions {
    environment = Map.copyOf(environment);
  }

  /** For a configuration made in memory. */
  public static GatewayOptions inMemory() {
    return new GatewayOptions(Optional.empty(), Map.of());
  }

  /** For a configuration read from a file. */
  public static GatewayOptions of(Path configFile, Map<String, String> environment) {
    return new GatewayOptions(Optional.of(configFile), environment);
  }
}
