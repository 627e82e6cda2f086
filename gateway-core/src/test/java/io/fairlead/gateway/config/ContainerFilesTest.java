package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.config.ConfigResult.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What stands under {@code docker/} fits the program. */
final class ContainerFilesTest {
  private static final Path DOCKER = Path.of("..", "docker");
  private static final Pattern METRIC = Pattern.compile("fairlead_[a-z_]+");

  @Test
  void configurationOfTheComposedWorldLoads() {
    Path file = DOCKER.resolve("compose/fairlead.yaml");
    ConfigResult result = ConfigLoader.load(file, Map.of());
    assertInstanceOf(Loaded.class, result, result::toString);
  }

  @Test
  void defaultConfigurationOfTheChartLoads() throws IOException {
    Path file = DOCKER.resolve("helm/fairlead/values.yaml");
    Map<?, ?> values =
        (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    ConfigResult result = ConfigLoader.parse(file, String.valueOf(values.get("config")), Map.of());
    assertInstanceOf(Loaded.class, result, result::toString);
  }

  @Test
  void dashboardAsksForMetricsThatExistOnly() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(DOCKER.resolve("grafana/fairlead.json").toFile());
    String documented = Files.readString(Path.of("..", "docs", "metrics.md"));
    List<String> asked =
        dashboard.findValuesAsText("expr").stream()
            .flatMap(query -> METRIC.matcher(query).results().map(MatchResult::group))
            .map(name -> name.replaceAll("_bucket$", ""))
            .distinct()
            .toList();
    assertFalse(asked.isEmpty());
    assertEquals(
        List.of(), asked.stream().filter(name -> !documented.contains("`" + name + "`")).toList());
  }
}
