package io.fairlead.gateway.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.metrics.Scrape;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ops port says of a gateway that runs. */
class OpsPortTest {
  private static final String SECRET = "s3cr3tk3y";

  private final StubNode right = new StubNode("right", 1);
  private final StubNode wrong = new StubNode("wrong", 5);
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("fairlead.yaml");
    Files.writeString(
        file,
        String.format(
            Locale.ROOT,
            """
            listen: { rpc: "127.0.0.1:0", admin: "127.0.0.1:0", ops: "127.0.0.1:0" }
            state: { dir: "%s" }
            cache: off
            chains:
              ethereum:
                chainId: 1
                upstreams:
                  - { id: right, url: "%s/v2/%s", cloud: aws, region: us-1 }
                  - { id: wrong, url: "%s/v2/%s", cloud: gcp, region: eu-1,
                      headers: { Authorization: "Bearer %s" } }
            """,
            folder.resolve("state"),
            right.uri(),
            SECRET,
            wrong.uri(),
            SECRET,
            SECRET));
    ConfigResult result = ConfigLoader.load(file, Map.of());
    ConfigResult.Loaded loaded =
        assertInstanceOf(ConfigResult.Loaded.class, result, result::toString);
    gateway = Gateway.start(loaded.config(), GatewayOptions.of(file, Map.of()));
    gateway.ready().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    right.close();
    wrong.close();
  }

  private static URI uri(InetSocketAddress address, String path) {
    return URI.create("http://127.0.0.1:" + address.getPort() + path);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri(gateway.opsAddress(), path)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private void call() throws IOException, InterruptedException {
    String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_gasPrice\",\"params\":[]}";
    HttpRequest request =
        HttpRequest.newBuilder(uri((InetSocketAddress) gateway.rpcAddress(), "/ethereum"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
  }

  @Test
  void aCallIsSeenWhereItWentAndNoSecretIsSeenAnywhere() throws Exception {
    call();
    HttpResponse<String> metrics = get("/metrics");
    Scrape scrape = Scrape.parse(metrics.body());
    assertEquals(1, sum(scrape, "fairlead_requests_total", "outcome=\"ok\""));
    assertEquals(1, sum(scrape, "fairlead_upstream_requests_total", "upstream=\"right\""));
    assertEquals(0, sum(scrape, "fairlead_upstream_requests_total", "upstream=\"wrong\""));
    assertTrue(sum(scrape, "fairlead_probes_total", "upstream=\"right\"") >= 3);
    assertEquals(1, sum(scrape, "fairlead_chain_usable", "chain=\"ethereum\""));
    assertEquals(100, sum(scrape, "fairlead_chain_head_block", "chain=\"ethereum\""));
    assertTrue(sum(scrape, "fairlead_direct_memory_bytes", "") > 0);
    HttpResponse<String> page = get("/");
    assertEquals(200, page.statusCode());
    assertTrue(page.body().contains("us-1"), page.body());
    HttpResponse<String> ready = get("/readyz");
    assertEquals(200, ready.statusCode(), ready.body());
    assertEquals(200, get("/healthz").statusCode());
    for (HttpResponse<String> shown : List.of(metrics, page, ready)) {
      assertFalse(shown.body().contains(SECRET), shown.body());
    }
  }

  @Test
  void anUpstreamOnAnotherChainIsShownAsSuchAndGetsNoCall() throws Exception {
    for (int i = 0; i < 20; i++) {
      call();
    }
    Scrape scrape = Scrape.parse(get("/metrics").body());
    assertEquals(20, sum(scrape, "fairlead_upstream_requests_total", "upstream=\"right\""));
    assertEquals(
        1, sum(scrape, "fairlead_upstream_freshness", "upstream=\"wrong\"", "wrong_chain"));
    assertEquals(0, sum(scrape, "fairlead_upstream_serving", "upstream=\"wrong\""));
    assertTrue(get("/").body().contains("wrong chain"));
    assertEquals(0, wrong.organicCount());
  }

  private static double sum(Scrape scrape, String name, String... labels) {
    double sum = 0;
    for (Map.Entry<String, Double> sample : scrape.samples.entrySet()) {
      boolean fits = sample.getKey().equals(name) || sample.getKey().startsWith(name + "{");
      for (String label : labels) {
        fits &= sample.getKey().contains(label);
      }
      sum += fits ? sample.getValue() : 0;
    }
    return sum;
  }
}
