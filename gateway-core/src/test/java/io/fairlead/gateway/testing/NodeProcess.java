package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** The process of a real node on a port of its own. Ownership: whoever starts it closes it. */
final class NodeProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final String name;
  private final Process process;
  private final URI uri;
  private final JsonRpcClient client;

  private NodeProcess(String name, Process process, URI uri) {
    this.name = name;
    this.process = process;
    this.uri = uri;
    this.client = new JsonRpcClient(uri);
  }

  static NodeProcess start(String name, ProcessBuilder command, int port) {
    try {
      Process process =
          Children.start(
              command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD));
      NodeProcess node = new NodeProcess(name, process, URI.create("http://127.0.0.1:" + port));
      Eventually.holds(name + " answers on port " + port, START, node::isAnswering);
      return node;
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  URI uri() {
    return uri;
  }

  JsonNode call(String method, Object... params) {
    return client.call(method, params);
  }

  private boolean isAnswering() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended with status " + process.exitValue());
    }
    return client.isAnswering();
  }

  /** Stops it as a crash would. */
  @Override
  public void close() {
    Children.kill(process);
  }
}
