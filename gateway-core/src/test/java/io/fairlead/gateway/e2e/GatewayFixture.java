package io.fairlead.gateway.e2e;

import io.fairlead.gateway.app.Gateway;
import io.fairlead.gateway.app.GatewayOptions;
import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.table.RoutingTable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A gateway inside the test's process, configured by a file's text, on ports of its own. */
final class GatewayFixture implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(20);

  private final Path directory;
  private final Gateway gateway;
  private final UnaryOperator<String> whole;
  private final HttpClient http = HttpClient.newHttpClient();

  private GatewayFixture(Path directory, Gateway gateway, UnaryOperator<String> whole) {
    this.directory = directory;
    this.gateway = gateway;
    this.whole = whole;
  }

  /**
   * Starts a gateway and waits until it is ready; listeners and state come by themselves. Every
   * call asks, unless the text has a section for the cache.
   */
  static GatewayFixture start(String yaml) {
    return start(yaml, "");
  }

  /** Starts a gateway with more to say about its listeners. */
  static GatewayFixture start(String yaml, String listen) {
    try {
      Path directory = Files.createTempDirectory("fairlead-e2e");
      UnaryOperator<String> whole = chains -> whole(directory, listen, chains);
      String text = whole.apply(yaml);
      Path file = directory.resolve("fairlead.yaml");
      if (ConfigLoader.parse(file, text, Map.of()) instanceof ConfigResult.Loaded loaded) {
        Gateway gateway = Gateway.start(loaded.config(), GatewayOptions.of(file, Map.of()));
        GatewayFixture fixture = new GatewayFixture(directory, gateway, whole);
        Eventually.holds("the gateway is ready", READY, gateway::isReady);
        return fixture;
      }
      throw new IllegalArgumentException(
          "refused: " + ConfigLoader.parse(file, text, Map.of()) + "\n" + text);
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway does not start", e);
    }
  }

  InetSocketAddress rpcAddress() {
    return (InetSocketAddress) gateway.rpcAddress();
  }

  private static String whole(Path directory, String listen, String yaml) {
    return String.format(
        Locale.ROOT,
        """
        listen: { rpc: "127.0.0.1:0", admin: "127.0.0.1:0", ops: "127.0.0.1:0"%s }
        state: { dir: "%s" }
        %s
        """,
        listen,
        directory.resolve("state"),
        yaml.contains("cache:") ? yaml : yaml + "\ncache: off\n");
  }

  /** Writes what the gateway is to read when it is told to. */
  void write(String yaml) {
    try {
      Files.writeString(directory.resolve("fairlead.yaml"), whole.apply(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI webSocket(String path) {
    return URI.create("ws://127.0.0.1:" + rpcAddress().getPort() + path);
  }

  URI rpc(String path) {
    return URI.create("http://127.0.0.1:" + rpcAddress().getPort() + path);
  }

  RawClient client() {
    try {
      return new RawClient(rpcAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway takes no connections", e);
    }
  }

  Admin admin() {
    return new Admin(gateway.adminAddress());
  }

  /** The body of a path on the ops port. */
  String ops(String path) {
    InetSocketAddress address = gateway.opsAddress();
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(READY).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until exactly so many upstreams take head-sensitive reads of a chain. */
  void awaitServing(String chain, int upstreams, Duration limit) {
    Eventually.holds(
        () ->
            upstreams + " upstreams serve; table: " + table(chain).entries(MethodClass.READ, true),
        limit,
        () -> serving(chain) == upstreams);
  }

  /** Waits until all upstreams but one take head-sensitive reads of a chain. */
  void awaitAllServingBut(String chain, String id, Duration limit) {
    Eventually.holds(
        () -> "all serve but " + id + "; table: " + table(chain).entries(MethodClass.READ, true),
        limit,
        () ->
            table(chain).upstreams().stream()
                .allMatch(
                    upstream ->
                        (table(chain).share(upstream, MethodClass.READ, true) == 0)
                            == upstream.id().equals(id)));
  }

  private long serving(String chain) {
    RoutingTable table = table(chain);
    return table.upstreams().stream()
        .filter(upstream -> table.share(upstream, MethodClass.READ, true) > 0)
        .count();
  }

  private RoutingTable table(String chain) {
    RoutingTable table = gateway.tables().get(chain);
    if (table == null) {
      throw new IllegalStateException("no chain " + chain);
    }
    return table;
  }

  /** Waits for a latch, as the scripts of nodes do. */
  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody opened the latch");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends in good order: what is under way has so long to finish. */
  void shutdown(Duration grace) {
    gateway.shutdown(grace);
  }

  @Override
  public void close() {
    gateway.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::deleteOnExit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
