package io.fairlead.gateway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws of {@code ./fairlead}, with fakes of Java and Maven, in every shell that is here. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
final class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "fairlead").toAbsolutePath().normalize();
  private static final Instant NOON = Instant.parse("2020-01-01T12:00:00Z");
  private static final String FAKE_JAVA =
      """
      #!/bin/sh
      for word in "$@"; do
        case $word in
          -XX:ArchiveClassesAtExit=*)
            echo "$*" >> "$HOME/trainings"
            [ -n "${FAKE_TRAINING_FAILURE:-}" ] || echo classes > "${word#*=}"
            exit 0
            ;;
        esac
      done
      printf '%s\\n' "$0" "$@" > "$HOME/java.args"
      echo "${MALLOC_ARENA_MAX:-}" > "$HOME/arenas"
      exit "${FAKE_STATUS:-0}"
      """;
  private static final String FAKE_MAVEN =
      """
      #!/bin/sh
      printf '%s\\n' "$JAVA_HOME" "$PWD" "$@" >> "$HOME/mvn.args"
      echo 'words of Maven'
      [ -z "${FAKE_FAILURE:-}" ] || exit 1
      : > gateway-core/target/gateway-core-1.jar
      """;

  @TempDir Path temp;

  private Path home;
  private Path root;
  private Path bin;

  private record Outcome(int status, String err) {}

  static Stream<List<String>> shells() {
    return Stream.of(List.of("sh"), List.of("dash"), List.of("busybox", "sh"), List.of("bash"))
        .filter(shell -> isHere(shell.get(0)));
  }

  @BeforeEach
  void layOutARepository() throws IOException {
    home = Files.createDirectories(temp.resolve("home"));
    root = Files.createDirectories(temp.resolve("a root with spaces"));
    bin = Files.createDirectories(temp.resolve("bin"));
    for (String module : List.of("routing", "probes", "gateway-core")) {
      Files.createDirectories(root.resolve(module + "/src/main/java"));
      Files.writeString(root.resolve(module + "/pom.xml"), "<project/>");
      Files.writeString(root.resolve(module + "/src/main/java/A.java"), "class A {}");
    }
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    executable(root.resolve("fairlead"), Files.readString(SCRIPT));
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.toList()) {
        age(file, 0);
      }
    }
    executable(bin.resolve("mvn"), FAKE_MAVEN);
    jdk("97.0.1");
    jdk("99.0.2+7");
    jdk("98");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void newestJdkRunsTheArchiveWithTheUsersArguments(List<String> shell) throws Exception {
    assertEquals(0, launch(shell, Map.of(), "check", "-c", "my file.yaml", "", "$x").status());
    List<String> args = Files.readAllLines(home.resolve("java.args"));
    assertEquals(home + "/.sdkman/candidates/java/99.0.2+7/bin/java", args.get(0));
    int jar = args.indexOf("-jar");
    assertEquals(
        List.of(
            root + "/gateway-core/target/gateway-core-1.jar",
            "check",
            "-c",
            "my file.yaml",
            "",
            "$x"),
        args.subList(jar + 1, args.size()));
    assertTrue(args.contains("-XX:TieredStopAtLevel=1"), args.toString());
    assertTrue(
        args.contains("-XX:SharedArchiveFile=" + root + "/gateway-core/target/short-99.jsa"),
        args.toString());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void buildsOnFirstUseAndWhenASourceIsNewerOnly(List<String> shell) throws Exception {
    assertEquals("fairlead: building (first use)\n", launch(shell, Map.of(), "run").err());
    List<String> maven = Files.readAllLines(home.resolve("mvn.args"));
    assertEquals(home + "/.sdkman/candidates/java/99.0.2+7", maven.get(0));
    assertEquals(root.toString(), maven.get(1));
    assertTrue(maven.containsAll(List.of("-q", "-DskipTests", "-pl", "gateway-core", "-am")));
    assertEquals("", launch(shell, Map.of(), "run").err());
    age(root.resolve("gateway-core/target/fairlead.stamp"), 60);
    age(root.resolve("routing/src/main/java/A.java"), 59);
    assertEquals("", launch(shell, Map.of(), "run").err());
    age(root.resolve("routing/src/main/java/A.java"), 61);
    assertEquals(
        "fairlead: building (routing/src/main/java/A.java is newer than the build)\n",
        launch(shell, Map.of(), "run").err());
    assertEquals("", launch(shell, Map.of(), "run").err());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void exitStatusPassesThrough(List<String> shell) throws Exception {
    assertEquals(0, launch(shell, Map.of()).status());
    assertEquals(2, launch(shell, Map.of("FAKE_STATUS", "2"), "nonsense").status());
    assertEquals(143, launch(shell, Map.of("FAKE_STATUS", "143"), "run").status());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void failedBuildShowsWhatMavenSaidAndIsTriedAgain(List<String> shell) throws Exception {
    Outcome failed = launch(shell, Map.of("FAKE_FAILURE", "yes"), "run");
    assertEquals(1, failed.status());
    assertTrue(failed.err().contains("words of Maven"), failed.err());
    assertTrue(failed.err().contains("the build failed"), failed.err());
    assertFalse(Files.exists(home.resolve("java.args")));
    assertFalse(Files.exists(root.resolve("gateway-core/target/fairlead.lock")));
    assertEquals("fairlead: building (first use)\n", launch(shell, Map.of(), "run").err());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void worksThroughSymbolicLinksFromAnywhere(List<String> shell) throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("one"), root.resolve("fairlead"));
    Path second = Files.createSymbolicLink(temp.resolve("two"), link.getFileName());
    List<String> command = new ArrayList<>(shell);
    command.add(second.toString());
    assertEquals(0, start(command, Map.of()).status());
    assertTrue(
        Files.readAllLines(home.resolve("java.args"))
            .contains(root + "/gateway-core/target/gateway-core-1.jar"));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void lockOfADeadOwnerIsTakenOver(List<String> shell) throws Exception {
    Path lock = Files.createDirectories(root.resolve("gateway-core/target/fairlead.lock"));
    Files.writeString(lock.resolve("pid"), deadProcess() + "\n");
    assertEquals("fairlead: building (first use)\n", launch(shell, Map.of(), "run").err());
    assertFalse(Files.exists(lock));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void gatewayAndShortCommandsGetTheirOwnOptions(List<String> shell) throws Exception {
    for (String line :
        List.of("run", "demo --rate 5", "--log-format json run", "--log-level=debug run")) {
      assertEquals(0, launch(shell, Map.of(), line.split(" ")).status());
      assertFalse(javaArguments().contains("-XX:TieredStopAtLevel=1"), line);
    }
    assertEquals(0, launch(shell, Map.of("FAIRLEAD_JAVA_OPTS", "-Xmx1g -Da=b"), "run").status());
    List<String> args = javaArguments();
    assertEquals(
        List.of("-Xmx1g", "-Da=b", "-jar"),
        args.subList(args.indexOf("-jar") - 2, args.indexOf("-jar") + 1));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void sidecarIsSmallAndReadiesItsFastStartOnceForABuild(List<String> shell) throws Exception {
    String said = "fairlead: preparing fast starts (once for this build)\n";
    String[] line = {"run", "--sidecar", "-c", "my file.yaml"};
    assertEquals("fairlead: building (first use)\n" + said, launch(shell, Map.of(), line).err());
    assertEquals("", launch(shell, Map.of(), line).err());
    assertEquals(1, Files.readAllLines(home.resolve("trainings")).size());
    List<String> args = javaArguments();
    String archive = root + "/gateway-core/target/sidecar-99.jsa";
    assertTrue(args.contains("-XX:SharedArchiveFile=" + archive), args.toString());
    assertTrue(args.contains("-XX:+AutoCreateSharedArchive"), args.toString());
    assertTrue(args.containsAll(List.of("-Xmx24m", "-XX:ActiveProcessorCount=1")), "" + args);
    assertEquals(List.of(line), args.subList(args.size() - line.length, args.size()));
    assertEquals("1\n", Files.readString(home.resolve("arenas")));
    age(root.resolve("gateway-core/target/fairlead.stamp"), 60);
    age(root.resolve("routing/src/main/java/A.java"), 61);
    assertTrue(launch(shell, Map.of(), line).err().endsWith(said));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void onlyTheGatewayCanBeASidecar(List<String> shell) throws Exception {
    for (String line : List.of("run -c f", "check --sidecar", "demo --sidecar")) {
      assertEquals(0, launch(shell, Map.of(), line.split(" ")).status());
      assertFalse(javaArguments().contains("-Xmx24m"), line);
      assertEquals("\n", Files.readString(home.resolve("arenas")));
    }
    assertFalse(Files.exists(home.resolve("trainings")));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void preparationThatFailsDoesNotHoldUpTheStart(List<String> shell) throws Exception {
    Map<String, String> broken = Map.of("FAKE_TRAINING_FAILURE", "yes", "FAKE_STATUS", "3");
    assertEquals(3, launch(shell, broken, "run", "--sidecar").status());
    assertTrue(javaArguments().contains("-Xmx24m"));
    assertFalse(Files.exists(root.resolve("gateway-core/target/sidecar-99.jsa")));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whyAnArchiveIsNotUsedIsSaidToThoseWhoDebug(List<String> shell) throws Exception {
    String silence = "-Xlog:cds*=off:stderr";
    launch(shell, Map.of(), "run", "-c", "f");
    assertTrue(javaArguments().contains(silence));
    for (String level : List.of("--log-level debug", "--log-level=trace")) {
      launch(shell, Map.of(), (level + " run -c f").split(" "));
      assertFalse(javaArguments().contains(silence), level);
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void jdkThatCannotReplaceAnArchiveHasOneOfItsOwn(List<String> shell) throws Exception {
    for (String version : List.of("97.0.1", "98", "99.0.2+7")) {
      Files.delete(home.resolve(".sdkman/candidates/java/" + version + "/release"));
      Files.delete(home.resolve(".sdkman/candidates/java/" + version + "/bin/javac"));
    }
    jdk("17.0.99+8");
    String text = Files.readString(root.resolve("fairlead")).replace("/usr/lib/jvm/*", "");
    executable(root.resolve("fairlead"), text);
    Map<String, String> old = Map.of("JAVA_HOME", home + "/.sdkman/candidates/java/17.0.99+8");
    launch(shell, old, "run", "--sidecar");
    List<String> args = javaArguments();
    String archive = root + "/gateway-core/target/sidecar-17.0.99_8.jsa";
    assertTrue(args.contains("-XX:SharedArchiveFile=" + archive), args.toString());
    assertFalse(args.contains("-XX:+AutoCreateSharedArchive"), args.toString());
    assertTrue(Files.exists(Path.of(archive)));
  }

  @Test
  void missingMavenIsSaidWhenABuildIsNeeded() throws Exception {
    Files.delete(bin.resolve("mvn"));
    Outcome outcome = launch(List.of("/bin/sh"), Map.of("PATH", bareTools().toString()), "run");
    assertEquals(1, outcome.status());
    assertEquals(
        "fairlead: building needs Maven, and mvn is not on the PATH; install it\n", outcome.err());
  }

  @Test
  void oldJdksAreNotEnough() throws Exception {
    Path script = root.resolve("fairlead");
    String text =
        Files.readString(script)
            .replace("/usr/lib/jvm/*", "")
            .replace("[ \"$version\" -ge 17 ]", "[ \"$version\" -ge 100 ]");
    executable(script, text);
    Outcome outcome = launch(List.of("sh"), Map.of(), "run");
    assertEquals(1, outcome.status());
    assertTrue(outcome.err().startsWith("fairlead: no JDK 17 or newer found"), outcome.err());
  }

  private List<String> javaArguments() throws IOException {
    return Files.readAllLines(home.resolve("java.args"));
  }

  private Outcome launch(List<String> shell, Map<String, String> environment, String... args)
      throws Exception {
    List<String> command = new ArrayList<>(shell);
    command.add(root.resolve("fairlead").toString());
    command.addAll(Arrays.asList(args));
    return start(command, environment);
  }

  private Outcome start(List<String> command, Map<String, String> environment) throws Exception {
    Path err = temp.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("HOME", home.toString());
    builder.environment().merge("PATH", bin + ":", (path, first) -> first + path);
    builder.environment().putAll(environment);
    Process process =
        builder.redirectError(err.toFile()).redirectOutput(temp.resolve("out").toFile()).start();
    int status = process.waitFor();
    return new Outcome(status, Files.readString(err));
  }

  private void jdk(String version) throws IOException {
    Path jdk = home.resolve(".sdkman/candidates/java/" + version);
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "A=\"1\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(jdk.resolve("bin/java"), FAKE_JAVA);
    executable(jdk.resolve("bin/javac"), FAKE_JAVA);
  }

  /** A folder with the tools that the script uses, and nothing else. */
  private Path bareTools() throws IOException {
    Path tools = Files.createDirectories(temp.resolve("tools"));
    for (String tool :
        List.of("sed", "dirname", "find", "tail", "ls", "readlink", "cat", "mkdir")) {
      Path real =
          Stream.of("/usr/bin/", "/bin/")
              .map(d -> Path.of(d + tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), real);
    }
    return tools;
  }

  private static long deadProcess() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  private static boolean isHere(String program) {
    return Stream.of("/usr/bin/", "/bin/").anyMatch(d -> Files.isExecutable(Path.of(d + program)));
  }

  private static void executable(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void age(Path file, int secondsAfterNoon) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(NOON.plusSeconds(secondsAfterNoon)));
  }
}
