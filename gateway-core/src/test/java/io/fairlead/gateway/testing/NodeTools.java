package io.fairlead.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pinned tools from npm: a real node (anvil) and real clients (ethers, viem).
 *
 * <p>They are installed once under {@code target/node}, from the lock in {@code src/test/node}; a
 * changed lock installs anew. Installing holds a file lock, so that parallel test processes share
 * one installation.
 *
 * <p>Failure: {@link Unavailable}, whose message says what is missing and what to do.
 */
public final class NodeTools {
  private static final Path SOURCE = moduleDirectory().resolve("src/test/node");
  private static final Path HOME = moduleDirectory().resolve("target/node");
  private static final int INSTALL_MINUTES = 5;

  private NodeTools() {}

  /** The tools are not to be had here. */
  public static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    private Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The folder with {@code node_modules} and the client scripts, installed if need be.
   *
   * @return {@code target/node}
   * @throws Unavailable if there is no node, no npm, or npm failed
   */
  public static Path install() throws Unavailable {
    String version = run(List.of("node", "--version"), moduleDirectory());
    int major = Integer.parseInt(version.strip().replaceAll("^v(\\d+).*", "$1"));
    if (major < 20) {
      throw new Unavailable(
          "node " + version.strip() + " is too old (expected: 20 or newer)", null);
    }
    try {
      Files.createDirectories(HOME);
      try (FileChannel channel =
              FileChannel.open(
                  HOME.resolve("install.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new Unavailable("lost the lock of " + HOME, null);
        }
        installOnce();
      }
    } catch (IOException e) {
      throw new Unavailable("cannot install into target/node: " + e.getMessage(), e);
    }
    return HOME;
  }

  /**
   * The node program of the platform's own package, to be started without npx.
   *
   * @return the binary
   * @throws Unavailable if the tools, or a binary for this platform, are not to be had
   */
  public static Path anvil() throws Unavailable {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
    String platform = (os.contains("mac") ? "darwin" : os.contains("win") ? "win32" : "linux");
    Path binary =
        install().resolve("node_modules/@foundry-rs/anvil-" + platform + "-" + arch + "/bin/anvil");
    if (!Files.isExecutable(binary)) {
      throw new Unavailable(
          "no pinned anvil for " + platform + "-" + arch + " (add its package to src/test/node)",
          null);
    }
    return binary;
  }

  /**
   * A client's script, ready to be started.
   *
   * @param name the script's name under {@code src/test/node/clients}
   * @param arguments its arguments
   * @return what starts it; its errors go where those of the tests go
   * @throws Unavailable if the tools are not to be had
   */
  static ProcessBuilder script(String name, String... arguments) throws Unavailable {
    List<String> command = new ArrayList<>(List.of("node", "clients/" + name));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(install().toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static void installOnce() throws IOException, Unavailable {
    String digest = digest();
    copySources();
    Path marker = HOME.resolve("installed");
    if (Files.exists(marker) && Files.readString(marker).equals(digest)) {
      return;
    }
    Files.deleteIfExists(marker);
    run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", "."), HOME);
    Files.writeString(marker, digest);
  }

  private static void copySources() throws IOException {
    List<Path> sources;
    try (Stream<Path> walk = Files.walk(SOURCE)) {
      sources = walk.filter(Files::isRegularFile).toList();
    }
    for (Path source : sources) {
      Path target = HOME.resolve(SOURCE.relativize(source).toString());
      byte[] content = Files.readAllBytes(source);
      if (!Files.exists(target) || !MessageDigest.isEqual(content, Files.readAllBytes(target))) {
        Files.createDirectories(Objects.requireNonNull(target.getParent(), "a file has a folder"));
        Path fresh = HOME.resolve("copy.tmp");
        Files.write(fresh, content);
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static String digest() throws IOException {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(Files.readAllBytes(SOURCE.resolve("package-lock.json")));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String run(List<String> command, Path directory) throws Unavailable {
    String what = String.join(" ", command.subList(0, 2));
    try {
      Path log = Files.createTempFile("fairlead-tools", ".log");
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
          process.destroyForcibly();
        }
        String output = Files.readString(log, StandardCharsets.UTF_8);
        if (!ended || process.exitValue() != 0) {
          throw new Unavailable("`" + what + "` failed: " + output.strip(), null);
        }
        return output;
      } finally {
        Files.deleteIfExists(log);
      }
    } catch (IOException e) {
      throw new Unavailable(
          "`" + what + "` cannot be started: install Node.js 20 or newer with npm", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted during `" + what + "`", e);
    }
  }

  /** Surefire names the module's folder; an editor starts tests in it. */
  private static Path moduleDirectory() {
    try {
      return Path.of(System.getProperty("basedir", "")).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
