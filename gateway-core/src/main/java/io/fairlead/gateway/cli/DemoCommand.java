package io.fairlead.gateway.cli;

import io.fairlead.gateway.config.yaml.Scalars;
import io.fairlead.gateway.demo.DemoOptions;
import io.fairlead.gateway.demo.DemoProgram;
import io.fairlead.gateway.demo.view.Style;
import io.fairlead.gateway.demo.view.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows the gateway at work in a world of its own while a whole cloud fails and heals. */
@Command(
    name = "demo",
    description = {
      "Starts nine simulated nodes in four clouds, the gateway before them and a steady load; a"
          + " whole cloud becomes a black hole and heals. Shows where traffic goes.",
      "Exit status 1 if a call was lost."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--duration",
      paramLabel = "45s",
      defaultValue = "45s",
      converter = DurationConverter.class,
      description = "How long; the fault comes and goes in proportion (default: 45s).")
  private Duration duration = Duration.ofSeconds(45);

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "400",
      description = "Calls per second (default: 400).")
  private double rate = 400;

  @Option(
      names = "--rpc-port",
      paramLabel = "PORT",
      description = "Where the gateway listens (default: 8545, or another when that is taken).")
  private @Nullable Integer rpcPort;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Writes the timeline as CSV, four rows a second.")
  private @Nullable Path record;

  @Spec private CommandSpec spec = CommandSpec.create();

  DemoCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Optional<Style> screen = Terminal.detect(System.getenv());
    LogSetup.atLeast(screen.isPresent() ? LogLevel.ERROR : LogLevel.WARN);
    DemoProgram program =
        new DemoProgram(
            spec.commandLine().getOut(), spec.commandLine().getErr(), screen, wallClock());
    try {
      return program.run(options());
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private DemoOptions options() {
    try {
      return new DemoOptions(
          duration, rate, Optional.ofNullable(rpcPort), Optional.ofNullable(record));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
  }

  @SuppressForbidden("gives simulated blocks their time")
  private static InstantSource wallClock() {
    return InstantSource.system();
  }

  /** Reads durations as the configuration writes them. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Scalars.durationOf(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is no duration (expected: like 45s or 2m)"));
    }
  }
}
