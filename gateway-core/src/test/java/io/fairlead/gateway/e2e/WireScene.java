package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RawClient.Answer;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** A gateway before one node that works, and the bytes of calls. */
final class WireScene implements AutoCloseable {
  static final String BALANCE = "\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]";
  private static final ObjectMapper JSON = new ObjectMapper();

  final StubNode node = new StubNode("node", 1);
  private final GatewayFixture gateway =
      GatewayFixture.start(
          String.format(
              Locale.ROOT,
              """
              chains:
                ethereum:
                  chainId: 1
                  methods: { allow: [anvil_nodeInfo] }
                  upstreams:
                    - { id: one, url: "%s", cloud: aws, region: a }
              """,
              node.uri()));

  InetSocketAddress rpc() {
    return gateway.rpcAddress();
  }

  RawClient client() {
    return gateway.client();
  }

  Answer call(String path, String body, String... fields) throws IOException {
    try (RawClient client = client()) {
      return client.call(path, body, fields);
    }
  }

  static String rpc(String id, String rest) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + rest + "}";
  }

  static JsonNode json(Answer answer) throws IOException {
    return JSON.readTree(answer.text());
  }

  @Override
  public void close() {
    gateway.close();
    node.close();
  }
}
