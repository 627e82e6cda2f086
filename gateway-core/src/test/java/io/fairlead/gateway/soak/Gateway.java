package io.fairlead.gateway.soak;

import io.fairlead.admin.v1.DrainRequest;
import io.fairlead.admin.v1.ReloadConfigRequest;
import io.fairlead.admin.v1.RestoreRequest;
import io.fairlead.admin.v1.RoutingAdminGrpc;
import io.fairlead.admin.v1.SetWeightRequest;
import io.fairlead.gateway.testing.Children;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.Ports;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
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
import java.util.stream.Stream;

/**
 * A gateway as users start it, by its launcher, with Netty's leak detector on one buffer in
 * sixteen: to watch each costs several times what the gateway itself does.
 *
 * <p>Thread-safety: safe.
 */
final class Gateway implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final String JAVA_OPTS =
      "-Xmx192m -Dio.netty.leakDetection.level=advanced"
          + " -Dio.netty.leakDetection.samplingInterval=16";

  private final String name;
  private final Path folder;
  private final Path log;
  private final String listen;
  private final int rpcPort;
  private final int opsPort;
  private final boolean hasTls;
  private final Process process;
  private final ManagedChannel admin;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * How a gateway is started.
   *
   * @param name what it is called in what is said of it
   * @param launcher the command
   * @param folder where its files are
   * @param tls what {@code listen.tls} says; empty: it is plain
   */
  record Start(String name, String launcher, Path folder, String tls) {}

  /**
   * Starts a gateway and waits until it is ready.
   *
   * @param start how
   * @param chains its configuration but for {@code listen} and {@code state}
   * @throws IOException if it cannot be started
   */
  Gateway(Start start, String chains) throws IOException {
    name = start.name;
    folder = Files.createDirectories(start.folder);
    log = folder.resolve("log");
    rpcPort = Ports.unused();
    opsPort = Ports.unused();
    int adminPort = Ports.unused();
    hasTls = !start.tls.isEmpty();
    listen =
        String.format(
            Locale.ROOT,
            """
            listen: { rpc: "127.0.0.1:%d", admin: "127.0.0.1:%d", ops: "127.0.0.1:%d"%s }
            state: { dir: "%s" }
            """,
            rpcPort,
            adminPort,
            opsPort,
            hasTls ? ", tls: " + start.tls : "",
            folder.resolve("state"));
    write(chains);
    ProcessBuilder builder =
        new ProcessBuilder(start.launcher, "run", "-c", file().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("FAIRLEAD_JAVA_OPTS", JAVA_OPTS);
    process = Children.start(builder);
    admin =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort))
            .usePlaintext()
            .build();
    Eventually.holds(() -> name + " is ready: " + tail(), START, this::isReady);
  }

  private Path file() {
    return folder.resolve("fairlead.yaml");
  }

  private void write(String chains) throws IOException {
    Files.writeString(file(), listen + chains);
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended: " + tail());
    }
    try {
      return get("/readyz").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  String name() {
    return name;
  }

  /** Its process: the launcher becomes the JVM. */
  long pid() {
    return process.pid();
  }

  /** Where its chains are, for HTTP. */
  URI http() {
    return URI.create((hasTls ? "https" : "http") + "://127.0.0.1:" + rpcPort);
  }

  /** Where its chains are, for WebSocket. */
  URI webSocket(String path) {
    return URI.create((hasTls ? "wss" : "ws") + "://127.0.0.1:" + rpcPort + path);
  }

  /** Its rpc port. */
  InetSocketAddress rpc() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), rpcPort);
  }

  /** Reads another configuration. */
  void reload(String chains) throws IOException {
    write(chains);
    calls().reloadConfig(ReloadConfigRequest.getDefaultInstance());
  }

  void drain(String target) {
    calls().drain(DrainRequest.newBuilder().setTarget(target).setReason("soak").build());
  }

  void weigh(String target, int weight) {
    calls()
        .setWeight(
            SetWeightRequest.newBuilder()
                .setTarget(target)
                .setWeight(weight)
                .setReason("soak")
                .build());
  }

  void restore(String target) {
    calls().restore(RestoreRequest.newBuilder().setTarget(target).build());
  }

  private RoutingAdminGrpc.RoutingAdminBlockingStub calls() {
    return RoutingAdminGrpc.newBlockingStub(admin)
        .withDeadlineAfter(ANSWER.toSeconds(), TimeUnit.SECONDS);
  }

  /** The sum of a metric over the series whose labels contain a text. */
  double metric(String metric, String labels) throws IOException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(metric + '{') || line.startsWith(metric + ' '))
        .filter(line -> line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Collects all garbage of the process, so that what is left is alive. */
  void collectGarbage() throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process collecting =
        new ProcessBuilder(jcmd, "" + pid(), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (collecting.waitFor() != 0) {
        throw new IOException(name + " collects no garbage: " + tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Ends it as an operator does; the exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(40, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  /**
   * Lines of its log that say that a buffer was not released, or that something was not foreseen.
   */
  List<String> alarms() throws IOException {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
      return lines
          .filter(
              line ->
                  line.contains("LEAK")
                      || line.contains("OutOfMemory")
                      || line.contains(" ERROR ")
                      || line.contains("Exception"))
          .toList();
    }
  }

  private String tail() {
    try {
      String text = Files.readString(log, StandardCharsets.UTF_8);
      return text.substring(Math.max(0, text.length() - 2000));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + opsPort + path);
    try {
      return http.send(
          HttpRequest.newBuilder(uri).timeout(ANSWER).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    admin.shutdownNow();
    Children.kill(process);
  }
}
