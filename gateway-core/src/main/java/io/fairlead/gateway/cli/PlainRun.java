package io.fairlead.gateway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command line {@code run -c FILE} in its plain form, read without the command-line library.
 *
 * <p>The library reads the annotations of every command and its classes are of a format that no
 * class data archive takes: together a third of the time in which a gateway starts. So the form in
 * which supervisors start it is known here: {@code run} first, then options with their values in
 * words of their own. Anything else, mistakes too, is left to the library, which knows all of it.
 *
 * @param file the configuration
 * @param sidecar whether the process is to be small
 * @param format how log lines are written
 * @param level what is logged
 */
record PlainRun(Path file, boolean sidecar, LogFormat format, LogLevel level) {
  /**
   * Reads a command line.
   *
   * @param args the command line
   * @return empty if it is not in the plain form
   */
  static Optional<PlainRun> parse(String... args) {
    Words words = new Words();
    boolean isPlain = args.length > 0 && args[0].equals("run");
    for (int i = 1; isPlain && i < args.length; i++) {
      if (args[i].equals("--sidecar")) {
        isPlain = !words.sidecar;
        words.sidecar = true;
      } else {
        isPlain = i + 1 < args.length && words.tryTake(args[i], args[++i]);
      }
    }
    return isPlain ? words.toRun() : Optional.empty();
  }

  /**
   * Serves.
   *
   * @param err standard error
   * @return the exit status
   */
  int execute(PrintWriter err) {
    LogSetup.start(format, level);
    try {
      new GatewayRun(file, sidecar, err).serve();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FailureReport.report(e, err);
    } catch (RuntimeException e) {
      return FailureReport.report(e, err);
    }
  }

  /** What was read so far. */
  private static final class Words {
    private @Nullable String file;
    private @Nullable String format;
    private @Nullable String level;
    private boolean sidecar;

    /** Takes an option that is new, with a value that could not be an option. */
    boolean tryTake(String option, String value) {
      if (value.isBlank() || value.startsWith("-") || value.startsWith("@")) {
        return false;
      }
      switch (option) {
        case "-c", "--config" -> {
          boolean isNew = file == null;
          file = value;
          return isNew;
        }
        case "--log-format" -> {
          boolean isNew = format == null;
          format = value.toUpperCase(Locale.ROOT);
          return isNew;
        }
        case "--log-level" -> {
          boolean isNew = level == null;
          level = value.toUpperCase(Locale.ROOT);
          return isNew;
        }
        default -> {
          return false;
        }
      }
    }

    Optional<PlainRun> toRun() {
      try {
        return file == null
            ? Optional.empty()
            : Optional.of(
                new PlainRun(
                    Path.of(file),
                    sidecar,
                    format == null ? LogFormat.TEXT : LogFormat.valueOf(format),
                    level == null ? LogLevel.INFO : LogLevel.valueOf(level)));
      } catch (IllegalArgumentException e) {
        // No such format, level or path: the library says so.
        return Optional.empty();
      }
    }
  }
}
