package io.fairlead.gateway.demo.world;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fairlead.routing.MethodClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC as an EVM node speaks it, over the simulated chain: parses a body, answers each call of
 * it, and echoes ids byte for byte.
 *
 * <p>Thread-safety: safe.
 */
final class EvmAnswers {
  private static final ObjectMapper MAPPER = new ObjectMapper(new JsonFactory());
  private static final int MAX_LOG_BLOCKS = 2_000;
  private static final String CLIENT_VERSION = "\"Simulated/v1.0.0/java\"";

  private final SimulatedChain chain;

  EvmAnswers(SimulatedChain chain) {
    this.chain = chain;
  }

  /** One call of a body. A null id is a notification's; a null method is no call at all. */
  record Call(@Nullable String id, @Nullable String method, JsonNode params) {}

  /** The calls of a body, and whether they came as a batch. */
  record Request(boolean isBatch, List<Call> calls) {
    /** The classes of work that it asks for. */
    List<MethodClass> work() {
      return calls.stream().map(call -> classOf(call.method())).toList();
    }
  }

  /** An error of the node, to be told to the client. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    Refused(int code, String message) {
      super(message, null, false, false);
      this.code = code;
    }
  }

  /** The calls of a body; null when it is not JSON. */
  @Nullable Request parse(byte[] body) {
    try (JsonParser parser = MAPPER.createParser(body)) {
      List<Call> calls = new ArrayList<>(1);
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          calls.add(readCall(parser, body));
        }
        return new Request(true, calls);
      }
      if (first == null) {
        return null;
      }
      calls.add(readCall(parser, body));
      return parser.nextToken() == null ? new Request(false, calls) : null;
    } catch (JsonProcessingException notJson) {
      return null;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** What the node answers when it knows the chain up to {@code head}; empty for notifications. */
  byte[] answer(@Nullable Request request, long head) {
    if (request == null) {
      return SimulatedChain.bytes(error("null", -32700, "parse error"));
    }
    List<String> answers = new ArrayList<>(request.calls().size());
    for (Call call : request.calls()) {
      if (call.method() == null) {
        answers.add(error(call.id() == null ? "null" : call.id(), -32600, "invalid request"));
      } else if (call.id() != null) {
        answers.add(answer(call.id(), call.method(), call.params(), head));
      }
    }
    if (request.isBatch() && !answers.isEmpty()) {
      return SimulatedChain.bytes('[' + String.join(",", answers) + ']');
    }
    return SimulatedChain.bytes(String.join("", answers));
  }

  /** The class of work that a method is. */
  static MethodClass classOf(@Nullable String method) {
    if (method == null) {
      return MethodClass.LIGHT;
    }
    return switch (method) {
      case "eth_getBalance", "eth_call", "eth_getBlockByNumber", "eth_getBlockByHash" ->
          MethodClass.READ;
      case "eth_getLogs" -> MethodClass.LOGS;
      case "debug_traceBlockByNumber" -> MethodClass.TRACE;
      case "eth_sendRawTransaction" -> MethodClass.WRITE;
      default -> MethodClass.LIGHT;
    };
  }

  private static Call readCall(JsonParser parser, byte[] body) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return new Call(null, null, MissingNode.getInstance());
    }
    String id = null;
    String method = null;
    JsonNode params = MissingNode.getInstance();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "id" -> id = rawValue(parser, body);
        case "method" -> method = parser.getValueAsString();
        case "params" -> params = MAPPER.readTree(parser);
        default -> parser.skipChildren();
      }
    }
    return new Call(id, method, params);
  }

  /** The bytes of the value that the parser stands at. */
  private static String rawValue(JsonParser parser, byte[] body) throws IOException {
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(body, start, end - start, StandardCharsets.UTF_8);
  }

  private String answer(String id, String method, JsonNode params, long head) {
    try {
      return "{\"jsonrpc\":\"2.0\",\"id\":"
          + id
          + ",\"result\":"
          + result(method, params, head)
          + '}';
    } catch (Refused refused) {
      return error(id, refused.code, String.valueOf(refused.getMessage()));
    }
  }

  private static String error(String id, int code, String message) {
    String text = new String(JsonStringEncoder.getInstance().quoteAsString(message));
    return new JsonObject()
        .text("jsonrpc", "2.0")
        .raw("id", id)
        .raw("error", new JsonObject().raw("code", "" + code).text("message", text).toString())
        .toString();
  }

  private String result(String method, JsonNode params, long head) {
    return switch (method) {
      case "eth_chainId" -> SimulatedChain.quoted(chain.chainId());
      case "net_version" -> "\"" + chain.chainId() + '"';
      case "eth_blockNumber" -> SimulatedChain.quoted(head);
      case "eth_syncing" -> "false";
      case "web3_clientVersion" -> CLIENT_VERSION;
      case "eth_gasPrice" -> chain.gasPrice(head);
      case "eth_getBlockByNumber" -> {
        long number = number(params.path(0), head);
        yield number > head ? "null" : chain.block(number, params.path(1).asBoolean());
      }
      case "eth_getBlockTransactionCountByNumber" ->
          number(params.path(0), head) > head ? "null" : chain.transactionCount();
      case "eth_getTransactionByBlockNumberAndIndex" -> {
        long number = number(params.path(0), head);
        int index = (int) quantity(text(params.path(1)));
        yield number > head ? "null" : chain.transaction(number, index);
      }
      case "debug_traceBlockByNumber" -> chain.trace(stateAt(params.path(0), head));
      case "eth_getBlockByHash" -> {
        long number = chain.blockNumber(text(params.path(0)));
        boolean isKnown = number >= 0 && number <= head;
        yield isKnown ? chain.block(number, params.path(1).asBoolean()) : "null";
      }
      case "eth_getBalance" -> chain.balance(text(params.path(0)), stateAt(params.path(1), head));
      case "eth_call" ->
          chain.call(
              text(params.path(0).path("to")),
              params.path(0).path("data").asText(params.path(0).path("input").asText("0x")),
              stateAt(params.path(1), head));
      case "eth_getLogs" -> logs(params.path(0), head);
      case "eth_getTransactionReceipt" -> chain.receipt(text(params.path(0)), head);
      case "eth_sendRawTransaction" -> send(text(params.path(0)));
      default ->
          throw new Refused(-32601, "the method " + method + " does not exist/is not available");
    };
  }

  private String logs(JsonNode filter, long head) {
    long from;
    long to;
    if (filter.has("blockHash")) {
      from = chain.blockNumber(filter.path("blockHash").asText());
      to = from;
      if (from < 0 || from > head) {
        throw new Refused(-32000, "unknown block");
      }
    } else {
      from = number(filter.path("fromBlock"), head);
      to = Math.min(head, number(filter.path("toBlock"), head));
    }
    if (to - from >= MAX_LOG_BLOCKS) {
      throw new Refused(-32602, "block range is too wide, maximum is " + MAX_LOG_BLOCKS);
    }
    JsonNode address = filter.path("address");
    JsonNode one = address.isArray() ? address.path(0) : address;
    return chain.logs(from, to, one.isTextual() ? one.asText() : null);
  }

  private String send(String raw) {
    String hash;
    try {
      hash = SimulatedChain.rawTransactionHash(raw);
    } catch (IllegalArgumentException notHex) {
      throw new Refused(-32602, "rlp: " + notHex.getMessage());
    }
    if (!chain.submit(raw)) {
      throw new Refused(-32000, "already known");
    }
    return '"' + hash + '"';
  }

  private long stateAt(JsonNode block, long head) {
    long number =
        block.has("blockHash")
            ? chain.blockNumber(block.path("blockHash").asText())
            : number(block.has("blockNumber") ? block.path("blockNumber") : block, head);
    if (number < 0 || number > head) {
      throw new Refused(-32000, "header not found");
    }
    return number;
  }

  private static long number(JsonNode block, long head) {
    String text = block.asText("latest");
    return switch (text) {
      case "latest", "pending", "null", "" -> head;
      case "safe" -> head - 32;
      case "finalized" -> head - 64;
      case "earliest" -> 0;
      default -> quantity(text);
    };
  }

  private static long quantity(String text) {
    try {
      return Long.parseLong(text, 2, text.length(), 16);
    } catch (NumberFormatException | IndexOutOfBoundsException notHex) {
      throw new Refused(-32602, "invalid argument: hex string expected");
    }
  }

  private static String text(JsonNode parameter) {
    if (!parameter.isTextual()) {
      throw new Refused(-32602, "missing value for required argument");
    }
    return parameter.asText();
  }
}
