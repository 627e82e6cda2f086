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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

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
  private Process process;

  GatewayProcess(Path directory, String yaml) throws IOException {
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
            listen: { rpc: "127.0.0.1:%d", admin: "127.0.0.1:%d", ops: "127.0.0.1:%d" }
            state: { dir: "%s" }
            %s
            """,
            rpcPort,
            adminPort,
            opsPort,
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
    return Children.start(
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    MAIN,
                    "run",
                    "-c",
                    file.toString()))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
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
