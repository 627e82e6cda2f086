package io.fairlead.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of {@code run} past the command-line library leads where the library's leads. */
final class PlainRunTest {
  @TempDir Path folder;

  @Test
  void plainFormIsReadInAnyOrder() {
    PlainRun expected = new PlainRun(Path.of("a b"), true, LogFormat.JSON, LogLevel.DEBUG);
    for (List<String> args :
        List.of(
            List.of(
                "run", "-c", "a b", "--sidecar", "--log-format", "json", "--log-level", "debug"),
            List.of(
                "run",
                "--log-level",
                "DEBUG",
                "--log-format",
                "Json",
                "--sidecar",
                "--config",
                "a b"))) {
      assertEquals(Optional.of(expected), PlainRun.parse(args.toArray(String[]::new)));
    }
    assertEquals(
        Optional.of(new PlainRun(Path.of("f"), false, LogFormat.TEXT, LogLevel.INFO)),
        PlainRun.parse("run", "-c", "f"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run",
        "run --sidecar",
        "run -c",
        "run -c -x",
        "run -c a -c b",
        "run -c a --config b",
        "run -c a --sidecar --sidecar",
        "run -c a extra",
        "run -c a --help",
        "run -c @a",
        "run -ca",
        "run --config=a",
        "run -c a --log-level loud",
        "run -c a --log-format xml",
        "run -c a --log-level info --log-level info",
        "check -c a",
        "--log-level info run -c a"
      })
  void everythingElseIsLeftToTheLibrary(String line) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    assertEquals(Optional.empty(), PlainRun.parse(args), line);
  }

  @Test
  void failureIsSaidAsTheLibrarySaysIt() {
    String[] args = {"run", "-c", folder.resolve("none.yaml").toString(), "--sidecar"};
    StringWriter plain = new StringWriter();
    StringWriter whole = new StringWriter();
    int status = PlainRun.parse(args).orElseThrow().execute(new PrintWriter(plain, true));
    PrintWriter out = new PrintWriter(new StringWriter());
    assertEquals(1, status);
    assertEquals(status, FairleadCommand.run(out, new PrintWriter(whole, true), args));
    assertEquals(whole.toString(), plain.toString());
  }
}
