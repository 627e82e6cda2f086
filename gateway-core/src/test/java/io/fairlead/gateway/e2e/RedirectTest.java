package io.fairlead.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.StubNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream does not send the gateway elsewhere. */
final class RedirectTest {
  private static final String BALANCE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1\",\"latest\"]}";

  private static final String ERROR =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32000,\"message\":\"0xbad\"}}";

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 307, 308})
  void aRedirectIsAFailureOfTheUpstreamAndNotFollowed(int status) throws IOException {
    try (StubNode node = new StubNode("node", 1);
        StubNode elsewhere = new StubNode("elsewhere", 1);
        GatewayFixture gateway =
            GatewayFixture.start(
                String.format(
                    Locale.ROOT,
                    "chains: { ethereum: { chainId: 1, upstreams: [ { id: one, url: \"%s\" } ] } }",
                    node.uri()));
        RawClient client = gateway.client()) {
      long before = elsewhere.count("eth_getBalance");
      for (String body : new String[] {"<html>moved</html>", result("\"0xbad\""), ERROR}) {
        node.on(
            "eth_getBalance",
            (call, reply) ->
                reply.send(
                    status,
                    Map.of("Location", elsewhere.uri().toString()),
                    body.getBytes(StandardCharsets.US_ASCII)));
        RawClient.Answer answer = client.call("/ethereum", BALANCE);
        assertTrue(answer.text().contains("\"error\""), answer.text());
        assertFalse(answer.text().contains("0xbad"), answer.text());
        assertFalse(
            answer.headers().toString().toLowerCase(Locale.ROOT).contains("location"),
            () -> answer.headers().toString());
      }
      assertEquals(before, elsewhere.count("eth_getBalance"));
    }
  }

  private static String result(String value) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + value + "}";
  }
}
