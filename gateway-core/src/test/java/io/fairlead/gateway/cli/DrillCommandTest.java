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

final class DrillCommandTest {
  private static final String SMALL =
      """
      name: small
      topology:
        regions:
          - { cloud: aws, region: east, rtt: 2ms, upstreams: 2 }
          - { cloud: gcp, region: west, rtt: 10ms, upstreams: 2 }
      load: { rate: 100, classes: [ { class: light, share: 100%, mean: 1ms } ] }
      duration: 4s
      measureFrom: 1s
      timeline: [ { target: cloud:aws, fault: refuse, at: 2s, until: 3s } ]
      compare: [round-robin]
      bars: [ { figure: lost, most: 100 } ]
      """;

  @TempDir Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void goodFileIsPlayedAndReported() throws IOException {
    Path page = dir.resolve("page.html");
    String file = file("small.yaml", SMALL);
    assertEquals(0, run("drill", file, "--compare", "--seeds", "2", "--report", page.toString()));
    assertTrue(out.toString().contains("round-robin"), out.toString());
    assertTrue(out.toString().contains("lost <= 100"), out.toString());
    assertTrue(Files.readString(page).contains("<svg"));
  }

  @Test
  void badFileIsRefusedWithItsPlacesAndStatusOne() throws IOException {
    String file = file("bad.yaml", SMALL.replace("duration", "duraton"));
    assertEquals(1, run("drill", file));
    assertTrue(out.toString().startsWith(file + ":1:1: duration: missing"), out.toString());
    assertTrue(out.toString().contains(file + ":7:1: duraton: unknown key"), out.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertEquals(1, run("drill", dir.resolve("none.yaml").toString()));
  }

  @Test
  void wrongUsageIsStatusTwoAndOneLine() throws IOException {
    String file = file("small.yaml", SMALL);
    for (String[] args :
        new String[][] {
          {"drill"},
          {"drill", file, "--seeds", "0"},
          {"drill", file, "--policy", "nobody"},
          {"drill", "--what-if", "cloud:aws"},
          {"drill", "--what-if", "cloud:aws", "-c", "x.yaml", "--rate", "0"},
          {"drill", file, file, "--report", "x.html"}
        }) {
      err.getBuffer().setLength(0);
      assertEquals(2, run(args), String.join(" ", args));
      assertEquals(1, err.toString().lines().count(), err.toString());
    }
  }

  @Test
  void whatIfAnswersForAConfiguration() throws IOException {
    String config =
        file(
            "fairlead.yaml",
            "chains: { a: { upstreams: [ { url: \"http://a\", cloud: aws }, { url: \"http://b\" } ]"
                + " } }");
    assertEquals(0, run("drill", "--what-if", "cloud:aws", "-c", config, "--rate", "20"));
    assertTrue(out.toString().contains("1 of 2 upstreams: a"), out.toString());
    assertTrue(out.toString().contains("Taken for granted: 20 calls/s"), out.toString());
    assertEquals(1, run("drill", "--what-if", "cloud:gcp", "-c", config));
    assertTrue(err.toString().contains("cloud:gcp is no upstream"), err.toString());
  }

  @Test
  void resultsArePlayedFromTheFolderBesideTheDocument() throws IOException {
    Files.createDirectory(dir.resolve("scenarios"));
    file("scenarios/small.yaml", SMALL);
    Path document = dir.resolve("results.md");
    assertEquals(0, run("drill", "--results", document.toString(), "--seeds", "1"));
    String text = Files.readString(document);
    assertTrue(text.contains("## small"), text);
    assertTrue(text.contains("| round-robin |"), text);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text).toString();
  }

  private int run(String... args) {
    return FairleadCommand.run(new PrintWriter(out), new PrintWriter(err), args);
  }
}
