package io.fairlead.gateway.cli.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.admin.AdminFixture;
import io.fairlead.gateway.cli.FairleadCommand;
import io.fairlead.gateway.config.FairleadConfig.Admin;
import io.fairlead.gateway.config.FairleadConfig.Token;
import io.fairlead.gateway.config.Secret;
import io.fairlead.gateway.control.KnownGap;
import io.fairlead.gateway.control.KnownGap.Sort;
import io.fairlead.gateway.testing.StubServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user types them, against a real admin port. */
class AdminCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir = Path.of("");
  private AdminFixture admin;

  @BeforeEach
  void start() throws Exception {
    admin = AdminFixture.open(dir.resolve("state"));
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  @Test
  void routesAreAnAlignedTable() {
    run("weight", "aws-1", "50", "--chain", "ethereum", "--author", "alice", "--reason", "slow");
    run("drain", "cloud:gcp", "--ttl", "10m", "--author", "bob");
    Ran ran = run("routes");
    assertEquals(0, ran.status);
    assertEquals(
        """
        ethereum  version 3  head 21034567
        UPSTREAM  CLOUD  REGION        TIER        WEIGHT  SHARE  OPERATOR  HEALTH   FRESHNESS  LAG  IN FLIGHT  REASON
        aws-1     aws    us-east-1        0  50 (was 100)  33.3%  active    healthy  current      1          0
        aws-2     aws    us-east-1        0           100  66.7%  active    healthy  current      1          0
        gcp-1     gcp    europe-west4     0           200   0.0%  draining  healthy  current      1          0  drained by bob: until 2026-11-20T12:10:00Z

        gnosis  version 3  head 21034567
        UPSTREAM  CLOUD  REGION     TIER  WEIGHT   SHARE  OPERATOR  HEALTH   FRESHNESS  LAG  IN FLIGHT  REASON
        aws-1     aws    us-east-1     0     100  100.0%  active    healthy  current      1          0

        overrides
        ID  WHAT       TARGET     CHAIN     AUTHOR  SINCE                 UNTIL                 REASON
        o1  weight 50  aws-1      ethereum  alice   2026-11-20T12:00:00Z  restored              slow
        o2  drain      cloud:gcp  all       bob     2026-11-20T12:00:00Z  2026-11-20T12:10:00Z
        """,
        ran.out.replaceAll("version \\d+", "version 3"));
    assertEquals("", ran.err);
  }

  @Test
  void subscriptionsAreListedByChain() {
    Ran ran = run("subscriptions");
    assertEquals(0, ran.status);
    assertEquals(
        """
        ethereum  13 subscriptions to 2 topics  heads from aws-1 (pushes at 21034567), gcp-1 (polled)
        SUBSCRIPTIONS  KIND      FILTER
                   12  newHeads
                    1  logs      address 0xab

        gnosis  0 subscriptions to 0 topics  heads from nobody
        """,
        ran.out);
    Ran one = run("subscriptions", "--chain", "ethereum", "--limit", "1");
    assertFalse(one.out.contains("0xab") || one.out.contains("gnosis"), one.out);
  }

  @Test
  void subscriptionsAreJsonForScripts() throws Exception {
    JsonNode chain = JSON.readTree(run("subscriptions", "--json").out).get("chains").get(0);
    assertEquals(13, chain.get("subscriptions").asInt());
    assertEquals("newHeads", chain.get("busiest").get(0).get("kind").asText());
    assertEquals(21_034_567, chain.get("sources").get(0).get("headBlock").asLong());
    assertFalse(chain.get("sources").get(1).has("headBlock"));
  }

  @Test
  void subscriptionsOfAChainThatIsNotThereAreAnError() {
    Ran ran = run("subscriptions", "--chain", "gnsis");
    assertEquals(1, ran.status);
    assertTrue(ran.err.contains("did you mean gnosis?"), ran.err);
  }

  @Test
  void whyAddsEveryFactor() {
    Ran ran = run("routes", "--chain", "gnosis", "--why", "--class", "logs");
    assertTrue(ran.out.contains("aws-1  logs 100.0%  at the head 100.0%"), ran.out);
    assertTrue(ran.out.contains("\n  weight       100.000  configured\n"), ran.out);
    assertFalse(ran.out.contains("ethereum"), ran.out);
  }

  @Test
  void explainShowsFactorsArithmeticAndEvents() {
    run("weight", "aws-1", "50", "--chain", "ethereum", "--author", "alice", "--reason", "slow");
    run("drain", "cloud:gcp", "--chain", "ethereum", "--author", "bob");
    assertEquals(
        """
        ethereum  version 3  aws-1: serving
          read  33.3%
            weight         50.0000  set by alice: slow
            readiness       1.0000  serving
            preference      1.0000  bias 0: weights alone
            trickle         0.0013  0.4 % follow the weights alone
            base  0.333333 = (1 - 0.004) x 50 x 1.000000 / 150.0000 + 0.004 x 50 / 150
            share 0.333333 = base x readiness 1.0000 x tier 1.0000 x cap 1.0000
          2026-11-20T12:00:00Z  ethereum  weight aws-1 25.0% -> 14.3% by alice: to 50: slow
        """,
        run("routes", "--explain", "aws-1", "--chain", "ethereum")
            .out
            .replaceAll("version \\d+", "version 3"));
    Ran drained = run("routes", "--explain", "gcp-1", "--class", "trace");
    assertTrue(drained.out.contains("  trace  0.0%\n"), drained.out);
    assertTrue(drained.out.contains("readiness       0.0000  drained by bob"), drained.out);
    assertTrue(drained.out.contains("drained cloud:gcp 57.1% -> 0.0% by bob"), drained.out);
  }

  @Test
  void explainTellsWhatAnUpstreamLacks() throws IOException {
    admin
        .fleet()
        .setGaps(
            List.of(
                new KnownGap(
                    Sort.DATA, "state", OptionalLong.of(20_999_872), Duration.ofMinutes(118)),
                new KnownGap(Sort.DATA, "traces", OptionalLong.empty(), Duration.ofMinutes(9)),
                new KnownGap(
                    Sort.METHOD,
                    "trace_\u001bblock",
                    OptionalLong.empty(),
                    Duration.ofSeconds(29))));
    String text = run("routes", "--explain", "aws-1", "--chain", "ethereum").out;
    String lacks =
        """
          lacks state before block 20999872, believed for 118m
          lacks traces, believed for 9m
          lacks method trace_?block, believed for 29s
        """;
    assertTrue(text.contains(lacks), text);
    assertFalse(run("routes", "--explain", "gcp-1").out.contains("lacks"));
    JsonNode gaps =
        JSON.readTree(run("routes", "--explain", "aws-1", "--json").out).at("/explanations/0/gaps");
    assertEquals("state", gaps.at("/0/data").textValue());
    assertEquals(20_999_872, gaps.at("/0/oldestBlock").longValue());
    assertFalse(gaps.path(1).has("oldestBlock"));
    assertEquals(29, gaps.at("/2/leftSeconds").longValue());
  }

  @Test
  void explainAsJsonCarriesTheArithmetic() throws IOException {
    JsonNode explained = JSON.readTree(run("routes", "--explain", "aws-1", "--json").out);
    assertEquals(2, explained.path("explanations").size());
    JsonNode share = explained.at("/explanations/0/shares/0");
    assertEquals("light", share.path("methodClass").textValue());
    assertEquals(400, share.at("/derivation/sumWeight").doubleValue());
    assertEquals(0.25, share.path("share").doubleValue(), 1e-12);
  }

  @Test
  void explainOfNobodySuggestsANameAndOfADomainIsRefused() {
    Ran misspelt = run("routes", "--explain", "asw-1");
    assertEquals(1, misspelt.status);
    assertTrue(misspelt.err.contains("did you mean aws-1?"), misspelt.err);
    Ran domain = run("routes", "--explain", "cloud:aws");
    assertEquals(2, domain.status);
    assertTrue(domain.err.contains("the id of one upstream"), domain.err);
  }

  @Test
  void routesAsJsonHaveStableNames() throws IOException {
    run("drain", "gcp-1", "--author", "bob");
    JsonNode routes = JSON.readTree(run("routes", "--json").out);
    JsonNode upstream = routes.at("/tables/0/upstreams/2");
    assertEquals("gcp-1", upstream.path("id").textValue());
    assertEquals("16509", upstream.at("/labels/asn").textValue());
    assertEquals("draining", upstream.path("administrative").textValue());
    assertEquals(21_034_566, upstream.path("headBlock").longValue());
    assertTrue(upstream.path("headBlock").isNumber());
    assertTrue(upstream.path("serving").isBoolean());
    assertEquals("2026-11-20T12:00:00Z", routes.at("/overrides/0/createdAt").textValue());
    assertFalse(routes.at("/overrides/0").has("expiresAt"));
    assertEquals("drain", routes.at("/overrides/0/kind").textValue());
    assertEquals("0.1.0", routes.path("gatewayVersion").textValue());
  }

  @Test
  void changesSayWhatHoldsNow() {
    Ran drained = run("drain", "cloud:aws", "--author", "bob", "--ttl", "90s");
    assertEquals(0, drained.status);
    assertEquals(
        """
        drained cloud:aws until 2026-11-20T12:01:30Z: ethereum/aws-1, ethereum/aws-2, gnosis/aws-1
        warning: gnosis: no upstream can serve now
        """,
        drained.out);
    assertEquals(
        """
        weight 70 for aws-2 until restored: ethereum/aws-2
        warning: ethereum: drained, so the weight waits for a restore: aws-2
        """,
        run("weight", "aws-2", "70", "--author", "bob").out);
    assertEquals(
        """
        restored cloud:aws: ethereum/aws-1, ethereum/aws-2, gnosis/aws-1
        no longer drain by bob of 2026-11-20T12:00:00Z
        """,
        run("restore", "cloud:aws").out);
  }

  @Test
  void theAuthorIsTheUserOfTheProcessUnlessNamed() {
    run("drain", "gcp-1");
    assertEquals(System.getProperty("user.name"), admin.control().overrides().get(0).by().author());
  }

  @Test
  void changesAsJsonCarryTheOverride() throws IOException {
    JsonNode change = JSON.readTree(run("weight", "gcp-1", "7", "--json", "--ttl", "1h").out);
    assertEquals(7, change.at("/override/weight").intValue());
    assertEquals("2026-11-20T13:00:00Z", change.at("/override/expiresAt").textValue());
    assertEquals("ethereum/gcp-1", change.at("/upstreams/0").textValue());
  }

  @Test
  void eventsAreALineEach() throws IOException {
    run("drain", "gcp-1", "--author", "bob", "--reason", "fire");
    run("restore", "gcp-1", "--author", "carol");
    assertEquals(
        """
        2026-11-20T12:00:00Z  ethereum  drained gcp-1 50.0% -> 0.0% by bob: fire
        2026-11-20T12:00:00Z  ethereum  restored gcp-1 0.0% -> 50.0% by carol: the drain set by bob ended
        """,
        run("events").out);
    List<String> lines = run("events", "--json", "--limit", "1").out.lines().toList();
    assertEquals(1, lines.size());
    JsonNode event = JSON.readTree(lines.get(0));
    assertEquals("restored", event.path("kind").textValue());
    assertEquals(2, event.path("sequence").longValue());
    assertEquals("", run("events", "--chain", "gnosis").out);
  }

  @Test
  void followShowsThePastAndEndsWithTheGateway() {
    run("drain", "gcp-1", "--author", "bob");
    Ran ran = runUntilShown("drained", "events", "--follow");
    assertEquals(1, ran.status);
    assertEquals(
        "2026-11-20T12:00:00Z  ethereum  drained gcp-1 50.0% -> 0.0% by bob: no reason given\n",
        ran.out);
    assertEquals("fairlead: the gateway at ADMIN has shut down\n", ran.err);
  }

  @Test
  void watchShowsTheTableAndEndsWithTheGateway() {
    Ran ran = runUntilShown("gnosis", "routes", "--watch", "--json");
    assertEquals(1, ran.status);
    assertEquals(1, ran.out.lines().count());
    assertEquals("fairlead: the gateway at ADMIN has shut down\n", ran.err);
  }

  @Test
  void whatIsNotFoundFailsWithASuggestion() {
    Ran ran = run("drain", "cloud:asw");
    assertEquals(1, ran.status);
    assertEquals("", ran.out);
    assertEquals(
        "fairlead: target: cloud:asw (expected: an upstream's id or a failure domain of the"
            + " configuration; did you mean cloud:aws?)\n",
        ran.err);
    assertEquals(1, run("restore", "gcp-1").status);
    assertEquals(1, run("routes", "--chain", "gnsis").status);
  }

  @Test
  void wrongUsageExitsWithTwo() {
    for (String line :
        List.of(
            "weight aws-1",
            "weight aws-1 many",
            "weight aws-1 10001",
            "weight aws-1 1 --ttl soon",
            "drain",
            "drain aws-1 --ttl 0s",
            "events --limit -5",
            "routes --admin nonsense")) {
      Ran ran = run(line.split(" ", -1));
      assertEquals(2, ran.status, line);
      assertEquals(1, ran.err.lines().count(), ran.err);
    }
    assertEquals(List.of(), admin.control().overrides());
  }

  @Test
  void noGatewayIsSaidWithWhatToDo() throws IOException {
    ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    String address = "127.0.0.1:" + closed.getLocalPort();
    closed.close();
    Ran ran = run("routes", "--admin", address);
    assertEquals(1, ran.status);
    assertEquals(
        "fairlead: no gateway answers at "
            + address
            + "; start it with ./fairlead run -c FILE or name it with --admin\n",
        ran.err);
  }

  @Test
  void aPortOfAnotherKindIsSaidToBeOne() {
    try (StubServer http =
        new StubServer(
            (request, reply) -> reply.send(400, Map.of(), "HTTP/1.1 alone".getBytes(UTF_8)))) {
      String address = "127.0.0.1:" + http.uri().getPort();
      Ran ran = run("routes", "--admin", address);
      assertEquals(1, ran.status);
      assertEquals(
          "fairlead: "
              + address
              + " answers, but is no plain admin port (listen.admin); name it with --admin"
              + " HOST:PORT, or give --tls-ca FILE if it speaks TLS (listen.adminTls)\n",
          ran.err);
    }
  }

  @Test
  void tokensComeFromTheOptionOrAFile() throws Exception {
    Admin access = new Admin(List.of(new Token("dora", Secret.of("doras-secret-token"))));
    Path file = dir.resolve("token");
    Files.writeString(file, "doras-secret-token\n");
    try (AdminFixture guarded = AdminFixture.open(dir.resolve("guarded"), access)) {
      String address = guarded.address();
      Ran refused = run("drain", "gcp-1", "--admin", address);
      assertEquals(1, refused.status);
      assertEquals(
          "fairlead: the gateway at "
              + address
              + " wants an admin token; give one with --token-file FILE or FAIRLEAD_TOKEN\n",
          refused.err);
      assertEquals(
          0, run("drain", "gcp-1", "--admin", address, "--token-file", file.toString()).status);
      assertEquals("dora", guarded.control().overrides().get(0).by().author());
      assertEquals(
          0, run("restore", "gcp-1", "--admin", address, "--token", "doras-secret-token").status);
      Ran unreadable = run("routes", "--token-file", dir.resolve("none").toString());
      assertEquals(1, unreadable.status);
      assertTrue(unreadable.err.startsWith("fairlead: --token-file: cannot be read: "));
    }
  }

  private Ran run(String... args) {
    return run(new StringWriter(), args);
  }

  /** Runs a command that goes on until the gateway ends, which it does when a text was shown. */
  private Ran runUntilShown(String text, String... args) {
    StringWriter out =
        new StringWriter() {
          @Override
          public void flush() {
            if (toString().contains(text)) {
              admin.close();
            }
          }
        };
    return run(out, args);
  }

  private Ran run(StringWriter out, String... args) {
    StringWriter err = new StringWriter();
    Stream<String> address =
        List.of(args).contains("--admin") ? Stream.of() : Stream.of("--admin", admin.address());
    String[] all = Stream.concat(Stream.of(args), address).toArray(String[]::new);
    int status = FairleadCommand.run(new PrintWriter(out), new PrintWriter(err), all);
    return new Ran(status, out.toString(), err.toString().replace(admin.address(), "ADMIN"));
  }

  private record Ran(int status, String out, String err) {}
}
