package io.fairlead.gateway.drill.file;

import io.fairlead.gateway.config.Problem;
import io.fairlead.gateway.config.yaml.Findings;
import io.fairlead.gateway.config.yaml.Interpolator;
import io.fairlead.gateway.config.yaml.TextFile;
import io.fairlead.gateway.config.yaml.YamlReader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads scenario files, and finds all that is wrong with one in one go.
 *
 * <p>Thread-safety: safe; it changes nothing. Failure: none is thrown; a file that cannot be read
 * is a problem like any other.
 */
public final class DrillLoader {
  private final Collection<String> baselines;
  private final Map<String, String> environment;

  /**
   * A loader.
   *
   * @param baselines the names that a scenario may be compared with
   * @param environment variables for <code>${NAME}</code>
   */
  public DrillLoader(Collection<String> baselines, Map<String, String> environment) {
    this.baselines = List.copyOf(baselines);
    this.environment = Map.copyOf(environment);
  }

  /**
   * Loads a file.
   *
   * @param file the file; paths in it are relative to its folder
   * @return the scenario, or what is wrong
   */
  public DrillResult load(Path file) {
    TextFile read = TextFile.read(file, "a scenario file");
    if (read instanceof TextFile.Text text) {
      return parse(file, text.value());
    }
    TextFile.Unreadable why = (TextFile.Unreadable) read;
    Findings.Finding finding = new Findings.Finding(why.position(), why.message());
    return new DrillResult.Refused(List.of(problem(file, finding)));
  }

  /**
   * Reads a text as if it stood in a file.
   *
   * @param file the name for messages; paths in the text are relative to its folder
   * @param text the text
   * @return the scenario, or what is wrong
   */
  public DrillResult parse(Path file, String text) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    Findings findings = new Findings();
    Interpolator interpolator = new Interpolator(environment, folder);
    DrillKeys.Draft draft = YamlReader.read(text, DrillKeys.FILE, interpolator, findings);
    Optional<DrillFile> loaded =
        Optional.ofNullable(draft)
            .flatMap(
                d ->
                    new Assembly(d, new Assembly.Place(file, folder, text), this)
                        .assemble(findings));
    if (loaded.isEmpty() || !findings.isEmpty()) {
      return new DrillResult.Refused(
          findings.sorted().stream().map(f -> problem(file, f)).toList());
    }
    return new DrillResult.Loaded(loaded.get());
  }

  Collection<String> baselines() {
    return baselines;
  }

  Map<String, String> environment() {
    return environment;
  }

  private static Problem problem(Path file, Findings.Finding f) {
    return new Problem(file.toString(), f.position().line(), f.position().column(), f.message());
  }
}
