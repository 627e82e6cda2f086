package io.fairlead.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fairlead.gateway.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client over WebSocket that keeps every message it gets, by the JDK's own implementation. */
final class PushClient implements AutoCloseable, WebSocket.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  final List<JsonNode> received = new CopyOnWriteArrayList<>();
  volatile int closeCode;
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;
  private int nextId = 1;

  /**
   * An open connection.
   *
   * @param http the gateway's URL for calls
   */
  PushClient(URI http) {
    URI ws = URI.create("ws" + http.toString().substring("http".length()));
    socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(ws, this).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      received.add(parse(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
    closeCode = statusCode;
    return null;
  }

  /** Sends a call and waits for its answer. */
  JsonNode call(String method, String params) {
    int id = nextId++;
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\""
            + method
            + "\",\"params\":"
            + params
            + "}");
    Eventually.holds("an answer to " + method, LIMIT, () -> answer(id) != null);
    JsonNode answer = answer(id);
    return answer == null ? MissingNode.getInstance() : answer;
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  /** Subscribes and gives the id. */
  String subscribe(String params) {
    JsonNode answer = call("eth_subscribe", params);
    if (!answer.has("result")) {
      throw new AssertionError("refused: " + answer);
    }
    return answer.get("result").asText();
  }

  private @Nullable JsonNode answer(int id) {
    return received.stream()
        .filter(message -> message.path("id").asInt() == id)
        .findFirst()
        .orElse(null);
  }

  /** What a subscription was told so far. */
  List<JsonNode> told(String id) {
    List<JsonNode> results = new ArrayList<>();
    for (JsonNode message : received) {
      if (message.path("params").path("subscription").asText().equals(id)) {
        results.add(message.path("params").path("result"));
      }
    }
    return results;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
