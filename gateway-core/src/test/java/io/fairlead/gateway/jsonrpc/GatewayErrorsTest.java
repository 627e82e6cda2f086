package io.fairlead.gateway.jsonrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GatewayErrorsTest {
  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  private static String text(ByteBuf answer) {
    try {
      return answer.toString(StandardCharsets.UTF_8);
    } finally {
      answer.release();
    }
  }

  @Test
  void anErrorCarriesTheClientsIdByteForByte() {
    Calls call = Calls.scan("{\"id\" : \"\\u0061\\n\u00e9\",\"method\":\"m\"}");
    assertEquals(
        "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0061\\n"
            + "\u00e9\",\"error\":{\"code\":-32601,\"message\":\"no\"}}",
        text(
            GatewayErrors.error(
                ALLOCATOR, GatewayErrors.METHOD_NOT_OFFERED, "no", call.body(), call.spans())));
  }

  @Test
  void withoutAnIdTheAnswersIsNull() {
    Calls call = Calls.scan("{\"id\":[],\"method\":\"m\"}");
    String expected =
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"bad\"}}";
    assertEquals(
        expected, text(GatewayErrors.error(ALLOCATOR, -32600, "bad", call.body(), call.spans())));
    assertEquals(expected, text(GatewayErrors.error(ALLOCATOR, -32600, "bad")));
  }

  @Test
  void anyMessageIsJson() throws JsonProcessingException {
    String message = "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u00e9\ud83d\ude00</script>";
    JsonNode answer =
        new ObjectMapper().readTree(text(GatewayErrors.error(ALLOCATOR, -32005, message)));
    assertEquals(message, answer.get("error").get("message").asText());
  }

  @Test
  void aLocalResultCarriesTheClientsId() {
    Calls call = Calls.scan("{\"id\":9007199254740993,\"method\":\"eth_chainId\"}");
    assertEquals(
        "{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"result\":\"0x1\"}",
        text(GatewayErrors.result(ALLOCATOR, "\"0x1\"", call.body(), call.spans())));
  }

  @Test
  void limitsAndOutagesHaveHttpStatuses() {
    assertEquals(429, GatewayErrors.httpStatus(GatewayErrors.LIMIT_EXCEEDED));
    assertEquals(503, GatewayErrors.httpStatus(GatewayErrors.UNAVAILABLE));
    assertEquals(504, GatewayErrors.httpStatus(GatewayErrors.TIMED_OUT));
    assertEquals(200, GatewayErrors.httpStatus(GatewayErrors.NOT_JSON));
    assertEquals(200, GatewayErrors.httpStatus(GatewayErrors.METHOD_NOT_OFFERED));
  }
}
