package io.fairlead.gateway.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.control.StampedEvent;
import io.fairlead.gateway.metrics.BuildFacts;
import io.fairlead.gateway.metrics.GatewayMetrics;
import io.fairlead.gateway.metrics.Scrape;
import io.fairlead.gateway.metrics.TestChain;
import io.fairlead.gateway.net.EventLoops;
import io.fairlead.gateway.net.Transport;
import io.fairlead.routing.MethodClass;
import io.fairlead.routing.control.Identity;
import io.fairlead.routing.control.LatencyRow;
import io.fairlead.routing.control.RoutingEvent;
import io.fairlead.routing.table.RoutingTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpsServerTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

  private final TestChain ethereum = new TestChain("ethereum");
  private final View view = new View();
  private final HttpClient client = HttpClient.newHttpClient();
  private final EventLoops loops = new EventLoops(Transport.NIO, 1, "ops");
  private OpsServer server;

  /** What a test wants to be seen. */
  private static final class View implements OpsView {
    volatile boolean alive = true;
    volatile boolean draining;
    volatile List<RoutingTable> tables = List.of();
    final List<LatencyRow> latency = new ArrayList<>();
    final List<StampedEvent> events = new ArrayList<>();

    @Override
    public Collection<RoutingTable> tables() {
      return tables;
    }

    @Override
    public List<LatencyRow> latency() {
      return latency;
    }

    @Override
    public List<StampedEvent> recentEvents(int most) {
      return events;
    }

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public boolean isDraining() {
      return draining;
    }

    @Override
    public String version() {
      return "0.1.0";
    }
  }

  @BeforeEach
  void start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    GatewayMetrics metrics =
        new GatewayMetrics(new BuildFacts("0.1.0", "nio", 1), () -> view.tables);
    server = OpsServer.start(loops, any, view, metrics);
  }

  @AfterEach
  void stop() {
    server.close();
    loops.close();
  }

  private HttpResponse<byte[]> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String body(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private String page() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send("GET", "/");
    assertEquals(200, response.statusCode());
    return body(response);
  }

  @Test
  void aScrapeIsTextUnlessOpenMetricsIsAskedFor() throws Exception {
    view.tables = List.of(ethereum.verified().table());
    HttpResponse<byte[]> plain = send("GET", "/metrics");
    assertEquals(200, plain.statusCode());
    assertTrue(plain.headers().firstValue("content-type").orElse("").startsWith("text/plain"));
    assertEquals(1, Scrape.parse(body(plain)).value("fairlead_chain_usable{chain=\"ethereum\"}"));
    HttpResponse<byte[]> open = send("GET", "/metrics", "Accept", OPEN_METRICS);
    assertTrue(
        open.headers().firstValue("content-type").orElse("").startsWith("application/openmetrics"));
    assertTrue(body(open).endsWith("# EOF\n"));
    Scrape.parse(body(open));
  }

  @Test
  void aScrapeIsCompressedIfAsked() throws Exception {
    HttpResponse<byte[]> response = send("GET", "/metrics?x=1", "Accept-Encoding", "gzip");
    assertEquals("gzip", response.headers().firstValue("content-encoding").orElse(""));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      Scrape.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aliveDoesNotDependOnUpstreams() throws Exception {
    assertEquals(200, send("GET", "/healthz").statusCode());
    assertEquals(503, send("GET", "/readyz").statusCode());
    view.draining = true;
    assertEquals(200, send("GET", "/healthz").statusCode());
    view.alive = false;
    assertEquals(503, send("GET", "/healthz").statusCode());
  }

  @Test
  void readyWhenEachChainHasAnUpstreamThatCanServe() throws Exception {
    TestChain base = new TestChain("base");
    view.tables = List.of(ethereum.verified().table(), base.table());
    HttpResponse<byte[]> one = send("GET", "/readyz");
    assertEquals(503, one.statusCode());
    assertTrue(body(one).contains("base: no upstream can serve"), body(one));
    assertTrue(body(one).contains("ethereum: 3 of 3 upstreams serve"), body(one));
    base.verified();
    view.tables = List.of(ethereum.table(), base.table());
    assertEquals(200, send("GET", "/readyz").statusCode());
    view.draining = true;
    HttpResponse<byte[]> draining = send("GET", "/readyz");
    assertEquals(503, draining.statusCode());
    assertEquals("going down\n", body(draining));
  }

  @Test
  void theStatusPageSaysWhereTrafficGoesAndWhyNotElsewhere() throws Exception {
    ethereum.verified().router.onIdentity("b", Identity.WRONG_CHAIN);
    ethereum.router.onHead("a", 1_234);
    ethereum.router.onHead("c", 1_234);
    ethereum.router.setChainHead(1_234);
    RoutingTable table = ethereum.table();
    view.tables = List.of(table);
    view.latency.add(
        new LatencyRow(
            ethereum.upstream("a"),
            MethodClass.LIGHT,
            100,
            new LatencyRow.Quantiles(11.5, 22.5, 33.5),
            12));
    String page = page();
    for (String shown : List.of("aws/us-1", "1234", "11.5", "22.5", "33.5", "of light calls")) {
      assertTrue(page.contains(shown), shown + " in " + page);
    }
    String reason = new Html().text(table.status(ethereum.upstream("b")).reason()).toString();
    assertTrue(page.contains(reason), reason);
    assertTrue(page.contains("http-equiv=\"refresh\""));
  }

  @Test
  void everyValueIsEscaped() throws Exception {
    TestChain evil = new TestChain("<script>alert(1)</script>");
    evil.configure(List.of(TestChain.spec("\"><img src=x>", "<b>", "'r'")));
    view.tables = List.of(evil.table());
    RoutingEvent event =
        new RoutingEvent(
            "<i>", RoutingEvent.Kind.DRAINED, "<u>", "<script>x</script>", "<a href=''>", 1, 0);
    view.events.add(new StampedEvent(1, Instant.EPOCH, event));
    String page = page();
    assertFalse(page.contains("<script"), page);
    for (String markup : List.of("<img", "<b>", "<i>", "<u>", "<a ")) {
      assertFalse(page.contains(markup), markup);
    }
    assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assertTrue(page.contains("100.0 % → 0.0 %"));
  }

  @Test
  void thePageNeedsNoScriptAndNoNetwork() throws Exception {
    HttpResponse<byte[]> response = send("GET", "/");
    assertTrue(body(response).contains("Starting."));
    assertFalse(body(response).contains("src="));
    assertFalse(body(response).contains("href="));
    assertTrue(
        response
            .headers()
            .firstValue("content-security-policy")
            .orElse("")
            .startsWith("default-src 'none'"));
  }

  @Test
  void otherPathsAndVerbsAreTurnedAway() throws Exception {
    assertEquals(404, send("GET", "/metricsx").statusCode());
    HttpResponse<byte[]> post = send("POST", "/metrics");
    assertEquals(405, post.statusCode());
    assertEquals("GET, HEAD", post.headers().firstValue("allow").orElse(""));
  }

  @Test
  void headSaysTheSameWithoutABody() throws Exception {
    HttpResponse<byte[]> get = send("GET", "/healthz");
    HttpResponse<byte[]> head = send("HEAD", "/healthz");
    assertEquals(200, head.statusCode());
    assertEquals(0, head.body().length);
    assertEquals(
        get.headers().firstValue("content-length"), head.headers().firstValue("content-length"));
    assertEquals(200, send("HEAD", "/metrics", "Accept-Encoding", "gzip").statusCode());
    assertEquals(200, send("GET", "/healthz").statusCode());
  }

  @Test
  void rubbishIsAnsweredAndTheConnectionClosed() throws Exception {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write("\u0001 rubbish\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    }
  }
}
