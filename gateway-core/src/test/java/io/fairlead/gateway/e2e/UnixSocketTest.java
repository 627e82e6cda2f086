package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.WireScene.BALANCE;
import static io.fairlead.gateway.e2e.WireScene.rpc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.app.Gateway;
import io.fairlead.gateway.app.GatewayOptions;
import io.fairlead.gateway.config.ConfigLoader;
import io.fairlead.gateway.config.ConfigResult;
import io.fairlead.gateway.net.Transport;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.RawWebSocket;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that come by a Unix domain socket are served as those that come by a port. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the modes of files are POSIX's")
final class UnixSocketTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CALL = rpc("\"a\"", BALANCE);

  @TempDir Path folder;

  private final StubNode node = new StubNode("node", 1);

  @AfterEach
  void stop() {
    node.close();
  }

  /** A gateway whose file names the socket by a path relative to the file. */
  private Gateway start(String listen) throws IOException {
    String yaml =
        String.format(
            Locale.ROOT,
            """
            listen: { rpc: "unix:fairlead.sock", admin: "127.0.0.1:0", ops: "127.0.0.1:0", %s }
            limits: { connectionsPerAddress: 1 }
            cache: off
            chains:
              ethereum:
                chainId: 1
                upstreams:
                  - { id: one, url: "%s", cloud: aws, region: a }
            """,
            listen,
            node.uri());
    Path file = folder.resolve("fairlead.yaml");
    ConfigResult result = ConfigLoader.parse(file, yaml, Map.of());
    if (!(result instanceof ConfigResult.Loaded loaded)) {
      throw new IllegalArgumentException(result.toString());
    }
    Gateway gateway = Gateway.start(loaded.config(), GatewayOptions.of(file, Map.of()));
    Eventually.holds("the gateway is ready", SOON, gateway::isReady);
    return gateway;
  }

  /** The transports that work on this machine. */
  static Stream<String> transports() {
    return Stream.of(Transport.values()).filter(Transport::isAvailable).map(Transport::label);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void callsAndWebSocketsPass(String transport) throws Exception {
    try (Gateway gateway = start("transport: " + transport)) {
      SocketAddress address = gateway.rpcAddress();
      assertEquals(UnixDomainSocketAddress.of(folder.resolve("fairlead.sock")), address);
      try (RawClient client = new RawClient(address);
          RawWebSocket socket = RawWebSocket.open(new RawClient(address), "/ethereum")) {
        Answer answer = client.call("/ethereum", CALL);
        assertEquals(200, answer.status());
        assertEquals("one", answer.header("x-fairlead-upstream"));
        assertEquals(200, client.call("/", CALL).status());
        socket.send(CALL);
        assertEquals(
            new ObjectMapper().readTree(answer.text()),
            new ObjectMapper().readTree(socket.readMessage()));
      }
    }
    assertFalse(Files.exists(folder.resolve("fairlead.sock")));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void clientStandsForThisMachineAndIsNotCounted(String transport) throws Exception {
    try (Gateway gateway = start("transport: " + transport)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(new RawClient(gateway.rpcAddress()));
      }
      for (RawClient client : clients) {
        Answer answer = client.call("/ethereum", CALL, "X-Fairlead-Explain: 1");
        assertEquals(200, answer.status());
        assertTrue(answer.header("x-fairlead-explain").startsWith("{"), answer::toString);
        client.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void explanationIsRefusedWhereLoopbackMayNotAsk(String transport) throws Exception {
    String listen = "explainFrom: [10.0.0.0/8], transport: " + transport;
    try (Gateway gateway = start(listen);
        RawClient client = new RawClient(gateway.rpcAddress())) {
      Answer answer = client.call("/ethereum", CALL, "X-Fairlead-Explain: 1");
      assertEquals(200, answer.status());
      assertEquals("", answer.header("x-fairlead-explain"));
    }
  }
}
