package io.fairlead.gateway.e2e;

import io.fairlead.gateway.testing.Children;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Ports;
import io.fairlead.gateway.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The gateway as operators run it: a process of its own with a configuration file. */
final class GatewayProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final String MAIN = "io.fairlead.gateway.cli.Main";

  private final Path directory;
  private final Path file;
  private final Path log;
  private final int rpcPort;
  private final int adminPort;
  private final int opsPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Extras extras;
  private Process process;

  /**
   * What a gateway is started with besides its configuration.
   *
   * @param java options of the JVM
   * @param environment more variables
   * @param listen more keys of the section, each after a comma
   */
  record Extras(List<String> java, Map<String, String> environment, String listen) {
    static final Extras NONE = new Extras(List.of(), Map.of(), "");
  }

  GatewayProcess(Path directory, String yaml) throws IOException {
    this(directory, yaml, Extras.NONE);
  }

  GatewayProcess(Path directory, String yaml, Extras extras) throws IOException {
    this.extras = extras;
    this.directory = directory;
    file = directory.resolve("fairlead.yaml");
    log = directory.resolve("log");
    rpcPort = Ports.unused();
    adminPort = Ports.unused();
    opsPort = Ports.unused();
    write(yaml);
    process = start();
    awaitReady();
  }

  /** Writes the configuration; the gateway has not read it yet. */
  void write(String yaml) throws IOException {
    Files.writeString(
        file,
        String.format(
            Locale.ROOT,
            """
            listen: { rpc: "127.0.0.1:%d", admin: "127.0.0.1:%d", ops: "127.0.0.1:%d"%s }
            state: { dir: "%s" }
            %s
            """,
            rpcPort,
            adminPort,
            opsPort,
            extras.listen(),
            directory.resolve("state"),
            yaml));
  }

  RawClient client() {
    try {
      return new RawClient(URI.create("http://127.0.0.1:" + rpcPort));
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway takes no connections", e);
    }
  }

  URI webSocket(String path) {
    return URI.create("ws://127.0.0.1:" + rpcPort + path);
  }

  Admin admin() {
    return new Admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort));
  }

  /** The status of a path on the ops port, or -1 when nobody listens. */
  int ops(String path) {
    URI uri = URI.create("http://127.0.0.1:" + opsPort + path);
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** The body of a path on the ops port. */
  String page(String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + opsPort + path);
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The configuration file. */
  Path file() {
    return file;
  }

  int rpcPort() {
    return rpcPort;
  }

  /** {@code HOST:PORT} of the admin port. */
  String adminAddress() {
    return "127.0.0.1:" + adminPort;
  }

  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("cannot send " + name);
    }
  }

  /** Waits for the end; the exit status. */
  int await() throws InterruptedException {
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the gateway does not end: " + log());
    }
    return process.exitValue();
  }

  /** Starts it again after its end, with the same files. */
  void restart() throws IOException {
    Eventually.holds(
        "its ports are free",
        START,
        () -> IntStream.of(rpcPort, adminPort, opsPort).allMatch(Ports::isFree));
    process = start();
    awaitReady();
  }

  String log() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Children.kill(process);
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(extras.java());
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(MAIN, "run", "-c", file.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(extras.environment());
    return Children.start(builder);
  }

  private void awaitReady() {
    Eventually.holds(
        () -> "ready; log: " + log(),
        START,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("the gateway ended: " + log());
          }
          return ops("/readyz") == 200;
        });
  }
}
