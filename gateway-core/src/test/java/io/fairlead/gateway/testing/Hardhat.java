package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * A real Ethereum node of another make than {@link Anvil}: one hardhat process with a chain of its
 * own, which mines each transaction at once. Its chain id is {@link Anvil#CHAIN_ID}.
 *
 * <p>Ownership: the test that starts it closes it, which kills the process by its id.
 */
public final class Hardhat implements AutoCloseable {
  private final NodeProcess node;

  private Hardhat(NodeProcess node) {
    this.node = node;
  }

  /**
   * Starts a node.
   *
   * @return a node that answers
   */
  public static Hardhat start() {
    try {
      Path tools = NodeTools.install();
      int port = Ports.unused();
      ProcessBuilder command =
          new ProcessBuilder(
                  List.of(
                      "node",
                      tools.resolve("node_modules/hardhat/internal/cli/bootstrap.js").toString(),
                      "node",
                      "--hostname",
                      "127.0.0.1",
                      "--port",
                      "" + port))
              .directory(tools.toFile());
      command.environment().put("HARDHAT_DISABLE_TELEMETRY_PROMPT", "true");
      return new Hardhat(NodeProcess.start("hardhat", command, port));
    } catch (IOException | NodeTools.Unavailable e) {
      throw new IllegalStateException("cannot start hardhat: " + e.getMessage(), e);
    }
  }

  /**
   * Where it listens.
   *
   * @return its URL
   */
  public URI uri() {
    return node.uri();
  }

  /**
   * Asks it directly.
   *
   * @param method the method
   * @param params its parameters, as Jackson can write them
   * @return the result
   */
  public JsonNode call(String method, Object... params) {
    return node.call(method, params);
  }

  /** Stops it as a crash would. */
  @Override
  public void close() {
    node.close();
  }
}
