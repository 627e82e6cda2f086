package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A plain JSON-RPC client over one WebSocket connection of the JDK.
 *
 * <p>Thread-safety: safe; notifications come one after the other.
 */
public final class WebSocketClient implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 30;

  private final WebSocket socket;
  private final Consumer<JsonNode> notified;
  private final AtomicLong ids = new AtomicLong();
  private final Map<String, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
  private final Queue<CompletableFuture<String>> next = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();

  /**
   * How the server ended the connection.
   *
   * @param code the close code; 1006 if it ended without one
   * @param reason the reason that came with it
   */
  public record Ending(int code, String reason) {}

  /**
   * A client with an open connection.
   *
   * @param http opens it
   * @param uri where to
   * @param notified hears the {@code params} of each notification
   */
  public WebSocketClient(HttpClient http, URI uri, Consumer<JsonNode> notified) {
    this.notified = notified;
    this.socket =
        await(
            http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(TIMEOUT_SECONDS))
                .buildAsync(uri, new Reader()));
  }

  /**
   * Calls a method and expects a result.
   *
   * @param method the method
   * @param params its parameters, as Jackson can write them
   * @return the result
   */
  public JsonNode call(String method, Object... params) {
    JsonNode answer = ask(method, params);
    if (!answer.has("result")) {
      throw new IllegalStateException(method + ": " + answer);
    }
    return answer.get("result");
  }

  /**
   * Calls a method.
   *
   * @param method the method
   * @param params its parameters, as Jackson can write them
   * @return the whole answer
   */
  public JsonNode ask(String method, Object... params) {
    long id = ids.incrementAndGet();
    byte[] body =
        JsonRpcClient.write(
            Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", List.of(params)));
    String answer = await(send("" + id, new String(body, StandardCharsets.UTF_8)));
    return JsonRpcClient.parse(answer.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a call as it is.
   *
   * @param id the call's id as JSON text
   * @param text the call
   * @return the answer's text
   */
  public CompletableFuture<String> send(String id, String text) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    synchronized (socket) {
      await(socket.sendText(text, true));
    }
    return answer;
  }

  /**
   * Sends a message as it is, with no other call under way.
   *
   * @param text the message
   * @return the next message that is no notification
   */
  public CompletableFuture<String> exchange(String text) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    next.add(answer);
    synchronized (socket) {
      await(socket.sendText(text, true));
    }
    return answer;
  }

  /**
   * Subscribes.
   *
   * @param params the kind, and what else it takes
   * @return the subscription's id
   */
  public String subscribe(Object... params) {
    return call("eth_subscribe", params).asText();
  }

  /**
   * How the connection ended.
   *
   * @return done when it did
   */
  public CompletableFuture<Ending> ending() {
    return ending;
  }

  @Override
  public void close() {
    socket.abort();
  }

  /**
   * Waits for something that takes moments.
   *
   * @param stage what to wait for
   * @return its value
   */
  public static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
  }

  private void onMessage(String text) {
    JsonNode message = JsonRpcClient.parse(text.getBytes(StandardCharsets.UTF_8));
    if (message.path("method").asText().equals("eth_subscription")) {
      notified.accept(message.get("params"));
      return;
    }
    CompletableFuture<String> answer = waiting.remove(String.valueOf(message.get("id")));
    answer = answer == null ? next.poll() : answer;
    if (answer != null) {
      answer.complete(text);
    }
  }

  /** Puts messages together. */
  private final class Reader implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      message.append(part);
      if (isLast) {
        String whole = message.toString();
        message.setLength(0);
        onMessage(whole);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      ending.complete(new Ending(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      ending.complete(new Ending(1006, String.valueOf(error)));
    }
  }
}
