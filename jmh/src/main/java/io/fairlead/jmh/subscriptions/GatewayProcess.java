package io.fairlead.jmh.subscriptions;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A gateway in a process of its own, and what the kernel says of it.
 *
 * <p>Source: proc(5) for memory and time, the kernel's {@code sched-stats} for threads; jcmd makes
 * it collect its garbage.
 */
final class GatewayProcess implements AutoCloseable {
  private static final int TICKS_A_SECOND = 100;
  private static final int ATTEMPTS = 300;

  private final Process process;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  /** A gateway before one node; its ports are this one and the two behind it. */
  GatewayProcess(Path directory, int port, int nodePort) throws IOException, InterruptedException {
    this.port = port;
    Path file = directory.resolve("fairlead.yaml");
    Files.writeString(
        file,
        String.format(
            Locale.ROOT,
            """
            listen: { rpc: "127.0.0.1:%d", admin: "127.0.0.1:%d", ops: "127.0.0.1:%d" }
            state: { dir: "%s" }
            limits: { connectionsPerAddress: 100000 }
            chains:
              ethereum:
                chainId: 1
                upstreams:
                  - { id: node-1, url: "http://127.0.0.1:%d", ws: "ws://127.0.0.1:%d/ws" }
            """,
            port,
            port + 1,
            port + 2,
            directory.resolve("state"),
            nodePort,
            nodePort));
    process =
        new ProcessBuilder("./fairlead", "run", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("gateway.log").toFile())
            .start();
    awaitReady();
  }

  int port() {
    return port;
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (int i = 0; i < ATTEMPTS && process.isAlive(); i++) {
      if (isReady()) {
        return;
      }
      pause(200);
    }
    throw new IOException("the gateway does not get ready; see gateway.log");
  }

  private boolean isReady() throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + (port + 2) + "/readyz");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // nobody listens yet
    }
  }

  /** Resident memory after garbage was collected, in KiB. */
  long residentKib() throws IOException, InterruptedException {
    for (int i = 0; i < 2; i++) {
      command("jcmd", "" + process.pid(), "GC.run");
      pause(500);
    }
    return memoryKib();
  }

  /** Resident memory as it is, in KiB. */
  long memoryKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /** Time on a core, of the user and of the kernel, in microseconds since the start. */
  long[] cpuMicros() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    long tick = 1_000_000 / TICKS_A_SECOND;
    return new long[] {
      Long.parseLong(fields.get(11)) * tick, Long.parseLong(fields.get(12)) * tick
    };
  }

  /**
   * Time on a core, in microseconds since the start: of the event loops, of the JVM's compilers, of
   * all other threads. A thread that has ended is not in it.
   */
  double[] threadMicros() throws IOException {
    double[] micros = new double[3];
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        add(thread, micros);
      }
    }
    return micros;
  }

  private static void add(Path thread, double[] micros) throws IOException {
    try {
      micros[kindOf(thread)] += runMicros(thread);
    } catch (NoSuchFileException e) {
      // It has ended since; compilers come and go.
    }
  }

  private static int kindOf(Path thread) throws IOException {
    String name = Files.readString(thread.resolve("comm"));
    return name.startsWith("fairlead-io") ? 0 : name.contains("Compiler") ? 1 : 2;
  }

  private static double runMicros(Path thread) throws IOException {
    String ran = Files.readString(thread.resolve("schedstat"));
    return Long.parseLong(ran.substring(0, ran.indexOf(' '))) / 1000.0;
  }

  private static void command(String... words) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", words[0]);
    words[0] = java.toString();
    Process command = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (command.waitFor() != 0) {
      throw new IOException(String.join(" ", words) + ": " + said);
    }
  }

  static void pause(long millis) throws InterruptedException {
    if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nobody opens it");
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
