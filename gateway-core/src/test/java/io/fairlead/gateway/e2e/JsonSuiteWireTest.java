package io.fairlead.gateway.e2e;

import static io.fairlead.gateway.e2e.WireScene.BALANCE;
import static io.fairlead.gateway.e2e.WireScene.json;
import static io.fairlead.gateway.e2e.WireScene.rpc;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.JsonSuite;
import io.fairlead.gateway.testing.JsonSuite.Text;
import io.fairlead.gateway.testing.RawClient;
import io.fairlead.gateway.testing.RequiresNode;
import io.fairlead.gateway.testing.StubServer.Request;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The texts of JSONTestSuite through a whole gateway, all on one connection. */
@RequiresNode
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JsonSuiteWireTest {
  private static final String METHOD = "anvil_nodeInfo";
  private static final Set<Integer> REFUSALS = Set.of(-32700, -32600);

  private final WireScene scene = new WireScene();

  @AfterAll
  void stop() {
    scene.close();
  }

  @Test
  void whatMustBeTakenReachesTheNodeByteForByte() throws Exception {
    List<Text> texts = JsonSuite.texts("y_");
    try (RawClient client = scene.client()) {
      for (Text text : texts) {
        String call = "\"method\":\"" + METHOD + "\",\"params\":" + params(text);
        RawClient.Answer answer = client.call("/ethereum", rpc("7", call));
        assertEquals("node", json(answer).path("result").asText(), text.name());
        List<Request> calls = scene.node.calls(METHOD);
        assertEquals(rpc("7", call), calls.get(calls.size() - 1).text(), text.name());
      }
    }
    assertEquals(texts.size(), scene.node.count(METHOD));
  }

  /** Parameters are a container; what is none becomes one's only member. */
  private static String params(Text text) {
    boolean isContainer = "[{".indexOf(text.json().strip().charAt(0)) >= 0;
    return isContainer ? text.json() : "[" + text.json() + "]";
  }

  @Test
  void whatMustNotBeTakenReachesNobodyAndTheConnectionLivesOn() throws Exception {
    try (RawClient client = scene.client()) {
      for (Text text : JsonSuite.texts("n_")) {
        long before = scene.node.organicCount();
        client.post("/ethereum", text.bytes());
        int code = json(client.read()).path("error").path("code").asInt();
        assertTrue(REFUSALS.contains(code), text.name() + ": " + code);
        assertEquals(before, scene.node.organicCount(), text.name());
        assertServed(client, text);
      }
    }
  }

  private static void assertServed(RawClient client, Text text) throws IOException {
    RawClient.Answer answer = client.call("/ethereum", rpc("1", BALANCE));
    assertEquals("node", json(answer).path("result").asText(), text.name());
  }
}
