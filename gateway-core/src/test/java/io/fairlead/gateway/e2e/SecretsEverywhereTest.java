package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.cli.FairleadCommand;
import io.fairlead.gateway.e2e.GatewayProcess.Extras;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.FlightRecording;
import io.fairlead.gateway.testing.StubNode;
import io.fairlead.gateway.testing.StubServer.Request;
import io.fairlead.gateway.testing.TestPki;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A secret in each place of a configuration that may hold one, and a look at everything that the
 * process lets out: its log with every logger of ours at trace, metrics, pages, admin answers, the
 * answers of clients with their heads, what {@code check} says, and a flight recording with all
 * exceptions, which has the threads' names too.
 */
final class SecretsEverywhereTest {
  private static final String MARK = "s3cr3t";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String TOKEN = "s3cr3t-token-of-alice";
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";

  /** An upstream that repeats the key that it refuses. */
  private static final byte[] REFUSAL =
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":"
              + "{\"code\":-32000,\"message\":\"invalid api key s3cr3t-path\"}}")
          .getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path dir = Path.of("");
  private final Map<String, String> seen = new LinkedHashMap<>();
  private final TestPki authority = new TestPki("servers");

  private String config(StubNode node, StubNode other) {
    return String.format(
        Locale.ROOT,
        """
        admin: { tokens: [ { name: alice, token: "%3$s" } ] }
        routing: { hedge: off }
        cache: off
        chains:
          ethereum:
            chainId: 1
            upstreams:
              - id: one
                url: "http://s3cr3t-user:s3cr3t-pass@%1$s/s3cr3t-path?k=s3cr3t-query"
                ws: "ws://%1$s/s3cr3t-ws?k=s3cr3t-wsquery"
                headers:
                  X-Plain: s3cr3t-header
                  X-Environment: "${MARKED}"
                  X-File: "${file:marked}"
              - id: other-chain
                url: "http://%2$s/s3cr3t-wrong"
                cloud: gcp
              - id: gone
                url: "http://127.0.0.1:1/s3cr3t-gone"
                cloud: azure
              - id: unknown-name
                url: "https://nowhere.invalid/s3cr3t-name"
                cloud: home
              - id: forbidden
                url: "http://169.254.169.254/s3cr3t-metadata"
                cloud: edge
        """,
        node.uri().getAuthority(),
        other.uri().getAuthority(),
        TOKEN);
  }

  /** The profile of the JDK, with exceptions; their messages are what leaks first. */
  private Path settings() throws IOException {
    Path profile = Path.of(System.getProperty("java.home"), "lib", "jfr", "profile.jfc");
    String text = Files.readString(profile);
    String[] halves = text.split("name=\"jdk.JavaExceptionThrow\">", 2);
    String more = halves[1].replaceFirst("(name=\"enabled\"[^>]*>)false", "$1true");
    return Files.writeString(
        dir.resolve("all.jfc"), halves[0] + "name=\"jdk.JavaExceptionThrow\">" + more);
  }

  private Extras extras() throws IOException {
    Path logback = dir.resolve("logback.xml");
    Files.writeString(
        logback,
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %level %logger [%thread] %msg%n%xEx</pattern></encoder>
          </appender>
          <logger name="io.grpc.netty" level="INFO"/>
          <root level="TRACE"><appender-ref ref="out"/></root>
        </configuration>
        """);
    return new Extras(
        List.of(
            "-Dlogback.configurationFile=" + logback,
            "-XX:StartFlightRecording:filename="
                + dir.resolve("flight.jfr")
                + ",settings="
                + settings()),
        Map.of("MARKED", "s3cr3t-environment"),
        ", tls: { certificate: rpc.crt, key: rpc.key }");
  }

  @Test
  void noSecretLeavesTheProcess() throws Exception {
    Files.writeString(dir.resolve("marked"), "s3cr3t-file\n");
    TestPki.write(dir, "rpc", authority.issue("rpc"));
    List<String> marks = new ArrayList<>(List.of(MARK));
    Files.readAllLines(dir.resolve("rpc.key")).stream()
        .filter(line -> !line.startsWith("-----") && line.length() >= 16)
        .forEach(marks::add);
    marks.add(base64("s3cr3t-user:s3cr3t-pass"));
    assertTrue(marks.size() > 3);
    try (StubNode node = new StubNode("node", 1);
        StubNode other = new StubNode("other", 5)) {
      try (GatewayProcess gateway = new GatewayProcess(dir, config(node, other), extras())) {
        ask(gateway, node);
        operate(gateway, config(node, other));
        gateway.signal("TERM");
        assertEquals(0, gateway.await());
        seen.put("log", gateway.log());
      }
    }
    fly();
    assertTrue(seen.getOrDefault("log", "").contains("TRACE"), "all was logged");
    seen.forEach((where, text) -> marks.forEach(mark -> assertAbsent(where, text, mark)));
  }

  private static void assertAbsent(String where, String text, String mark) {
    int at = text.indexOf(mark);
    assertFalse(
        at >= 0,
        () ->
            where
                + ": "
                + text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 200)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Calls by a client with a key of its own, while the upstream fails in every way. */
  private void ask(GatewayProcess gateway, StubNode node) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(authority.client()).build();
    note("first", call(client, gateway));
    Request request = node.calls("eth_getBalance").get(0);
    assertEquals("/s3cr3t-path?k=s3cr3t-query", request.target());
    assertEquals("s3cr3t-environment", request.headers().get("x-environment"));
    assertEquals("s3cr3t-file", request.headers().get("x-file"));
    for (int status : List.of(301, 401, 403, 404, 429, 500, 503)) {
      node.on(
          "eth_getBalance", (c, reply) -> reply.send(status, Map.of("Location", MARK), REFUSAL));
      note("answer " + status, call(client, gateway));
    }
    node.on("eth_getBalance", (c, reply) -> reply.reset());
    note("reset", call(client, gateway));
    node.on("eth_getBalance", (c, reply) -> reply.json("not json"));
    note("not json", call(client, gateway));
    URI wrong = URI.create("https://127.0.0.1:" + gateway.rpcPort() + "/nochain/s3cr3t-key/more");
    note("unknown path", send(client, wrong));
    node.refuse();
    note("refused", call(client, gateway));
  }

  private static HttpResponse<String> call(HttpClient client, GatewayProcess gateway)
      throws Exception {
    return send(
        client,
        URI.create("https://127.0.0.1:" + gateway.rpcPort() + "/ethereum/s3cr3t-client-key"));
  }

  private static HttpResponse<String> send(HttpClient client, URI uri) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri).timeout(SOON).POST(BodyPublishers.ofString(BALANCE)).build(),
        BodyHandlers.ofString());
  }

  private void note(String where, HttpResponse<String> answer) {
    seen.put(where, answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
  }

  /** Everything that operators can ask for, and files with mistakes. */
  private void operate(GatewayProcess gateway, String config) throws IOException {
    for (String page : List.of("/", "/metrics", "/readyz", "/healthz")) {
      seen.put("ops " + page, gateway.page(page));
    }
    run(gateway, 0, "routes", "--json");
    run(gateway, 0, "routes", "--explain", "gone");
    run(gateway, 0, "subscriptions");
    run(gateway, 0, "drain", "one", "--reason", "works");
    run(gateway, 0, "events");
    seen.put("no token", command("routes", "--admin", gateway.adminAddress()));
    for (String mistake :
        List.of(
            config.replace("chainId", "s3cr3t-key"),
            config.replace("token: \"" + TOKEN, "token: \"s3cr3t with spaces"),
            config.replace("http://s3cr3t-user", "gopher://s3cr3t-user"),
            config.replace("X-Plain: s3cr3t-header", "X-Plain: [s3cr3t-header]"),
            config.replace("${MARKED}", "${MARKED}\\u0007"),
            config.replace("${file:marked}", "${file:}s3cr3t-file"),
            config.replace("azure", "\"s3cr3t"))) {
      gateway.write(mistake);
      seen.put("check " + seen.size(), command("check", "-c", gateway.file().toString()));
    }
    gateway.write(config.replace("http://s3cr3t-user", "gopher://s3cr3t-user"));
    try {
      gateway.signal("HUP");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Eventually.holds("refused", SOON, () -> gateway.log().contains("not reloaded"));
  }

  private void run(GatewayProcess gateway, int expected, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--admin", gateway.adminAddress(), "--token", TOKEN));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    int status = FairleadCommand.run(out, out, all.toArray(String[]::new));
    assertEquals(expected, status, text::toString);
    seen.put(String.join(" ", args), text.toString());
  }

  private static String command(String... args) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    FairleadCommand.run(out, out, args);
    return text.toString();
  }

  private void fly() throws IOException {
    String all = FlightRecording.text(dir.resolve("flight.jfr"));
    assertTrue(all.contains("fairlead-io"), "the flight has threads");
    assertTrue(all.contains("jdk.JavaExceptionThrow"), "the flight has exceptions");
    seen.put("flight", all);
  }
}
