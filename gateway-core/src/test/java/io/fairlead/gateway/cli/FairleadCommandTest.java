package io.fairlead.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FairleadCommandTest {
  @TempDir Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void checkSaysWhatAGoodFileHolds() throws IOException {
    Path file =
        file("chains: { a: { upstreams: [ { url: \"http://a\" }, { url: \"http://b\" } ] } }");
    assertEquals(0, run("check", "-c", file.toString()));
    assertEquals(file + ": ok, 1 chain, 2 upstreams\n", out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void checkPrintsEveryProblemAndOneLineOfReason() throws IOException {
    Path file = file("chain: {}\nlisten: 1\n");
    assertEquals(1, run("check", "--config", file.toString()));
    assertEquals(
        file
            + ":1:1: chain: unknown key (expected: one of listen, admin, chains, routing, probes,"
            + " cache, transactions, limits, state; did you mean chains?)\n"
            + file
            + ":1:1: chains: missing (expected: a section with at least one name)\n"
            + file
            + ":2:9: listen: a single value (expected: a section with keys)\n",
        out.toString());
    assertEquals(
        "fairlead: "
            + file
            + " is refused: 3 problems; docs/configuration.md describes every key\n",
        err.toString());
  }

  @Test
  void missingFileIsAFailureAndNotWrongUsage() {
    assertEquals(1, run("check", "-c", dir.resolve("none").toString()));
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void wrongUsageIsStatusTwoAndOneLine() {
    for (String[] args :
        new String[][] {
          {},
          {"check"},
          {"check", "-x"},
          {"chekc"},
          {"check", "-c"},
          {"--log-format", "xml", "check"}
        }) {
      err.getBuffer().setLength(0);
      assertEquals(2, run(args), String.join(" ", args));
      assertEquals(1, err.toString().lines().count(), err.toString());
      assertTrue(err.toString().startsWith("fairlead: "), err.toString());
      assertTrue(err.toString().contains("--help"), err.toString());
    }
    assertEquals("", out.toString());
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("check"), out.toString());
    assertTrue(out.toString().contains("--log-format"), out.toString());
    out.getBuffer().setLength(0);
    assertEquals(0, run("check", "--help"));
    assertTrue(out.toString().contains("--config"), out.toString());
    out.getBuffer().setLength(0);
    assertEquals(0, run("--version"));
    assertTrue(out.toString().startsWith("fairlead "), out.toString());
    assertEquals("", err.toString());
  }

  @Test
  void globalOptionsStandBeforeOrBehindTheCommand() throws IOException {
    String file = file("chains: { a: { upstreams: [ { url: \"http://a\" } ] } }").toString();
    assertEquals(0, run("--log-level", "debug", "check", "-c", file, "--log-format=JSON"));
    assertEquals(0, run("check", "-c", file));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("fairlead.yaml"), text);
  }

  private int run(String... args) {
    return FairleadCommand.run(new PrintWriter(out), new PrintWriter(err), args);
  }
}
