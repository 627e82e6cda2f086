package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fairlead.gateway.testing.JsonSuite;
import io.fairlead.gateway.testing.JsonSuite.Text;
import io.fairlead.gateway.testing.RequiresNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the scanner makes of the texts of JSONTestSuite, as parameters of a call and as a body. */
@RequiresNode
final class JsonSuiteTest {
  private static final String HEAD = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":";

  private final RequestTarget target = new RequestTarget();

  @Test
  void whatMustBeTakenIsPassedOnAsItIs() throws Exception {
    List<Text> texts = JsonSuite.texts("y_");
    assertTrue(texts.size() > 90, "texts: " + texts.size());
    for (Text text : texts) {
      byte[] body = call(text);
      JacksonView read = target.scan(body, body.length / 2);
      assertEquals(RequestFault.NONE, read.fault(), text.name());
      String params = " params " + HEAD.length() + "-" + (body.length - 1);
      assertTrue(read.calls().get(0).endsWith(params), text.name() + " " + read.calls());
    }
  }

  @Test
  void whatMustNotBeTakenIsRefusedAsNoJson() throws Exception {
    List<Text> texts = JsonSuite.texts("n_");
    assertTrue(texts.size() > 180, "texts: " + texts.size());
    for (Text text : texts) {
      byte[] body = text.bytes();
      RequestFault fault = target.scan(body, body.length / 2).fault();
      assertTrue(
          Set.of(RequestFault.NOT_JSON, RequestFault.TOO_DEEP).contains(fault),
          text.name() + " " + fault);
    }
  }

  @Test
  void anyTextIsReadAsJacksonReadsItAloneAndAsParameters() throws Exception {
    for (Text text : JsonSuite.texts("")) {
      target.take(text.bytes());
      target.take(call(text));
    }
  }

  private static byte[] call(Text text) {
    return (HEAD + "[" + text.json() + "]}").getBytes(StandardCharsets.UTF_8);
  }
}
