package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.TestPki;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The h2spec suite, in strict mode, against a whole gateway: {@code mvn -Ph2spec}, as the suite is
 * a program of its own that comes with another plugin's archive.
 */
final class Http2Specification {
  private static final int MINUTES = 5;

  /** More streams than are allowed at once: a refusal is there at once, so that they are not. */
  private static final Set<String> KNOWN = Set.of("Hypertext 5.1.2/1");

  private static final Pattern GROUP =
      Pattern.compile("^(\\w+) .*\\bHTTP/2\\b.*|^(\\w+): Header .*");
  private static final Pattern SECTION = Pattern.compile("^\\s+(\\d+(?:\\.\\d+)*)\\. .*");
  private static final Pattern FAILED = Pattern.compile("^\\s+× (\\d+): (.*)");
  private static final Pattern SUM =
      Pattern.compile("(?m)^(\\d+) tests, (\\d+) passed, (\\d+) skipped, (\\d+) failed$");

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void everyCasePassesButTheKnownOne(String scheme, @TempDir Path folder, TestReporter report)
      throws Exception {
    boolean isTls = scheme.equals("https");
    TestPki.write(folder, "rpc", new TestPki("servers").issue("rpc"));
    String tls =
        String.format(
            Locale.ROOT, ", tls: { certificate: %1$s/rpc.crt, key: %1$s/rpc.key }", folder);
    try (StubNode node = new StubNode("node", 1);
        GatewayFixture gateway =
            GatewayFixture.start(
                String.format(
                    Locale.ROOT,
                    "chains: { ethereum: { chainId: 1, upstreams: [ { id: u, url: \"%s\" } ] } }",
                    node.uri()),
                isTls ? tls : "")) {
      String said = run(suite(folder), gateway.rpcAddress().getPort(), isTls, folder);
      Map<String, String> failed = failed(said);
      Matcher sum = SUM.matcher(said);
      assertTrue(sum.find(), said);
      report.publishEntry(scheme + ": " + sum.group() + ": " + failed);
      failed.keySet().removeAll(KNOWN);
      assertEquals(Set.of(), failed.keySet(), said);
      assertEquals("0", sum.group(3), "skipped");
    }
  }

  /** Unpacks the suite's program. */
  private static Path suite(Path folder) throws IOException, InterruptedException {
    boolean isMac = System.getProperty("os.name").startsWith("Mac");
    String name = "/h2spec/2.2.0/h2spec_" + (isMac ? "darwin" : "linux") + "_amd64.tar.gz";
    try (InputStream archive = Http2Specification.class.getResourceAsStream(name)) {
      if (archive == null) {
        throw new IOException(name + ": none (expected: the profile h2spec)");
      }
      Files.copy(archive, folder.resolve("suite.tar.gz"));
    }
    finish(new ProcessBuilder("tar", "xzf", "suite.tar.gz"), folder);
    return folder.resolve("h2spec");
  }

  private static String run(Path suite, int port, boolean isTls, Path folder)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(suite.toString(), "-S", "-o", "5"));
    command.addAll(List.of("-h", "127.0.0.1", "-p", "" + port, "-P", "/ethereum"));
    if (isTls) {
      command.addAll(List.of("-t", "-k"));
    }
    return finish(new ProcessBuilder(command), folder);
  }

  private static String finish(ProcessBuilder program, Path folder)
      throws IOException, InterruptedException {
    Path said = folder.resolve("said.txt");
    Process process =
        program
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(program.command() + " does not end");
    }
    return Files.readString(said, StandardCharsets.UTF_8);
  }

  /** The cases that failed, by group, section and number. */
  private static Map<String, String> failed(String said) {
    Map<String, String> failed = new TreeMap<>();
    String group = "";
    String section = "";
    for (String line : said.substring(said.indexOf("Failures:") + 1).split("\n", -1)) {
      Matcher newGroup = GROUP.matcher(line);
      Matcher newSection = SECTION.matcher(line);
      Matcher one = FAILED.matcher(line);
      if (newGroup.matches()) {
        group = newGroup.group(1) == null ? newGroup.group(2) : newGroup.group(1);
      } else if (newSection.matches()) {
        section = newSection.group(1);
      } else if (one.matches()) {
        failed.put(group + " " + section + "/" + one.group(1), one.group(2));
      }
    }
    return failed;
  }
}
