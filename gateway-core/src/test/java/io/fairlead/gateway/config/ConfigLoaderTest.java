package io.fairlead.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.config.ConfigResult.Loaded;
import io.fairlead.gateway.config.ConfigResult.Refused;
import io.fairlead.gateway.config.yaml.TextFile;
import io.fairlead.routing.FailureDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
  private static final Path FILE = Path.of("fairlead.yaml");
  private static final String SMALLEST =
      "chains:\n  eth:\n    upstreams:\n      - url: http://127.0.0.1:8546\n";

  @Test
  void smallestFileHasEveryDefault() {
    FairleadConfig config = loaded(SMALLEST);
    FairleadConfig built =
        FairleadConfig.of(
            new ChainConfig(
                "eth",
                ChainConfig.Identity.DEFAULT,
                MethodRules.NONE,
                List.of(UpstreamConfig.of("127.0.0.1-8546", "http://127.0.0.1:8546"))));
    assertEquals(built.in(FILE.toAbsolutePath().resolveSibling("")), config);
  }

  @Test
  void aCharacterBeyondTheBasicPlaneMayStandAnywhere() {
    for (int before = 1000; before < 1050; before++) {
      loaded(
          "#"
              + "x".repeat(before)
              + "\ud83d\ude00\nchains: { a: { upstreams: [ { url: http://a } ] } }");
    }
  }

  @Test
  void everyValueArrivesTyped() {
    FairleadConfig config =
        loaded(
            """
            listen: { rpc: 0.0.0.0:80, ops: "[::1]:0", debugHeaders: false, explainFrom: [10.0.0.0/8], transport: nio, loops: 2 }
            chains:
              base:
                chainId: 0x2105
                blockTime: 2s
                upstreams:
                  - id: a-1
                    url: https://u:p@a.example/v1/key?x=1
                    ws: wss://a.example
                    cloud: aws
                    region: us-east-1
                    vendor: acme
                    labels: { asn: "16509" }
                    kind: bare-metal
                    weight: 7
                    tier: 2
                    maxConcurrency: 9
                    headers: { Authorization: Bearer x }
            routing: { bias: 1.5, maxShare: { cloud: 40%, asn: 12.5% }, hedge: off }
            cache: off
            limits: { body: 64KiB }
            state: { dir: /var/lib/fairlead }
            """);
    assertEquals(new HostPort("0.0.0.0", 80), config.listen().rpc());
    assertEquals(new HostPort("::1", 0), config.listen().ops());
    assertEquals(
        new ListenConfig.Loops(ListenConfig.Transport.NIO, OptionalInt.of(2)),
        config.listen().loops());
    assertFalse(config.listen().answers().debugHeaders());
    assertEquals("[10.0.0.0/8]", config.listen().answers().explainFrom().toString());
    ChainConfig chain = only(config.chains());
    assertEquals(OptionalLong.of(8453), chain.identity().chainId());
    assertEquals(Duration.ofSeconds(2), chain.identity().blockTime());
    UpstreamConfig upstream = chain.upstreams().get(0);
    assertEquals("/v1/key?x=1", upstream.endpoint().url().target().reveal());
    assertEquals("Bearer x", only(upstream.endpoint().headers()).reveal());
    assertEquals(
        List.of(
            FailureDomain.region("aws", "us-east-1"),
            FailureDomain.cloud("aws"),
            new FailureDomain("vendor", "acme"),
            new FailureDomain("asn", "16509")),
        upstream.toSpec().domains());
    assertEquals(new UpstreamConfig.Capacity(7, 2, OptionalInt.of(9)), upstream.capacity());
    assertEquals(UpstreamConfig.Kind.BARE_METAL, upstream.place().kind());
    assertEquals(
        new RoutingConfig.Spread(1.5, Map.of("cloud", 0.4, "asn", 0.125)),
        config.routing().spread());
    assertTrue(config.routing().hedge().isEmpty());
    assertTrue(config.services().cache().isEmpty());
    assertEquals(65_536, config.services().limits().body().bytes());
    assertEquals(Path.of("/var/lib/fairlead"), config.services().stateDir());
  }

  @Test
  void allProblemsComeAtOnceInTheFilesOrder() {
    assertEquals(
        List.of(
            "fairlead.yaml:1:16: listen.rpc: 8545 (expected: host:port, like 127.0.0.1:8545 or"
                + " [::1]:8545, or unix:PATH)",
            "fairlead.yaml:5:14: chains.eth.upstreams[0].url: *** (expected: an http or https URL)",
            "fairlead.yaml:6:17: chains.eth.upstreams[0].weight: 10001 (expected: 0 to 10000)",
            "fairlead.yaml:7:9: chains.eth.upstreams[1].url: missing (expected: an http or https"
                + " URL)",
            "fairlead.yaml:8:12: routing.bais: unknown key (expected: one of bias, maxShare,"
                + " maxLag, timeout, retry, hedge; did you mean bias?)"),
        problems(
            """
            listen: { rpc: 8545 }
            chains:
              eth:
                upstreams:
                  - url: ftp://example/secret
                    weight: 10001
                  - id: b
            routing: { bais: 2 }
            """));
  }

  @Test
  void methodsAreDefinedInTheWordsOfTheMethodData() {
    ChainConfig chain =
        only(
            loaded(
                    """
                    chains:
                      eth:
                        methods:
                          allow: [acme_a]
                          define:
                            acme_a: { class: light, repeatable: true, head: "block:1?", needs: nothing }
                            "acme_*": { cache: head }
                        upstreams: [{ url: "http://a" }]
                    """)
                .chains());
    assertEquals(List.of("acme_a"), chain.methods().allow());
    assertEquals(
        List.of(
            new MethodDefinition(
                "acme_a",
                Map.of("class", "light", "repeatable", "yes", "head", "block:1?", "needs", "-")),
            new MethodDefinition("acme_*", Map.of("cache", "head"))),
        chain.defined());
  }

  @Test
  void aMethodsDefinitionIsReadStrictly() {
    assertEquals(
        List.of(
            "fairlead.yaml:5:26: chains.eth.methods.define.acme_a.class: heavy (expected: one of"
                + " light, read, logs, trace, write)",
            "fairlead.yaml:5:45: chains.eth.methods.define.acme_a.repeatable: yes (expected: true"
                + " or false)",
            "fairlead.yaml:5:56: chains.eth.methods.define.acme_a.head: block:9 (expected: never,"
                + " always, block:N, block:N? or range:N, N from 0 to 3)",
            "fairlead.yaml:6:19: chains.eth.methods.define.acme_b.chache: unknown key (expected:"
                + " one of class, repeatable, head, shows, needs, dispatch, cache, access, answer;"
                + " did you mean cache?)",
            "fairlead.yaml:7:9: chains.eth.methods.define: *_c (expected: a method's name, or its"
                + " beginning and *, like \"acme_*\")"),
        problems(
            """
            chains:
              eth:
                methods:
                  define:
                    acme_a: { class: heavy, repeatable: yes, head: "block:9" }
                    acme_b: { chache: head }
                    "*_c": { cache: head }
                upstreams: [{ url: "http://a" }]
            """));
  }

  @Test
  void repeatedIdsAndKeysNameTheFirstLine() {
    assertEquals(
        List.of(
            "fairlead.yaml:6:23: chains.eth.upstreams[1].id: taken (expected: an id of its own;"
                + " line 5 has the same)",
            "fairlead.yaml:7:1: chains: given again (expected: once; it is on line 1)"),
        problems(
                """
                chains:
                  eth:
                    upstreams:
                      # both have the same
                      - { id: a, url: http://a.example }
                      - { url: x, id: a }
                chains: {}
                """)
            .stream()
            .filter(p -> !p.contains("url"))
            .toList());
  }

  @Test
  void listenersNeedPortsOfTheirOwn() {
    assertEquals(
        List.of(
            "fairlead.yaml:1:16: listen.rpc: taken (expected: a port of its own; listen.admin has"
                + " the same)"),
        problems("listen: { rpc: 0.0.0.0:9545 }\n" + SMALLEST));
    loaded("listen: { rpc: 127.0.0.1:0, admin: 127.0.0.1:0 }\n" + SMALLEST);
    loaded("listen: { rpc: 127.0.0.2:9545 }\n" + SMALLEST);
  }

  @Test
  void filesOfTlsAreRelativeToTheConfiguration() {
    FairleadConfig config =
        loaded(
            "listen: { tls: { certificate: a.crt, key: /k/a.key, clientCa: c.crt } }\n" + SMALLEST);
    TlsConfig tls = config.listen().encryption().rpc().orElseThrow();
    Path folder = Path.of("").toAbsolutePath();
    assertEquals(folder.resolve("a.crt"), tls.certificate());
    assertEquals(Path.of("/k/a.key"), tls.key());
    assertEquals(Optional.of(folder.resolve("c.crt")), tls.clientCa());
    assertEquals(TlsConfig.ClientAuth.REQUIRED, tls.clientAuth());
  }

  @Test
  void clientsCertificatesNeedAnAuthorityAndTheOtherWayRound() {
    String tls = "listen: { tls: { certificate: a.crt, key: a.key, ";
    assertEquals(1, problems(tls + "clientAuth: required } }\n" + SMALLEST).size());
    assertEquals(1, problems(tls + "clientAuth: optional } }\n" + SMALLEST).size());
    assertEquals(1, problems(tls + "clientAuth: none, clientCa: c.crt } }\n" + SMALLEST).size());
    loaded(tls + "clientAuth: optional, clientCa: c.crt } }\n" + SMALLEST);
    loaded(tls + "clientAuth: none } }\n" + SMALLEST);
  }

  @Test
  void operatorsCertificatesStandInForTokens() {
    String admin = "listen: { admin: 0.0.0.0:9545, adminTls: { certificate: a.crt, key: a.key";
    loaded(admin + ", clientCa: c.crt } }\n" + SMALLEST);
    assertEquals(1, problems(admin + " } }\n" + SMALLEST).size());
  }

  @Test
  void adminBeyondLoopbackNeedsAToken() {
    assertEquals(
        List.of(
            "fairlead.yaml:1:18: listen.admin: beyond loopback without a token (expected:"
                + " admin.tokens, listen.adminTls.clientCa or a loopback address)"),
        problems("listen: { admin: 0.0.0.0:9545 }\n" + SMALLEST));
    assertEquals(
        1, problems("listen: { admin: \"[::]:9545\" }\nadmin: { tokens: [] }\n" + SMALLEST).size());
    FairleadConfig config =
        loaded(
            "listen: { admin: 0.0.0.0:9545 }\n"
                + "admin: { tokens: [ { name: alice, token: 0123456789abcdef } ] }\n"
                + SMALLEST);
    assertEquals("alice", config.admin().tokens().get(0).name());
  }

  @Test
  void boundForAnUnknownKindOfDomainIsRefused() {
    assertEquals(
        List.of(
            "fairlead.yaml:1:30: routing.maxShare.clud: no upstream has it (expected: cloud,"
                + " region, vendor)"),
        problems("routing: { maxShare: { clud: 40% } }\n" + SMALLEST));
  }

  @Test
  void otherFamiliesAreRefusedHonestly() {
    assertEquals(
        List.of(
            "fairlead.yaml:3:13: chains.sol.family: solana (expected: evm; other families are not"
                + " served yet)"),
        problems(
            """
            chains:
              sol:
                family: solana
                upstreams: [ { url: "http://a.example" } ]
            """));
  }

  @Test
  void numbersAndTextsAreNotTheSame() {
    assertEquals(
        List.of(
            "fairlead.yaml:4:36: chains.eth.upstreams[0].weight: 7 (expected: 0 to 10000, without"
                + " quotes)",
            "fairlead.yaml:4:49: chains.eth.upstreams[0].vendor: 12 (expected: letters, digits,"
                + " '.', '_' and '-', a letter or digit first, at most 100, in quotes)"),
        problems(
            """
            chains:
              eth:
                upstreams:
                  - { url: http://a.b, weight: "7", vendor: 12 }
            """));
  }

  @Test
  void emptySectionsAndChainsAreRefused() {
    assertEquals(
        List.of("fairlead.yaml:1:1: file: empty (expected: a section with keys)"), problems(""));
    assertEquals(
        List.of("fairlead.yaml:1:9: chains: empty (expected: a section with at least one name)"),
        problems("chains: {}"));
    assertEquals(
        List.of("fairlead.yaml:1:9: routing: empty (expected: a section with keys)"),
        problems("routing:\n" + SMALLEST));
  }

  @Test
  void brokenYamlIsRefusedWhereItBreaks() {
    assertEquals(
        List.of("fairlead.yaml:2:4: file: not YAML (mapping values are not allowed here)"),
        problems("chains: a\n  b: c\n"));
    assertEquals(1, problems("a: [").size());
    assertEquals(
        List.of("fairlead.yaml:1:9: file: an alias without an anchor before it"),
        problems("chains: *nothing"));
    assertEquals(
        List.of("fairlead.yaml:1:9: file: a tag (expected: none; write the value alone)"),
        problems("chains: !!map {}"));
    assertEquals(
        List.of("fairlead.yaml:5:1: file: a second document (expected: one)"),
        problems(SMALLEST + "---\na: b\n"));
    assertTrue(problems("[".repeat(5_000)).get(0).contains("too deep"));
  }

  @Test
  void anchorsSpareRepetition() {
    FairleadConfig config =
        loaded(
            """
            chains:
              eth:
                upstreams:
                  - { url: http://a.example, headers: &h { X-Key: one } }
                  - { url: http://b.example, headers: *h }
            """);
    List<UpstreamConfig> upstreams = only(config.chains()).upstreams();
    assertEquals(upstreams.get(0).endpoint().headers(), upstreams.get(1).endpoint().headers());
  }

  @Test
  void derivedIdsAreUniqueAndYieldToGivenOnes() {
    FairleadConfig config =
        loaded(
            """
            chains:
              eth:
                upstreams:
                  - url: https://rpc.example/key-a
                  - url: https://rpc.example/key-b
                  - { url: "https://rpc.example/key-c", id: rpc.example-2 }
                  - url: http://[::1]:8545
            """);
    assertEquals(
        List.of("rpc.example", "rpc.example-3", "rpc.example-2", "1-8545"),
        only(config.chains()).upstreams().stream().map(UpstreamConfig::id).toList());
  }

  @Test
  void secretsAreInNoMessageAndNoText() {
    String text =
        """
        chains:
          eth:
            upstreams:
              - url: https://SECRET:SECRET@a.example/SECRET?SECRET
                ws: wss://a.example/SECRET
                headers: { X-Key: SECRET }
        admin: { tokens: [ { name: a, token: SECRETSECRETSECRET } ] }
        """;
    assertFalse(loaded(text).toString().contains("SECRET"));
    String wrong =
        """
        chains:
          eth:
            upstreams:
              - url: https://a.example:SECRET
                ws: [ SECRET ]
                headers: { "X Key SECRET": a, Authorization:SECRET, X: "SEC\\nRET" }
              - url:https://a.example/SECRET1
              - { url:https://a.example/SECRET2, weight: "${WEIGHT}" }
              - SECRET
        admin: { tokens: [ { name: "a", token: SECRET }, SECRET3 ] }
        """;
    List<String> problems = refused(wrong, Map.of("WEIGHT", "SECRET"));
    assertTrue(problems.size() >= 9, problems.toString());
    assertFalse(problems.toString().contains("SECRET"), problems.toString());
    assertFalse(problems.toString().contains("RET"), problems.toString());
  }

  @Test
  void missingAndUnreadableFilesAreProblems(@TempDir Path dir) throws IOException {
    Path missing = dir.resolve("none.yaml");
    assertEquals(
        missing + ":1:1: file: does not exist (expected: a configuration file)",
        problems(ConfigLoader.load(missing, Map.of())).get(0));
    assertEquals(
        dir + ":1:1: file: cannot be read (expected: a readable file)",
        problems(ConfigLoader.load(dir, Map.of())).get(0));
    Path latin =
        Files.write(dir.resolve("l.yaml"), "a: b\nc: \u00fc".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        latin + ":2:4: file: not text (expected: UTF-8)",
        problems(ConfigLoader.load(latin, Map.of())).get(0));
    Path large = Files.write(dir.resolve("large.yaml"), new byte[TextFile.MAX_BYTES + 1]);
    assertEquals(
        large + ":1:1: file: too large (expected: up to 1MiB)",
        problems(ConfigLoader.load(large, Map.of())).get(0));
    Path marked = Files.writeString(dir.resolve("marked.yaml"), "\uFEFF" + SMALLEST);
    Loaded loaded = assertInstanceOf(Loaded.class, ConfigLoader.load(marked, Map.of()));
    assertEquals(dir.resolve("fairlead-state"), loaded.config().services().stateDir());
  }

  @Test
  void digestFollowsTheFileAndAllItRefersTo(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("f.yaml");
    Files.writeString(
        file, SMALLEST.replace("8546", "8546/${file:key}") + "state: { dir: \"${D:-a}\" }\n");
    Files.writeString(dir.resolve("key"), "one");
    String first = ConfigLoader.load(file, Map.of()).digest();
    assertEquals(first, ConfigLoader.load(file, Map.of("OTHER", "x")).digest());
    assertNotEquals(first, ConfigLoader.load(file, Map.of("D", "b")).digest());
    Files.writeString(dir.resolve("key"), "two");
    String second = ConfigLoader.load(file, Map.of()).digest();
    assertNotEquals(first, second);
    Files.delete(dir.resolve("key"));
    assertNotEquals(second, ConfigLoader.load(file, Map.of()).digest());
  }

  private static <T> T only(Map<String, T> map) {
    assertEquals(1, map.size());
    return map.values().iterator().next();
  }

  private static FairleadConfig loaded(String text) {
    ConfigResult result = ConfigLoader.parse(FILE, text, Map.of());
    return assertInstanceOf(Loaded.class, result, result::toString).config();
  }

  private static List<String> problems(String text) {
    return refused(text, Map.of());
  }

  private static List<String> refused(String text, Map<String, String> environment) {
    return problems(ConfigLoader.parse(FILE, text, environment));
  }

  private static List<String> problems(ConfigResult result) {
    return assertInstanceOf(Refused.class, result, result::toString).problems().stream()
        .map(Problem::toString)
        .toList();
  }
}
