package io.fairlead.gateway.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A plain JSON-RPC client over the JDK's HTTP client. Thread-safety: safe. */
public final class JsonRpcClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI uri;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * A client of one address.
   *
   * @param uri where calls go
   */
  public JsonRpcClient(URI uri) {
    this.uri = uri;
  }

  /**
   * Calls a method and expects a result.
   *
   * @param method the method
   * @param params its parameters, as Jackson can write them
   * @return the result
   */
  public JsonNode call(String method, Object... params) {
    HttpResponse<byte[]> response = post(body(method, params));
    JsonNode answer = parse(response.body());
    if (!answer.has("result")) {
      throw new IllegalStateException(
          method + " at " + uri + ": HTTP " + response.statusCode() + " " + answer);
    }
    return answer.get("result");
  }

  /**
   * Posts a body as it is.
   *
   * @param body the body
   * @return the whole answer
   */
  public HttpResponse<byte[]> post(byte[] body) {
    try {
      return send(body);
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + uri + ": " + e, e);
    }
  }

  /**
   * The body of a call with id 1.
   *
   * @param method the method
   * @param params its parameters, as Jackson can write them
   * @return the body
   */
  public static byte[] body(String method, Object... params) {
    return write(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(params)));
  }

  static byte[] write(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value, e);
    }
  }

  static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException(
          "not JSON: '" + new String(body, StandardCharsets.UTF_8) + "'", e);
    }
  }

  boolean isAnswering() {
    try {
      return send(body("eth_chainId")).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  HttpResponse<byte[]> send(byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
