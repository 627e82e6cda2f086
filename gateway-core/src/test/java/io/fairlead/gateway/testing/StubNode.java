package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.gateway.testing.StubServer.Reply;
import io.fairlead.gateway.testing.StubServer.Request;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A node that says what a test tells it to say: chain id and head for probes, and anything else by
 * method. Methods that nobody scripted are answered with the node's name.
 *
 * <p>Thread-safety: safe.
 */
public final class StubNode implements AutoCloseable {
  private static final String HASH = "0x%064x";
  private static final List<String> PROBE_METHODS =
      List.of(
          "eth_chainId", "eth_syncing", "eth_getBlockByNumber", "eth_blockNumber", "net_version");

  private final String name;
  private final long chainId;
  private final StubServer server = new StubServer(this::handle);
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<Request> calls = new CopyOnWriteArrayList<>();
  private volatile long headBlocks = 100;

  /** Answers calls of one method. */
  @FunctionalInterface
  public interface Script {
    /**
     * Answers one call, or not at all.
     *
     * @param call the call
     * @param reply where the answer goes
     * @throws IOException closes the connection
     */
    void answer(Call call, Reply reply) throws IOException;
  }

  /**
   * A call as the node got it.
   *
   * @param request the HTTP request
   * @param json its body, parsed
   */
  public record Call(Request request, JsonNode json) {
    /**
     * A JSON-RPC answer to this call.
     *
     * @param result the result, as JSON text
     * @return the answer, as JSON text
     */
    public String result(String result) {
      return "{\"jsonrpc\":\"2.0\",\"id\":" + json.get("id") + ",\"result\":" + result + "}";
    }

    /**
     * A JSON-RPC error to this call.
     *
     * @param error the error object, as JSON text
     * @return the answer, as JSON text
     */
    public String error(String error) {
      return "{\"jsonrpc\":\"2.0\",\"id\":" + json.get("id") + ",\"error\":" + error + "}";
    }
  }

  /**
   * A node of a chain, at block 100.
   *
   * @param name what it answers
   * @param chainId its chain's id
   */
  public StubNode(String name, long chainId) {
    this.name = name;
    this.chainId = chainId;
  }

  /**
   * Where it listens.
   *
   * @return its URL, without a path
   */
  public URI uri() {
    return server.uri();
  }

  /**
   * Scripts a method.
   *
   * @param method the method
   * @param script what to do from now on
   */
  public void on(String method, Script script) {
    scripts.put(method, script);
  }

  /**
   * Moves its head.
   *
   * @param blocks the newest block's number
   */
  public void head(long blocks) {
    headBlocks = blocks;
  }

  /**
   * Calls for a method.
   *
   * @param method the method
   * @return how many came so far
   */
  public long count(String method) {
    return calls(method).size();
  }

  /**
   * Requests for a method.
   *
   * @param method the method
   * @return the requests so far, in order
   */
  public List<Request> calls(String method) {
    return calls.stream().filter(r -> methodOf(r).equals(method)).toList();
  }

  /**
   * Calls that no probe makes.
   *
   * @return how many came so far
   */
  public long organicCount() {
    return calls.stream().filter(r -> !PROBE_METHODS.contains(methodOf(r))).count();
  }

  /** Ends as a process does: nobody listens. */
  public void refuse() {
    server.refuse();
  }

  /** Begins again. */
  public void listen() {
    server.listen();
  }

  @Override
  public void close() {
    server.close();
  }

  private static String methodOf(Request request) {
    return JsonRpcClient.parse(request.body()).path("method").asText();
  }

  private void handle(Request request, Reply reply) throws IOException {
    calls.add(request);
    Call call = new Call(request, JsonRpcClient.parse(request.body()));
    String method = call.json.path("method").asText();
    Script script = scripts.get(method);
    if (script != null) {
      script.answer(call, reply);
    } else {
      reply.json(call.result(resultOf(method)));
    }
  }

  private String resultOf(String method) {
    return switch (method) {
      case "eth_chainId" -> quote(hex(chainId));
      case "net_version" -> quote("" + chainId);
      case "eth_syncing" -> "false";
      case "eth_blockNumber" -> quote(hex(headBlocks));
      case "eth_getBlockByNumber" -> block();
      default -> quote(name);
    };
  }

  private String block() {
    return String.format(
        Locale.ROOT,
        "{\"number\":%s,\"hash\":%s,\"parentHash\":%s,\"timestamp\":\"0x7fffffff\"}",
        quote(hex(headBlocks)),
        quote(String.format(Locale.ROOT, HASH, headBlocks)),
        quote(String.format(Locale.ROOT, HASH, headBlocks - 1)));
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  private static String quote(String text) {
    return '"' + text + '"';
  }
}
