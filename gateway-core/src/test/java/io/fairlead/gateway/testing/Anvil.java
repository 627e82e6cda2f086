package io.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A real Ethereum node: one anvil process with a chain of its own.
 *
 * <p>Ownership: the test that starts it closes it, which kills the process by its id.
 */
public final class Anvil implements AutoCloseable {
  /** The chain id unless another is asked for. */
  public static final long CHAIN_ID = 31337;

  /** Keys of the accounts that every anvil funds; known to everybody, worth nothing anywhere. */
  private static final List<String> KEYS =
      List.of(
          "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
          "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
          "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
          "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
          "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a");

  private final NodeProcess node;

  private Anvil(NodeProcess node) {
    this.node = node;
  }

  /**
   * A node that mines each transaction at once.
   *
   * @return a node that answers
   */
  public static Anvil start() {
    return start(CHAIN_ID);
  }

  /**
   * A node with options of its own.
   *
   * @param chainId the chain's id
   * @param options further options of anvil's command line, such as {@code --block-time 1}
   * @return a node that answers
   */
  public static Anvil start(long chainId, String... options) {
    try {
      int port = Ports.unused();
      List<String> command = new ArrayList<>();
      command.add(NodeTools.anvil().toString());
      command.addAll(List.of("--silent", "--host", "127.0.0.1", "--threads", "1"));
      command.addAll(List.of("--port", "" + port, "--chain-id", "" + chainId));
      command.addAll(List.of(options));
      return new Anvil(NodeProcess.start("anvil", new ProcessBuilder(command), port));
    } catch (IOException | NodeTools.Unavailable e) {
      throw new IllegalStateException("cannot start anvil: " + e.getMessage(), e);
    }
  }

  /**
   * The key of a funded account.
   *
   * @param account 0 to 4
   * @return the key in hexadecimal
   */
  public static String key(int account) {
    return KEYS.get(account);
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
   * Where it listens for WebSocket.
   *
   * @return its URL
   */
  public URI webSocketUri() {
    return URI.create("ws://127.0.0.1:" + node.uri().getPort());
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

  /**
   * Mines empty blocks at once.
   *
   * @param blocks how many
   */
  public void mine(int blocks) {
    call("anvil_mine", "0x" + Integer.toHexString(blocks));
  }

  /**
   * The newest block.
   *
   * @return its number
   */
  public long blockNumber() {
    return Long.decode(call("eth_blockNumber").asText());
  }

  /** Stops it as a crash would. */
  @Override
  public void close() {
    node.close();
  }
}
