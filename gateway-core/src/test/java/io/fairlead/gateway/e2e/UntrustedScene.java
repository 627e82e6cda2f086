package io.fairlead.gateway.e2e;

import io.fairlead.admin.v1.Event;
import io.fairlead.admin.v1.ListEventsRequest;
import io.fairlead.admin.v1.Upstream.Freshness;
import io.fairlead.admin.v1.Upstream.Health;
import io.fairlead.gateway.testing.Eventually;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A gateway before nodes of which some are not to be trusted; each stands in a cloud of its own.
 */
final class UntrustedScene implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Map<String, StubNode> nodes = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();
  private @Nullable GatewayFixture gateway;
  private @Nullable Admin admin;

  /** Adds a node; those of a lower tier are asked first. */
  StubNode add(String id, String kind, int tier) {
    StubNode node = new StubNode(id, 1);
    nodes.put(id, node);
    lines.add(
        String.format(
            Locale.ROOT,
            "      - { id: %s, url: \"%s\", cloud: of-%s, kind: %s, tier: %d }",
            id,
            node.uri(),
            id,
            kind,
            tier));
    return node;
  }

  StubNode community(String id, int tier) {
    return add(id, "community", tier);
  }

  StubNode trusted(String id, int tier) {
    return add(id, "bare-metal", tier);
  }

  /** Starts the gateway and waits until every node is known to be at the head. */
  UntrustedScene start(String verify) {
    GatewayFixture started =
        GatewayFixture.start(
            String.format(
                Locale.ROOT,
                """
                cache: off
                chains:
                  ethereum:
                    chainId: 1
                    verify: %s
                    upstreams:
                %s
                """,
                verify,
                String.join("\n", lines)));
    gateway = started;
    Admin own = started.admin();
    admin = own;
    for (String id : nodes.keySet()) {
      Eventually.holds(
          id + " is at the head", SOON, () -> own.upstream(id).getFreshness() == Freshness.CURRENT);
    }
    return this;
  }

  /** Has a node answer a method with a result, whatever is asked. */
  static void says(StubNode node, String method, String result) {
    node.on(method, (call, reply) -> reply.json(call.result(result)));
  }

  Answer call(String method, String params) throws IOException {
    try (RawClient client = client()) {
      return client.call(
          "/ethereum",
          "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}");
    }
  }

  String result(String method, String params) throws IOException {
    return WireScene.json(call(method, params)).path("result").asText();
  }

  /** The bytes of an answer up to the end of the connection, whole or not. */
  String whateverArrives(String method, String params) throws IOException {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + params + "}";
    URI uri = Objects.requireNonNull(gateway).rpc("/ethereum");
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String head =
          "POST /ethereum HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Connection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  List<Event> lies() {
    return Objects.requireNonNull(admin)
        .calls()
        .listEvents(ListEventsRequest.getDefaultInstance())
        .getEventsList()
        .stream()
        .filter(event -> event.getKind().equals("lied"))
        .toList();
  }

  void awaitOut(String id) {
    Eventually.holds(
        () -> id + " is out; lies: " + lies(),
        SOON,
        () -> Objects.requireNonNull(admin).upstream(id).getHealth() == Health.EJECTED);
  }

  /** How often a verification ended in a certain way. */
  long verifications(String result) {
    String begin = "fairlead_verifications_total{chain=\"ethereum\",result=\"" + result + "\",} ";
    return Objects.requireNonNull(gateway)
        .ops("/metrics")
        .lines()
        .filter(line -> line.startsWith(begin))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(begin.length())))
        .sum();
  }

  RawClient client() {
    return Objects.requireNonNull(gateway).client();
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close();
    }
    if (gateway != null) {
      gateway.close();
    }
    nodes.values().forEach(StubNode::close);
  }
}
