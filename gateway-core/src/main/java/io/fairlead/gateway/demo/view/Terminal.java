package io.fairlead.gateway.demo.view;

import java.io.Console;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out whether somebody watches on a terminal, and what it can show. */
public final class Terminal {
  private static final int USUAL_WIDTH = 80;
  private static final long STTY_MILLIS = 1_000;

  private Terminal() {}

  /**
   * The terminal that the program was started on.
   *
   * @param environment the process's environment
   * @return its style; empty when the output goes elsewhere or the terminal is dumb
   */
  @SuppressWarnings("SystemConsoleNull") // On JDK 17 it is null; for newer ones see isTerminal.
  public static Optional<Style> detect(Map<String, String> environment) {
    Console console = System.console();
    if (console == null || !isTerminal(console)) {
      return Optional.empty();
    }
    String encoding = System.getProperty("native.encoding", "UTF-8");
    boolean isUnicode = Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    int columns = columns(environment.get("COLUMNS")).orElseGet(Terminal::askForColumns);
    return style(environment, columns, isUnicode);
  }

  /** The style of a terminal by what its environment says. */
  static Optional<Style> style(Map<String, String> environment, int columns, boolean isUnicode) {
    String term = environment.getOrDefault("TERM", "dumb");
    if (term.isEmpty() || term.equals("dumb")) {
      return Optional.empty();
    }
    boolean hasColor = environment.getOrDefault("NO_COLOR", "").isEmpty();
    return Optional.of(new Style(columns, hasColor, isUnicode));
  }

  static OptionalInt columns(@Nullable String text) {
    if (text == null || !text.matches("[1-9][0-9]{0,3}")) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  /** Newer JDKs have a console even where there is no terminal, and a method that says so. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException older) {
      return true;
    }
  }

  private static int askForColumns() {
    try {
      Process stty =
          new ProcessBuilder("sh", "-c", "stty size < /dev/tty")
              .redirectError(Redirect.DISCARD)
              .start();
      if (!stty.waitFor(STTY_MILLIS, TimeUnit.MILLISECONDS)) {
        stty.destroy();
        return USUAL_WIDTH;
      }
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return columns(size.strip().replaceFirst(".* ", "")).orElse(USUAL_WIDTH);
    } catch (IOException noShell) {
      return USUAL_WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_WIDTH;
    }
  }
}
