package io.fairlead.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.drill.file.DrillFile;
import io.fairlead.gateway.drill.file.DrillLoader;
import io.fairlead.gateway.drill.file.DrillResult;
import io.fairlead.gateway.drill.file.ScenarioFolder;
import io.fairlead.gateway.drill.play.Contestants;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which scenario files can be played live. */
final class LivePlaysTest {
  private static final Path SCENARIOS = Path.of("../docs/scenarios");

  private static DrillFile load(Path path) {
    DrillResult result = new DrillLoader(Contestants.baselines(), Map.of()).load(path);
    if (result instanceof DrillResult.Loaded loaded) {
      return loaded.file();
    }
    throw new AssertionError(path + ": " + result);
  }

  @Test
  void everyFileOfTheLiveProofCanBePlayedLive() {
    List<Path> files = ScenarioFolder.expand(List.of(SCENARIOS.resolve("live")));
    assertTrue(files.size() >= 7, files.toString());
    files.forEach(file -> assertDoesNotThrow(() -> LivePlays.check(load(file)), file.toString()));
  }

  @Test
  void fiftyGatewaysAreRefusedWithTheFilesName() {
    DrillFile file = load(SCENARIOS.resolve("S13.yaml"));
    String said =
        String.valueOf(
            assertThrows(CommandFailure.class, () -> LivePlays.check(file)).getMessage());
    assertTrue(said.contains("S13.yaml: ") && said.contains("expected: "), said);
  }
}
